/**
 * Decides when a series of changes has ended: a save is several events, a checkout hundreds of files, and a build
 * writes for a while. Pure, except for the timer.
 */

/** The longest wait for silence, after changes have come repeatedly. */
const MAX_SETTLE_MS = 500;
const GROWTH = 3;
/**
 * A series ends after this long even without silence, in ms: a person who keeps saving wants to see results in between.
 */
export const MAX_SERIES_MS = 1500;

export class Debounce {
  #done: () => void;
  #timer: NodeJS.Timeout | undefined;
  #leastMs: () => number;
  #isLooking: () => boolean;
  /** The silence must be this many times the least. */
  #factor = 1;
  /** When the series must end, on the clock of `performance.now()`. */
  #end = 0;

  /**
   * @param done called when a series has ended
   * @param leastMs the silence after the last change that ends a series. Editors that write in steps pause for a few
   * ms. A slower tool shows itself by changes that come while workers start; from then on, more silence is needed.
   * @param isLooking whether a file is being looked at, so that this is no silence
   */
  constructor(done: () => void, leastMs: () => number, isLooking: () => boolean) {
    this.#done = done;
    this.#leastMs = leastMs;
    this.#isLooking = isLooking;
  }

  /** @param again the previous series was ended too early: the program that writes pauses for longer */
  change(again: boolean): void {
    if (this.#timer === undefined) {
      if (again) this.#factor *= GROWTH;
      this.#end = performance.now() + MAX_SERIES_MS;
    }
    this.#arm();
  }

  /** There was no series: the changed file does not count. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The changed code is served now, so the next change starts a new series. */
  reset(): void {
    this.cancel();
    this.#factor = 1;
  }

  get #silenceMs(): number {
    const leastMs = this.#leastMs();
    return Math.max(leastMs, Math.min(MAX_SETTLE_MS, leastMs * this.#factor));
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    const wait = Math.max(0, Math.min(this.#silenceMs, this.#end - now));
    this.#timer = setTimeout(() => {
      const late = performance.now() - now - wait;
      // If the machine is too busy to call on time, it may also report changes late.
      if ((late > this.#silenceMs || this.#isLooking()) && performance.now() < this.#end) {
        this.#arm();
        return;
      }
      this.#timer = undefined;
      this.#done();
    }, wait);
  }
}
