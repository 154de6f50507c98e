/**
 * When a series of changes is one: a save is several events, a checkout hundreds of files, a build writes for a while.
 * Pure, but for the timer.
 */

/**
 * Silence after the last change that ends a series. Editors that write in steps take a few ms between them; a tool that
 * takes longer is noticed by the changes that come while workers start, and is given more from then on.
 */
const SETTLE_MS = 50;
/** The longest such silence that is waited for, once changes have come again and again. */
const MAX_SETTLE_MS = 500;
const GROWTH = 3;

export class Settling {
  #done: () => void;
  #timer: NodeJS.Timeout | undefined;
  #silenceMs = SETTLE_MS;

  /** @param done called when a series is over */
  constructor(done: () => void) {
    this.#done = done;
  }

  /** Changes have come whose series is not over. */
  get pending(): boolean {
    return this.#timer !== undefined;
  }

  /** @param again the series before this one was taken for over too soon: what writes pauses for longer */
  change(again: boolean): void {
    if (again && this.#timer === undefined)
      this.#silenceMs = Math.min(MAX_SETTLE_MS, this.#silenceMs * GROWTH);
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const due = performance.now() + this.#silenceMs;
    this.#timer = setTimeout(() => {
      // A machine that is too busy to call on time is too busy to tell of changes on time: they may be waiting.
      if (performance.now() - due > this.#silenceMs) {
        this.#arm();
        return;
      }
      this.#timer = undefined;
      this.#done();
    }, this.#silenceMs);
  }

  /** What changed is served now, so whatever comes next is a new series. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#silenceMs = SETTLE_MS;
  }
}
