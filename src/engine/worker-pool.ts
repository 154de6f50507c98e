/**
 * Keeps the wanted number of workers: starts them, replaces those that die, adds some while all are blocked, and
 * moves from one generation of the code to the next. Which request goes where is the scheduler's.
 */

import { Backoff, type BackoffDecision } from '../common/backoff.ts';
import type { ServerConfig } from '../protocol/config.ts';
import { ServerError } from '../protocol/errors.ts';
import type { WorkerStatus } from '../protocol/messages.ts';
import { workerProblem } from './death-report.ts';
import type { Exchange } from './exchange.ts';
import { ManagedWorker, type WorkerEvents } from './managed-worker.ts';
import type { Upstream } from './upstream.ts';
import type { RunnerOptions } from './workers/runner.ts';

/** Workers above the base number end after so long without a request. */
const EXTRA_IDLE_MS = 10_000;
const TIDY_MS = 1_000;
/** Changes between idle, busy and blocked are told together, at most so often. */
const REPORT_MS = 100;

export interface PoolEvents extends Omit<WorkerEvents, 'exited'> {
  /** The set of workers that may get requests changed. */
  available(upstreams: Upstream[]): void;
  status(status: WorkerStatus): void;
  /** A worker died with these requests on it. */
  died(worker: ManagedWorker, exchanges: readonly Exchange[]): void;
  /** Something a person should know, once: a failed start, a crash loop. */
  problem(error: ServerError, worker: ManagedWorker): void;
  /** A worker is gone: what it started is to be ended or forgotten; see process-guard.ts. */
  ended(worker: ManagedWorker): Promise<void>;
}

export interface PoolConfig extends Pick<ServerConfig, 'mode' | 'workers' | 'maxWorkers' | 'stopTimeoutMs'> {
  /** Number of workers in thread mode, of an app whose workers have threads of their own. */
  processes?: number;
}

export class WorkerPool {
  #config: PoolConfig;
  #options: RunnerOptions;
  #events: PoolEvents;
  #workers = new Map<number, ManagedWorker>();
  #backoff = new Backoff();
  #lastId = 0;
  #generation = 0;
  /** Starts that wait for their time. */
  #restarts = new Set<NodeJS.Timeout>();
  #tidy: NodeJS.Timeout | undefined;
  #changed = new Set<ManagedWorker>();
  #reporting: NodeJS.Timeout | undefined;
  #stopping = false;
  #reported: string | undefined;
  /** A worker of this generation has served, so the code starts and the others may follow. */
  #proven = false;
  #endings = new Set<Promise<void>>();
  /** The worker whose failed start is the reason that nothing is served. */
  #failure: ManagedWorker | undefined;

  constructor(config: PoolConfig, options: RunnerOptions, events: PoolEvents) {
    this.#config = config;
    this.#options = options;
    this.#events = events;
  }

  start(): void {
    this.#tidy = setInterval(() => this.#retireExtras(), TIDY_MS).unref();
    this.#nextGeneration();
  }

