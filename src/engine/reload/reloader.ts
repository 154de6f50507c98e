/**
 * Controls a reload from the first changed file until new code is served: requests wait from the first change on, and
 * go to workers that started after the last one. Their wait is limited.
 */
import type { LateAnswer, ReloadConfig } from '../../protocol/config.ts';
import { MAX_LISTED_FILES, type ReloadReport } from '../../protocol/messages.ts';
import { Debounce } from './debounce.ts';
import type { Change } from './file-watcher.ts';

/**
 * A save while workers start makes that start obsolete. After this many obsolete starts, one may finish regardless of
 * later saves: waiting requests get its answer, and then the newest code starts.
 */
export const OBSOLETE_STARTS = 3;
/** How long such a generation may answer waiting requests before the next start, in ms. */
const SERVE_MS = 1000;

export interface ReloadTarget {
  /** From now on no worker gets a request. */
  hold(): void;
  /** There was no change after all: workers get requests again. */
  release(): void;
  /** Whether requests wait for a free worker. */
  readonly waiting: boolean;
  /** Starts workers with the current code, which get the requests. Resolves with their generation. */
  renew(): Promise<number>;
  /** Requests have waited for the longest time allowed. */
  late(answer: LateAnswer): void;
  report(report: ReloadReport): void;
}

/** Workers that are starting; none accepts yet. */
interface Start {
  /** Undefined until it is known. */
  generation: number | undefined;
  /** It may finish regardless of later saves. */
  isLast: boolean;
  /** Its outcome, if that does not count yet because something may have changed meanwhile. */
  outcome: 'done' | 'failed' | undefined;
}

