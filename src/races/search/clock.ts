/** The budget of one scenario. */

/** The budget is used up, or the person asked for the end: what was found so far is reported. */
export class Ended extends Error {}

export class Clock {
  readonly startedAt = performance.now();
  #budgetMs: number;
  #stopped = false;

  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs;
  }

  get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  get leftMs(): number {
    return Math.max(0, this.#budgetMs - this.elapsedMs);
  }

  /** Ctrl-C. */
  stop(): void {
    this.#stopped = true;
  }

  /** Throws {@link Ended}. */
  check(): void {
    if (this.#stopped || this.leftMs === 0) throw new Ended('the budget is used up');
  }
}
