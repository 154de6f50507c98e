/** The workers of a pool that have not exited, and the ends that are not complete. */
import { ServerError } from '../../protocol/errors.ts';
import type { ManagedWorker } from './managed-worker.ts';

export class WorkerSet {
  #ended: (worker: ManagedWorker) => Promise<void>;
  #workers = new Map<number, ManagedWorker>();
  #endings = new Set<Promise<void>>();
  #lastId = 0;

  /** @param ended resolves when everything that a worker has started is removed */
  constructor(ended: (worker: ManagedWorker) => Promise<void>) {
    this.#ended = ended;
  }

  get all(): ManagedWorker[] {
    return [...this.#workers.values()];
  }

  get size(): number {
    return this.#workers.size;
  }

  get(id: number): ManagedWorker | undefined {
    return this.#workers.get(id);
  }

  /** @throws ServerError NO_SUCH_WORKER */
  find(id: number): ManagedWorker {
    const worker = this.#workers.get(id);
    if (worker !== undefined) return worker;
    const ids = [...this.#workers.keys()].join(', ');
    throw new ServerError('NO_SUCH_WORKER', `There is no worker ${id}; there are ${ids || 'none'}.`);
  }

  /** A number that no worker has had. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  add(worker: ManagedWorker): void {
    this.#workers.set(worker.id, worker);
  }

  /** The worker has exited; what it has started may still run. */
  exited(worker: ManagedWorker): void {
    this.#workers.delete(worker.id);
    this.#track(this.#ended(worker));
  }

  /** @param end resolves when the worker has exited, or when that takes too long */
  awaitEnd(worker: ManagedWorker, end: Promise<void>): void {
    this.#track(
      end.then(async () => {
        // A thread that waits for a program can't be ended before the program exits.
        if (!worker.exited) await this.#ended(worker);
      }),
    );
  }

  /** Resolves when all ends that have begun are complete. */
  async allEnded(): Promise<void> {
    await Promise.all(this.#endings);
  }

  #track(end: Promise<void>): void {
    const ending = end.finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
  }
}