  /** Workers that were started and are not gone. */
  get workers(): ManagedWorker[] {
    return [...this.#workers.values()];
  }

  get config(): PoolConfig {
    return this.#config;
  }

  /** Set while no worker serves because the app does not start. */
  get failure(): ManagedWorker | undefined {
    return this.#failure;
  }

  /** Takes effect at once; a change of mode starts all workers anew. */
  configure(config: PoolConfig): void {
    const modeChanged = config.mode !== this.#config.mode;
    this.#config = config;
    if (modeChanged) this.restart();
    else this.#fill();
  }

  /** New workers take over when they accept; requests wait for them; the old ones finish what they have. */
  restart(): void {
    this.#backoff.reset();
    const old = this.#current();
    this.#nextGeneration();
    for (const worker of old) this.#retire(worker);
  }

  /** @throws ServerError NO_SUCH_WORKER */
  restartWorker(id: number): void {
    const worker = this.#find(id);
    this.#start();
    this.#retire(worker);
  }

  /** @throws ServerError NO_SUCH_WORKER */
  killWorker(id: number): void {
    this.#backoff.reset();
    this.#find(id).runner.kill();
  }

  /** All workers are blocked or busy to their limit: one more, if there may be more. */
  wantWorker(): void {
    const current = this.#current();
    if (this.#stopping || this.#failure !== undefined || current.length >= this.#limits.maxWorkers) return;
    if (current.some((worker) => !worker.accepting)) return;
    this.#start();
  }

  /** A worker has had its number of requests: another one takes its place, now, so that it is warm in time. */
  usedUp(upstream: Upstream): void {
    const worker = this.#workers.get(upstream.id);
    if (worker === undefined || this.#stopping) return;
    this.#retire(worker);
    this.#fill();
  }

  /** A worker's state changed; it may be one that only waited for its last request. */
  changed(upstream: Upstream): void {
    const worker = this.#workers.get(upstream.id);
    if (worker === undefined) return;
    if (upstream.draining && upstream.inFlight === 0 && !worker.ending) this.#end(worker, false);
    // Between idle and busy a worker changes with every request; nobody can look that fast.
    this.#changed.add(worker);
    this.#reporting ??= setTimeout(() => this.#reportChanged(), REPORT_MS).unref();
  }

  /** The app of a worker listens: it accepts requests from now on. */
  accepts(upstream: Upstream): void {
    const worker = this.#workers.get(upstream.id);
    if (worker === undefined || worker.served || !worker.accepting) return;
    worker.served = true;
    this.#backoff.started();
    this.#failure = undefined;
    this.#reported = undefined;
    this.#announce();
    if (!this.#proven && worker.generation === this.#generation) {
      this.#proven = true;
      this.#fill();
    }
    this.#events.status(worker.status());
  }

  /** Ends all workers. Waiting for their requests is the caller's; `now` skips the app's own exit handlers. */
  async stop(now: boolean): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#tidy);
    clearTimeout(this.#reporting);
    for (const timer of this.#restarts) clearTimeout(timer);
    for (const worker of this.#workers.values()) this.#end(worker, now);
    await Promise.all(this.#endings);
  }

  #reportChanged(): void {
    this.#reporting = undefined;
    for (const worker of this.#changed) if (!worker.gone) this.#events.status(worker.status());
    this.#changed.clear();
  }

  get #limits(): Pick<PoolConfig, 'workers' | 'maxWorkers'> {
    const { mode, processes } = this.#config;
    if (mode === 'fork' || processes === undefined) return this.#config;
    return { workers: processes, maxWorkers: processes };
  }

  #find(id: number): ManagedWorker {
    const worker = this.#workers.get(id);
    if (worker !== undefined) return worker;
    const ids = [...this.#workers.keys()].join(', ');
    throw new ServerError('NO_SUCH_WORKER', `There is no worker ${id}; there are ${ids || 'none'}.`);
  }

  #current(): ManagedWorker[] {
    return this.workers.filter(
      (worker) => worker.generation === this.#generation && !worker.upstream.draining && !worker.gone,
    );
  }

  #nextGeneration(): void {
    this.#generation += 1;
    this.#proven = false;
    this.#failure = undefined;
    this.#reported = undefined;
    for (const timer of this.#restarts) clearTimeout(timer);
    this.#restarts.clear();
    this.#fill();
    this.#announce();
  }

  /** Starts what is missing, or retires what is too much. */
  #fill(): void {
    // One worker first: it answers sooner alone, and code that does not start fails once instead of four times.
    const workers = this.#proven ? this.#limits.workers : 1;
    const current = this.#current();
    for (let count = current.length + this.#restarts.size; count < workers; count++) this.#start();
    for (const worker of current.slice(this.#limits.maxWorkers)) this.#retire(worker);
  }

  #start(): void {
    const id = ++this.#lastId;
    const worker = new ManagedWorker(id, this.#generation, this.#config.mode, this.#options, {
      ...this.#events,
      exited: (exited) => this.#exited(exited),
    });
    this.#workers.set(id, worker);
    if (worker.runner.pid !== 0) this.#events.started(worker);
    this.#events.status(worker.status());
  }

  #retire(worker: ManagedWorker): void {
    if (worker.upstream.draining) return;
    worker.upstream.draining = true;
    this.#announce();
    this.changed(worker.upstream);
    setTimeout(() => this.#end(worker, false), this.#config.stopTimeoutMs).unref();
  }

  #end(worker: ManagedWorker, now: boolean): void {
    const ending = worker.end(now).finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
  }

  #retireExtras(): void {
    const current = this.#current();
    const now = performance.now();
    for (const worker of current.slice(this.#limits.workers).reverse()) {
      const { upstream } = worker;
      const idle = worker.accepting && upstream.inFlight === 0 && upstream.streams.size === 0;
      if (idle && now - upstream.idleSince > EXTRA_IDLE_MS) this.#retire(worker);
    }
    for (const worker of this.#workers.values()) {
      if (worker.upstream.blockedSince !== 0) this.#events.status(worker.status());
    }
  }

  #announce(): void {
    this.#events.available(
      this.#current()
        .filter((worker) => worker.accepting)
        .map((worker) => worker.upstream),
    );
  }

  #exited(worker: ManagedWorker): void {
    this.#workers.delete(worker.id);
    const ending = this.#events.ended(worker).finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
    const exchanges = [...worker.upstream.exchanges];
    worker.upstream.exchanges.clear();
    this.#announce();
    this.#events.died(worker, exchanges);
    this.#events.status(worker.status());
    if (worker.ending || this.#stopping || worker.generation !== this.#generation) return;
    const decision = worker.served
      ? this.#backoff.crashed(performance.now() - worker.startedAt)
      : this.#backoff.failedToStart();
    this.#report(worker, decision);
    if (decision === 'give up') return;
    const { retryInMs } = decision;
    this.#events.status({ ...worker.status(), state: 'restarting', restartInMs: retryInMs });
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#fill();
    }, retryInMs);
    this.#restarts.add(timer);
  }

  #report(worker: ManagedWorker, decision: BackoffDecision): void {
    const problem = workerProblem(worker, decision);
    const others = this.#current();
    const noneServes = worker.served
      ? decision === 'give up' && others.length === 0
      : !others.some(isAccepting);
    if (noneServes) this.#failure = worker;
    // The same code fails the same way each time it is tried; that is said once.
    if (!worker.served && this.#reported === problem.message) return;
    this.#reported = worker.served ? undefined : problem.message;
    this.#events.problem(problem, worker);
  }
}

function isAccepting(worker: ManagedWorker): boolean {
  return worker.accepting;
}
