/** The workers above the base number: they start while all others are blocked, and end when they are idle. */
import type { Upstream } from '../scheduling/upstream.ts';
import type { WorkerLimits } from '../workers/runtime.ts';
import type { ManagedWorker } from './managed-worker.ts';

/** An extra worker ends after this long without a request, in ms. */
const EXTRA_IDLE_MS = 10_000;
/** One that has sessions of clients ends after this long without a request of them, in ms. */
const SESSION_IDLE_MS = 600_000;
const TIDY_MS = 1_000;

interface ExtraWorkersPool {
  /** The workers with the newest code, in the order of their start. */
  current(): ManagedWorker[];
  limits(): WorkerLimits;
  retire(worker: ManagedWorker): void;
  /** Called once a second, after idle workers were retired. */
  tidied(): void;
}

export class ExtraWorkers {
  #pool: ExtraWorkersPool;
  #timer: NodeJS.Timeout | undefined;

  constructor(pool: ExtraWorkersPool) {
    this.#pool = pool;
  }

  /** Retires idle ones from now on. */
  start(): void {
    this.#timer = setInterval(() => this.#tidy(), TIDY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** There may be one more, and none is on its way. */
  mayStart(): boolean {
    const current = this.#pool.current();
    return current.length < this.#pool.limits().maxWorkers && current.every(({ accepting }) => accepting);
  }

  #tidy(): void {
    const now = performance.now();
    const extras = this.#pool.current().slice(this.#pool.limits().workers);
    for (const worker of extras.reverse()) {
      if (worker.accepting && isUnused(worker.upstream, now)) this.#pool.retire(worker);
    }
    this.#pool.tidied();
  }
}

function isUnused({ inFlight, wire, idleSince, sessionUsedAt }: Upstream, now: number): boolean {
  if (inFlight > 0 || wire.streams.size > 0 || now - idleSince <= EXTRA_IDLE_MS) return false;
  return now - (sessionUsedAt ?? Number.NEGATIVE_INFINITY) > SESSION_IDLE_MS;
}
