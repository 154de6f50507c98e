/** Estimates how much work a worker has not started yet. Pure: the clock is passed in. */

/** A worker that is silent for this long is slower than expected, in ms. */
export const LATE_MS = 1;

export class Backlog {
  /** Infinite if a request is of unknown length, or has started and continues. */
  #ms = 0;

  /**
   * @param expectedMs how long the request is expected to keep the event loop; infinite if unknown
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
   * Expected time until all of it has started, in ms; undefined if the worker is late.
   * @param silentMs since the last sign of life or the last offer
   */
  expected(silentMs: number): number | undefined {
    return silentMs > LATE_MS ? undefined : this.#ms;
  }
}