export class Reloader {
  #config: ReloadConfig;
  #target: ReloadTarget;
  #debounce = new Debounce(
    () => this.#renew(),
    () => this.#config.debounceMs,
    () => this.#looking,
  );
  /** When the first change came, on the clock of `performance.now()`; undefined if there is nothing to reload. */
  #since: number | undefined;
  /** Files that changed since then. */
  #files = new Set<string>();
  /** Files that changed since the last start. */
  #pending = new Set<string>();
  #start: Start | undefined;
  #obsolete = 0;
  #looking = false;
  #adding = false;
  #held = false;
  /** The last start serves until the next one, although more was saved since. */
  #lenient = false;
  /** When that start accepted, on the clock of `performance.now()`. */
  #servesSince = 0;
  #late: NodeJS.Timeout | undefined;

  constructor(config: ReloadConfig, target: ReloadTarget) {
    this.#config = config;
    this.#target = target;
  }

  /** Workers start because of a change. */
  get starting(): boolean {
    return this.#start !== undefined;
  }

  configure(config: ReloadConfig): void {
    this.#config = config;
  }

  /**
   * A file that counts was written, renamed or deleted.
   * @returns false if the starting workers will load it as it is now
   */
  changed({ file, generation, isHalf }: Change): boolean {
    if (!this.#config.enabled || this.#willLoad(generation)) return false;
    this.#begin();
    this.#pending.add(file);
    // A half-written file must not be served, however long requests have waited.
    if (isHalf && this.#start?.isLast === true) this.#endLast(this.#start);
    if (this.#start?.isLast !== true) this.#debounce.change(this.#start !== undefined);
    this.#hold();
    return true;
  }

  /**
   * The change of this file does not count after all.
   * @returns false if it is already served or starting
   */
  dismiss(file: string): boolean {
    if (!this.#pending.delete(file)) return false;
    if (this.#pending.size > 0) return true;
    this.#debounce.cancel();
    if (this.#start === undefined) this.#over();
    this.#decide();
    return true;
  }

  /** Whether it is being checked if something changed: no old code may run meanwhile. */
  looking(busy: boolean): void {
    this.#looking = busy && this.#config.enabled;
    this.#decide();
  }

  /** Whether it is being checked if the last loaded files are the same on the disk. */
  adding(busy: boolean): void {
    this.#adding = busy && this.#config.enabled;
    this.#decide();
  }

  /** Reloads at once, as if something had changed. */
  restart(): void {
    this.#begin();
    this.#held = true;
    this.#target.hold();
    this.#debounce.reset();
    this.#start = undefined;
    this.#lenient = false;
    this.#renew();
  }

  /** A worker of this generation accepts. */
  accepted(generation: number): void {
    this.#ended('done', generation);
  }

  /** This generation does not start. */
  failed(generation: number): void {
    this.#ended('failed', generation);
  }

  close(): void {
    this.#debounce.reset();
    clearTimeout(this.#late);
  }

  /** The starting workers have not loaded it yet, and will load the current version. */
  #willLoad(generation: number | undefined): boolean {
    if (this.#start === undefined || generation === undefined) return false;
    return this.#start.generation === undefined || generation < this.#start.generation;
  }

  #begin(): void {
    if (this.#since !== undefined) return;
    this.#since = performance.now();
    const { waitMs, late } = this.#config;
    this.#late = setTimeout(() => this.#target.late(late), waitMs).unref();
  }

  /** Something has changed, or may have, after the starting workers loaded it. */
  get #isDoubtful(): boolean {
    return this.#looking || this.#adding || this.#pending.size > 0;
  }

  /** Acts once all checks are done. */
  #decide(): void {
    const { generation, outcome } = this.#start ?? {};
    const isKnown = generation !== undefined && outcome !== undefined;
    if (isKnown && !this.#isDoubtful) this.#end(outcome, generation);
    this.#hold();
  }

  #hold(): void {
    const adding = this.#adding && this.#start !== undefined;
    const held = !this.#lenient && (this.#looking || adding || this.#pending.size > 0);
    if (held === this.#held) return;
    this.#held = held;
    if (held) this.#target.hold();
    else this.#target.release();
  }

  #renew(): void {
    if (this.#isStillServing()) {
      this.#debounce.change(false);
      return;
    }
    if (this.#start !== undefined) this.#obsolete += 1;
    const start: Start = {
      generation: undefined,
      isLast: this.#obsolete >= OBSOLETE_STARTS,
      outcome: undefined,
    };
    this.#start = start;
    for (const file of this.#pending) this.#files.add(file);
    this.#pending.clear();
    // Rejects only for an error in this program: `renew` reports files that it can't read.
    void this.#target.renew().then((generation) => {
      // Meanwhile there may have been a change or a restart.
      if (this.#start !== start) return;
      start.generation = generation;
      this.#lenient = start.isLast;
      // The new workers get requests, unless something changed meanwhile.
      this.#held = false;
      this.#hold();
      this.#report('started', generation);
    });
  }

  /** Requests that waited for the start that was allowed to finish are being answered. */
  #isStillServing(): boolean {
    const serves = this.#lenient && this.#start === undefined;
    return serves && this.#target.waiting && performance.now() - this.#servesSince < SERVE_MS;
  }

  #ended(state: 'done' | 'failed', generation: number): void {
    const start = this.#start;
    if (start === undefined || start.generation !== generation) return;
    if (!this.#isDoubtful || (start.isLast && state === 'done')) this.#end(state, generation);
    else if (start.isLast && this.#pending.size > 0) this.#superseded();
    else start.outcome = state;
  }

  #endLast(start: Start): void {
    start.isLast = false;
    this.#lenient = false;
  }

  /** The start that was allowed to finish has failed; the later saves may start. */
  #superseded(): void {
    this.#start = undefined;
    this.#lenient = false;
    this.#debounce.change(false);
    this.#hold();
  }

  #end(state: 'done' | 'failed', generation: number): void {
    this.#report(state, generation);
    this.#over();
    if (this.#pending.size === 0) {
      this.#lenient = false;
      return;
    }
    this.#servesSince = performance.now();
    this.#begin();
    this.#debounce.change(false);
  }

  #over(): void {
    clearTimeout(this.#late);
    this.#since = undefined;
    this.#start = undefined;
    this.#obsolete = 0;
    this.#files.clear();
    this.#debounce.reset();
  }

  #report(state: ReloadReport['state'], generation: number): void {
    const files = [...this.#files].slice(0, MAX_LISTED_FILES);
    const ms = Math.round(performance.now() - (this.#since ?? performance.now()));
    this.#target.report({ state, generation, files, ms });
  }
}
