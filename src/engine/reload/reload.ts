/** Reload on save: decides which files are watched, when the app restarts, and which pages reload. */
import path from 'node:path';
import type { ReloadConfig } from '../../protocol/config.ts';
import { NO_FILE, sizeIn } from '../../wire/file-stamp.ts';
import { ReloadEvents } from '../http/pages/reload-events.ts';
import { type Change, FileWatcher } from './file-watcher.ts';
import { OwnWrites } from './own-writes.ts';
import { Reloader, type ReloadTarget } from './reloader.ts';
import { RepeatedWrites } from './repeated-writes.ts';
import { isWatched } from './watched-files.ts';

interface ReloadOptions {
  config: ReloadConfig;
  /** Absolute path of the app's folder. */
  root: string;
  /** Absolute path of the app. */
  entry: string;
  /**
   * Files that belong to the app although it does not load them, such as its `.env`: absolute paths, which need not
   * exist.
   */
  files: readonly string[];
  target: ReloadTarget;
  /** Writes a message for a person to the log. */
  say(level: 'info' | 'warn', text: string): void;
}

/** At most this many loaded files are remembered; more are the data of a busy app. */
const MAX_FILES = 50_000;

export class Reload {
  readonly pages = new ReloadEvents();
  #options: ReloadOptions;
  #config: ReloadConfig;
  #reloader: Reloader;
  #watcher: FileWatcher | undefined;
  /** All loaded files with their generation and stamp; kept in case watching is turned on later. */
  #loaded = new Map<string, { generation: number | undefined; stamp: string | undefined }>();
  #own = new OwnWrites();
  #repeated = new RepeatedWrites();
  #saidOwn = false;
  #saidLimited = false;

  constructor(options: ReloadOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#reloader = new Reloader(options.config, options.target);
    for (const file of options.files) this.#loaded.set(file, { generation: undefined, stamp: undefined });
    this.#watch();
  }

  get config(): ReloadConfig {
    return this.#config;
  }

  /** Workers with changed code start. */
  get starting(): boolean {
    return this.#reloader.starting;
  }

  configure(config: ReloadConfig): void {
    this.#config = config;
    this.#reloader.configure(config);
    this.#watch();
  }

  /**
   * The app loaded these files, or looked for them in vain.
   * @param stamps of the files as they were loaded, in the same order; see wire/file-stamp.ts
   */
  loaded(files: readonly string[], stamps: readonly string[], generation: number): void {
    const { root, entry } = this.#options;
    for (const [at, file] of files.entries()) {
      const before = this.#loaded.get(file);
      // The workers of a generation load the same file one after another; the oldest code counts.
      if (before !== undefined && (before.generation ?? generation) >= generation) continue;
      if (!path.isAbsolute(file) || !isWatched(file, root, entry)) continue;
      if (before === undefined && this.#loaded.size >= MAX_FILES) continue;
      const stamp = stamps[at];
      this.#loaded.set(file, { generation, stamp });
      this.#watcher?.add(file, stamp, generation);
    }
  }

  /** A worker exited before its app listened. A save that it has seen may not have been reported here yet. */
  exitedEarly(generation: number): void {
    const loaded = [...this.#loaded].filter(([, by]) => by.generation === generation);
    this.#watcher?.lookAgain(loaded.map(([file]) => file));
  }

  /** The app is about to write these files itself: real absolute paths. */
  wrote(files: readonly string[]): void {
    for (const file of files) {
      this.#own.wrote(file, performance.now());
      if (this.#reloader.dismiss(file)) this.#sayOwn(file);
    }
  }

  /** Restarts the app although nothing has changed. */
  restart(): void {
    this.#reloader.restart();
  }

  generation(outcome: 'accepted' | 'failed', generation: number): void {
    if (outcome === 'failed') this.#reloader.failed(generation);
    else {
      this.#reloader.accepted(generation);
      this.pages.renewed(generation);
    }
    if (!this.#reloader.starting) this.#repeated.clear();
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
      this.#watcher = this.#createWatcher();
      for (const [file, { stamp, generation }] of this.#loaded) this.#watcher.add(file, stamp, generation);
    }
    this.#watcher.setGlobs(watch);
  }

  #createWatcher(): FileWatcher {
    return new FileWatcher(this.#options.root, {
      isOwn: (file) => this.#own.isOwn(file, performance.now()),
      changed: (change) => this.#changed(change),
      looking: (busy) => this.#reloader.looking(busy),
      adding: (busy) => this.#reloader.adding(busy),
      limited: () => this.#sayLimited(),
    });
  }

  #changed(change: Change): void {
    const { file } = change;
    if (this.#own.isOwn(file, performance.now())) {
      this.#sayOwn(file);
      return;
    }
    const isStarting = this.#reloader.starting;
    if (this.#reloader.changed(change) && isStarting) void this.#dismissRepeated(file);
  }

  async #dismissRepeated(file: string): Promise<void> {
    const stamp = this.#loaded.get(file)?.stamp;
    if (await this.#repeated.isRepeated(file, sizeIn(stamp ?? NO_FILE))) this.#reloader.dismiss(file);
  }

  #sayOwn(file: string): void {
    if (this.#saidOwn) return;
    this.#saidOwn = true;
    const name = path.relative(this.#options.root, file);
    const text = `The app writes ${name}, a file that it also loads. Its own writes do not restart it.`;
    this.#options.say('info', text);
  }

  #sayLimited(): void {
    if (this.#saidLimited) return;
    this.#saidLimited = true;
    const text =
      'The system has no file watches left, so files are checked a few times per second. ' +
      'On Linux, raise fs.inotify.max_user_watches and fs.inotify.max_user_instances.';
    this.#options.say('warn', text);
  }
}
