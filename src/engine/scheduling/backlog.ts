/** What a worker still has to begin, as far as that is known. Pure: the clock is passed in. */

/** A worker that was not heard of for so long is slower than was expected, in ms. */
export const LATE_MS = 1;

export class Backlog {
  /** Infinite where some of it is of unknown length, or was begun and goes on. */
  #ms = 0;

  /**
   * @param expectedMs how long the request is expected to keep the event loop; infinite when that is not known
   * @param alone the worker has no other request
   */
  offered(expectedMs: number, alone: boolean): void {
    this.#ms = alone ? expectedMs : this.#ms + expectedMs;
  }

  /** @param goesOn the request is not answered yet, so its handler may need the event loop again at any time */
  settled(expectedMs: number, goesOn: boolean): void {
    if (goesOn) this.#ms = Number.POSITIVE_INFINITY;
    else if (this.#ms < Number.POSITIVE_INFINITY) this.#ms -= expectedMs;
  }

  /**
   * Expected time until all of it was begun, in ms; undefined where the worker is late.
   * @param silentMs since when nothing was heard of the worker, and nothing offered
   */
  expected(silentMs: number): number | undefined {
    return silentMs > LATE_MS ? undefined : this.#ms;
  }
}
