/** Decides which crashed workers are replaced, and when; and reports each problem once. */
import { Backoff } from '../../common/backoff.ts';
import type { ServerError } from '../../protocol/errors.ts';
import { workerProblem } from './crash-report.ts';
import type { ManagedWorker } from './managed-worker.ts';

interface Replacement {
  /** `give up`: only a restart or a change of the code starts a worker again. */
  decision: { retryInMs: number } | 'give up';
  /** The problem for a person; undefined if it was already reported. */
  problem: ServerError | undefined;
}

export class RestartPolicy {
  #backoff = new Backoff();
  #timers = new Set<NodeJS.Timeout>();
  /** The report of the last failed start. */
  #reported: string | undefined;
  /** Reports that wait until it is known whether the code has changed. */
  #withheld: Array<() => void> = [];
  #replace: () => void;

  /** @param replace called when it is time for a new worker */
  constructor(replace: () => void) {
    this.#replace = replace;
  }

  /** Number of restarts that are scheduled. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** A worker exited unasked. */
  died(worker: ManagedWorker): Replacement {
    const decision = worker.served
      ? this.#backoff.crashed(performance.now() - worker.startedAt)
      : this.#backoff.failedToStart();
    const problem = workerProblem(worker, decision);
    // The same code fails the same way on each try; that is reported once.
    const known = !worker.served && this.#reported === problem.message;
    this.#reported = worker.served ? undefined : problem.message;
    if (decision !== 'give up') this.#schedule(decision.retryInMs);
    return { decision, problem: known ? undefined : problem };
  }

  /** Reports a problem, now or, while the code may have changed, by {@link reportWithheld}. */
  report(report: () => void, mayHaveChanged: boolean): void {
    if (mayHaveChanged) this.#withheld.push(report);
    else report();
  }

  /** The code has not changed, so what was withheld is still true. */
  reportWithheld(): void {
    for (const report of this.#withheld.splice(0)) report();
  }

  /** The code starts. */
  started(): void {
    this.#backoff.started();
    this.#reported = undefined;
  }

  /** The code has changed, or a person asks: everything may be tried again. */
  reset(): void {
    this.#backoff.reset();
    this.#reported = undefined;
    this.#withheld = [];
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** A person ended a worker, which is not the code's fault. */
  forgive(): void {
    this.#backoff.reset();
  }

  #schedule(retryInMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#replace();
    }, retryInMs);
    this.#timers.add(timer);
  }
}
