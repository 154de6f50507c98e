/**
 * When a series of changes is one: a save is several events, a checkout hundreds of files, a build writes for a while.
 * Pure, but for the timer.
 */

/** The longest such silence that is waited for, once changes have come again and again. */
const MAX_SETTLE_MS = 500;
const GROWTH = 3;
/** A series without such a silence is over after so long: who saves on and on wants to see something in between. */
export const MAX_SERIES_MS = 1500;

export class Debounce {
  #done: () => void;
  #timer: NodeJS.Timeout | undefined;
  #leastMs: () => number;
  /** How much longer than the least a silence has to be. */
  #factor = 1;
  /** When the series has to be over, on the clock of `performance.now()`. */
  #end = 0;

  /**
   * @param done called when a series is over
   * @param leastMs the silence after the last change that ends a series. Editors that write in steps take a few ms
   *   between them; a tool that takes longer is noticed by the changes that come while workers start, and is given more
   *   from then on.
   */
  constructor(done: () => void, leastMs: () => number) {
    this.#done = done;
    this.#leastMs = leastMs;
  }

  /** @param again the series before this one was taken for over too soon: what writes pauses for longer */
  change(again: boolean): void {
    if (this.#timer === undefined) {
      if (again) this.#factor *= GROWTH;
      this.#end = performance.now() + MAX_SERIES_MS;
    }
    this.#arm();
  }

  /** There was no series: what changed does not count. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** What changed is served now, so whatever comes next is a new series. */
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
      // A machine that is too busy to call on time may also report changes late: some may be waiting.
      if (late > this.#silenceMs && performance.now() < this.#end) {
        this.#arm();
        return;
      }
      this.#timer = undefined;
      this.#done();
    }, wait);
  }
}
