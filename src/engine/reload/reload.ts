/** Reload on save: what is watched, when the app is started anew, and which pages are told. */
import path from 'node:path';
import type { ReloadConfig } from '../../protocol/config.ts';
import { FileWatcher } from './file-watcher.ts';
import { Pages } from './pages.ts';
import { Reloader, type ReloadTarget } from './reloader.ts';
import { isWatched } from './watched-files.ts';

export interface ReloadOptions {
  config: ReloadConfig;
  /** Absolute path of the app's folder. */
  root: string;
  /** Absolute path of the app. */
  entry: string;
  /** Files beside the app's own that it is made of, such as its `.env`: absolute paths, which need not exist. */
  files: readonly string[];
  target: ReloadTarget;
}

export class Reload {
  readonly pages = new Pages();
  #options: ReloadOptions;
  #config: ReloadConfig;
  #reloader: Reloader;
  #watcher: FileWatcher | undefined;
  /** All that was loaded, by which generation, and when it was first; also for when watching is switched on later. */
  #loaded = new Map<string, { generation: number; at: number }>();

  constructor(options: ReloadOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#reloader = new Reloader(options.config, options.target);
    const now = Date.now();
    for (const file of options.files) this.#loaded.set(file, { generation: 0, at: now });
    this.#watch();
  }

  get config(): ReloadConfig {
    return this.#config;
  }

  configure(config: ReloadConfig): void {
    this.#config = config;
    this.#reloader.configure(config);
    this.#watch();
  }

  /**
   * The app loaded these files, or looked for them in vain.
   * @param at ms since the epoch
   */
  loaded(files: readonly string[], at: number, generation: number): void {
    const { root, entry } = this.#options;
    for (const file of files) {
      const before = this.#loaded.get(file);
      // The workers of a generation load the same file one after the other; what counts is the oldest code.
      if (before !== undefined && before.generation >= generation) continue;
      if (!path.isAbsolute(file) || !isWatched(file, root, entry)) continue;
      this.#loaded.set(file, { generation, at });
      this.#watcher?.add(file, at);
    }
  }

  /** Starts the app anew although nothing changed. */
  restart(): void {
    this.#reloader.restart();
  }

  generation(outcome: 'accepted' | 'failed', generation: number): void {
    if (outcome === 'failed') this.#reloader.failed(generation);
    else {
      this.#reloader.accepted(generation);
      this.pages.renewed(generation);
    }
  }

  close(): void {
    this.#reloader.close();
    this.#watcher?.close();
  }

  #watch(): void {
    const { enabled, watch } = this.#config;
    if (!enabled) {
      this.#watcher?.close();
      this.#watcher = undefined;
      return;
    }
    if (this.#watcher === undefined) {
      this.#watcher = new FileWatcher(this.#options.root, (file) => this.#reloader.changed(file));
      for (const [file, { at }] of this.#loaded) this.#watcher.add(file, at);
    }
    this.#watcher.setGlobs(watch);
  }
}
