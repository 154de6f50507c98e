/** The time of the requests that a worker has not started, if known. Pure: the clock is passed in. */

/** A worker that has sent nothing for this long is slower than expected, in ms. */
export const LATE_MS = 1;

export class Backlog {
  /** Infinite if some of it is of unknown length, or has started and still runs. */
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
   * Expected time until all of it has started, in ms; undefined if the worker is late.
   * @param silentMs how long the worker has sent nothing, and got nothing
   */
  expected(silentMs: number): number | undefined {
    return silentMs > LATE_MS ? undefined : this.#ms;
  }
}
