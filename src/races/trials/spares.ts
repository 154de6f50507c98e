/** Workers for trials, started ahead so that a trial rarely waits for a start. */
import type { TrialWorker } from './trial-worker.ts';
import type { TrialWorkers } from './trial-workers.ts';

export class Spares {
  #workers: TrialWorkers;
  /** Started and not in use; the oldest first. */
  #ready: TrialWorker[] = [];
  /** How many are kept. */
  #count = 0;

  constructor(workers: TrialWorkers) {
    this.#workers = workers;
  }

  /** @param count 0: a start would disturb the trial that runs */
  keep(count: number): void {
    this.#count = count;
  }

  /** Rejects with a ServerError if the app does not start. */
  async take(count: number): Promise<TrialWorker[]> {
    this.#forgetOld();
    const taken = this.#ready.splice(0, count);
    while (taken.length < count) taken.push(this.#workers.start());
    try {
      await Promise.all(taken.map(({ accepted }) => accepted));
    } catch (error) {
      // An addon that threads can't run: from now on workers are processes.
      if (taken.every(({ managed }) => managed.mode === this.#workers.mode)) throw error;
      await Promise.all(taken.map((worker) => this.#workers.end(worker)));
      return this.take(count);
    }
    return taken;
  }

  /** Processes that wait for a debugger before the app's first line. */
  async inspected(count: number): Promise<TrialWorker[]> {
    const taken = Array.from({ length: count }, () => this.#workers.start(true));
    await Promise.all(taken.map(({ accepted }) => accepted));
    return taken;
  }

  /** Starts what is missing; called when a trial has its workers. */
  refill(): void {
    while (this.#ready.length < this.#count) this.#ready.push(this.#workers.start());
  }

  /** Ends all of them, because the state that they have loaded is not what the next trial starts with. */
  async drop(): Promise<void> {
    const dropped = this.#ready.splice(0);
    await Promise.all(dropped.map((worker) => this.#workers.end(worker)));
  }

  #forgetOld(): void {
    this.#ready = this.#ready.filter(({ managed }) => {
      return !managed.exited && managed.mode === this.#workers.mode;
    });
  }
}
