/** The budget of one scenario. */

/** The budget is used up, or the person asked for the end: what was found so far is reported. */
export class Ended extends Error {}

export class Clock {
  readonly startedAt = performance.now();
  #budgetMs: number;
  #stopped = false;
  #onEnd: () => void;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param budgetMs may be infinite
   * @param onEnd called once when the budget is used up or the person asks for the end: what runs is to be broken off
   */
  constructor(budgetMs: number, onEnd: () => void) {
    this.#budgetMs = budgetMs;
    this.#onEnd = onEnd;
    if (Number.isFinite(budgetMs)) this.#timer = setTimeout(() => this.stop(), budgetMs).unref();
  }

  /** It ended by itself or was stopped. */
  get isOver(): boolean {
    return this.#stopped;
  }

  /** Nothing runs any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#stopped = true;
  }

  get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  get leftMs(): number {
    return Math.max(0, this.#budgetMs - this.elapsedMs);
  }

  /** Ctrl-C, or the end of the budget. */
  stop(): void {
    if (this.#stopped) return;
    this.close();
    this.#onEnd();
  }

  /** Throws {@link Ended}. */
  check(): void {
    if (this.#stopped) throw new Ended('the budget is used up');
  }
}
