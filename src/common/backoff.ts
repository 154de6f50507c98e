/** Decides when a dead worker or server is replaced, and when to give up. Pure: the clock is passed in. */

/** A worker that lived this long is not part of a crash loop. */
const STABLE_MS = 10_000;
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 5_000;
/** Crashes in a row that are repaired. After one more, only a restart or a change of the code starts a worker. */
export const CRASH_BUDGET = 10;
/** Failed starts in a row after which no other is tried. Fewer, because the same code fails the same way. */
export const START_BUDGET = 3;

export type BackoffDecision = { retryInMs: number } | 'give up';

export class Backoff {
  #budget: number;
  #crashes = 0;
  #failedStarts = 0;

  /** @param budget crashes in a row that are repaired */
  constructor(budget = CRASH_BUDGET) {
    this.#budget = budget;
  }

  /** A worker that was serving crashed after `livedMs`. The first crash is repaired at once. */
  crashed(livedMs: number): BackoffDecision {
    this.#crashes = livedMs >= STABLE_MS ? 1 : this.#crashes + 1;
    if (this.#crashes > this.#budget) return 'give up';
    return { retryInMs: this.#crashes === 1 ? 0 : delay(this.#crashes - 2) };
  }

  /** A worker exited before it served. */
  failedToStart(): BackoffDecision {
    this.#failedStarts += 1;
    if (this.#failedStarts >= START_BUDGET) return 'give up';
    return { retryInMs: delay(this.#failedStarts) };
  }

  /** A worker serves, so the code starts. */
  started(): void {
    this.#failedStarts = 0;
  }

  /** Resets all counts, because the code changed or the user restarted. */
  reset(): void {
    this.#crashes = 0;
    this.#failedStarts = 0;
  }
}

function delay(exponent: number): number {
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** exponent);
}
