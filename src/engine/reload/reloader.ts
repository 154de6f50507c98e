/**
 * From changed files to new code being served: requests wait from the first change on, and go to workers that were
 * started after the last. What they wait for is bounded.
 */
import type { LateAnswer, ReloadConfig } from '../../protocol/config.ts';
import { MAX_LISTED_FILES, type ReloadReport } from '../../protocol/messages.ts';
import { Debounce } from './debounce.ts';
import type { Change } from './file-watcher.ts';

/**
 * A save while workers start makes that start obsolete. After so many obsolete starts one is let finish whatever is
 * saved meanwhile: the requests that wait get its answer, and then the newest code is started.
 */
export const OBSOLETE_STARTS = 3;
/** How long such a start is left in peace to answer the requests that waited for it. */
const SERVE_MS = 1000;

export interface ReloadTarget {
  /** From now on no worker gets a request. */
  hold(): void;
  /** What held requests up was no change: workers get them again. */
  release(): void;
  /** Whether requests wait for a worker that is free. */
  readonly waiting: boolean;
  /** Starts workers with the code as it is now, which get the requests. Resolves with their generation. */
  renew(): Promise<number>;
  /** Requests have waited for as long as they may. */
  late(answer: LateAnswer): void;
  report(report: ReloadReport): void;
}

/** Workers that were started, and of which none accepts yet. */
interface Start {
  /** Undefined until it is known. */
  generation: number | undefined;
  /** Whatever is saved meanwhile, it is let finish. */
  isLast: boolean;
  /** How it ended, if that does not count yet because something may have changed meanwhile. */
  outcome: 'done' | 'failed' | undefined;
}

export class Reloader {
  #config: ReloadConfig;
  #target: ReloadTarget;
  #debounce = new Debounce(
    () => this.#renew(),
    () => this.#config.debounceMs,
  );
  /** When the first change came, on the clock of `performance.now()`; undefined while nothing is to be reloaded. */
  #since: number | undefined;
  /** What changed since then. */
  #files = new Set<string>();
  /** What changed since the last start. */
  #pending = new Set<string>();
  #start: Start | undefined;
  #obsolete = 0;
  #looking = false;
  #adding = false;
  #held = false;
  /** The last start serves until the next one, although more was saved since. */
  #lenient = false;
  /** When that one accepted, on the clock of `performance.now()`. */
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
    // Half a file is not to be served, however long requests have waited.
    if (isHalf && this.#start?.isLast === true) this.#endLast(this.#start);
    if (this.#start?.isLast !== true) this.#debounce.change(this.#start !== undefined);
    this.#hold();
    return true;
  }

  /**
   * The change of this file does not count after all.
   * @returns false if it is served, or is being started, already
   */
  dismiss(file: string): boolean {
    if (!this.#pending.delete(file)) return false;
    if (this.#pending.size > 0) return true;
    this.#debounce.cancel();
    if (this.#start === undefined) this.#over();
    this.#decide();
    return true;
  }

  /** Whether it is being looked up if something changed: no old code is to run meanwhile. */
  looking(busy: boolean): void {
    this.#looking = busy && this.#config.enabled;
    this.#decide();
  }

  /** Whether it is being looked up if what was loaded last is what is on the disk. */
  adding(busy: boolean): void {
    this.#adding = busy && this.#config.enabled;
    this.#decide();
  }

  /** As if something had changed, at once. */
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

  /** Workers that start have not loaded it yet, and will load it as it is now. */
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

  /** Something changed, or may have, of which the workers that start know nothing. */
  get #isDoubtful(): boolean {
    return this.#looking || this.#adding || this.#pending.size > 0;
  }

  /** What there was to look up is known. */
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
    // Never rejects for a reason outside this program: `renew` reports what it can't read.
    void this.#target.renew().then((generation) => {
      // A change may have come since, or a restart.
      if (this.#start !== start) return;
      start.generation = generation;
      this.#lenient = start.isLast;
      // Those that were started get requests, unless something changed meanwhile.
      this.#held = false;
      this.#hold();
      this.#report('started', generation);
    });
  }

  /** Requests that waited for the start that was let finish are being answered. */
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

  /** What was let finish does not start; what was saved since may. */
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
