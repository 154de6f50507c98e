/**
 * From changed files to new code being served: requests wait from the first change on, and go to workers that were
 * started after the last. What they wait for is bounded.
 */
import { createHash } from 'node:crypto';
import type { LateAnswer, ReloadConfig } from '../../protocol/config.ts';
import { MAX_LISTED_FILES, type ReloadReport } from '../../protocol/messages.ts';
import { contentOf } from './file-watcher.ts';
import { Settling } from './settling.ts';

export interface ReloadTarget {
  /** From now on no worker gets a request. */
  hold(): void;
  /** Starts workers with the code as it is now, which get the requests. Resolves with their generation. */
  renew(): Promise<number>;
  /** Requests have waited for as long as they may. */
  late(answer: LateAnswer): void;
  report(report: ReloadReport): void;
}

export class Reloader {
  #config: ReloadConfig;
  #target: ReloadTarget;
  #settling = new Settling(() => this.#renew());
  /** When the first change came, on the clock of `performance.now()`; undefined while nothing is to be reloaded. */
  #since: number | undefined;
  #files = new Set<string>();
  /** Workers are starting; 0 until their generation is known. */
  #starting: number | undefined;
  #late: NodeJS.Timeout | undefined;
  /** Digests of what was written while workers started. */
  #written = new Map<string, string | undefined>();

  constructor(config: ReloadConfig, target: ReloadTarget) {
    this.#config = config;
    this.#target = target;
  }

  configure(config: ReloadConfig): void {
    this.#config = config;
  }

  /** A file that counts was written, renamed or deleted. */
  changed(file: string): void {
    if (!this.#config.enabled || this.#isWrittenByTheApp(file)) return;
    this.#begin();
    this.#target.hold();
    this.#files.add(file);
    this.#settling.change(this.#starting !== undefined);
  }

  /** As if something had changed, at once. */
  restart(): void {
    this.#begin();
    this.#target.hold();
    this.#settling.reset();
    this.#renew();
  }

  /** A worker of this generation accepts. */
  accepted(generation: number): void {
    if (this.#isCurrent(generation)) this.#end('done', generation);
  }

  /** This generation does not start. */
  failed(generation: number): void {
    if (this.#isCurrent(generation)) this.#end('failed', generation);
  }

  close(): void {
    this.#settling.reset();
    clearTimeout(this.#late);
  }

  #begin(): void {
    if (this.#since !== undefined) return;
    this.#since = performance.now();
    const { waitMs, late } = this.#config;
    this.#late = setTimeout(() => this.#target.late(late), waitMs).unref();
  }

  #renew(): void {
    this.#starting = 0;
    this.#target.renew().then((generation) => {
      // A change may have come since, or a restart.
      if (this.#starting === undefined) return;
      this.#starting = generation;
      this.#report('started', generation);
    });
  }

  #end(state: 'done' | 'failed', generation: number): void {
    this.#report(state, generation);
    clearTimeout(this.#late);
    this.#since = undefined;
    this.#starting = undefined;
    this.#files.clear();
    this.#settling.reset();
  }

  #report(state: ReloadReport['state'], generation: number): void {
    const files = [...this.#files].slice(0, MAX_LISTED_FILES);
    const ms = Math.round(performance.now() - (this.#since ?? performance.now()));
    this.#target.report({ state, generation, files, ms });
  }

  /** Not so when something changed after these workers were started. */
  #isCurrent(generation: number): boolean {
    return generation === this.#starting && !this.#settling.pending;
  }

  /**
   * An app may write, as it starts, a file that it then loads. It would be started for ever: so what is written again
   * with the same content while workers start is no change.
   */
  #isWrittenByTheApp(file: string): boolean {
    if (this.#starting === undefined) return false;
    const content = contentOf(file);
    const digest = content === undefined ? undefined : createHash('sha1').update(content).digest('hex');
    const same = this.#written.has(file) && this.#written.get(file) === digest;
    this.#written.set(file, digest);
    return same;
  }
}
