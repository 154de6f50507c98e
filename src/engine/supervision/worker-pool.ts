/** Keeps the wanted number of workers, replaces crashed ones, and moves from one generation of the code to the next. */
import type { Upstream } from '../scheduling/upstream.ts';
import type { WorkerLimits } from '../workers/runtime.ts';
import { lastWords } from './crash-report.ts';
import { ExtraWorkers } from './extra-workers.ts';
import { Generation } from './generation.ts';
import { InstanceCount } from './instances.ts';
import { ManagedWorker } from './managed-worker.ts';
import type { PoolConfig, PoolEvents, PoolParts } from './pool-types.ts';
import { RestartPolicy } from './restart-policy.ts';
import { StatusReports } from './status-reports.ts';
import { WorkerSet } from './worker-set.ts';
import { statusOf } from './worker-status.ts';

/** The first worker answers waiting requests before the start of the others takes processor time from it. In ms. */
const HEAD_START_MS = 50;

export class WorkerPool {
  #config: PoolConfig;
  #parts: PoolParts;
  #events: PoolEvents;
  #workers: WorkerSet;
  #restartPolicy = new RestartPolicy(() => this.#fill());
  #reports: StatusReports;
  #state: 'new' | 'running' | 'stopped' = 'new';
  #generation = new Generation();
  #extras = new ExtraWorkers({
    current: () => this.#current(),
    limits: () => this.#limits,
    retire: (worker) => this.#retire(worker),
    tidied: () => this.#reports.blocked(this.workers),
  });
  /** The worker whose failed start is the reason that no worker serves. */
  #failure: ManagedWorker | undefined;
  #instances = new InstanceCount();

  constructor(config: PoolConfig, parts: PoolParts, events: PoolEvents) {
    this.#config = config;
    this.#parts = parts;
    this.#events = events;
    this.#reports = new StatusReports((status) => events.status(status));
    this.#workers = new WorkerSet((worker) => events.ended(worker));
  }

  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'running';
    this.#extras.start();
    this.renew();
  }

  /** Workers that were started and have not exited. */
  get workers(): ManagedWorker[] {
    return this.#workers.all;
  }

  get config(): PoolConfig {
    return this.#config;
  }

  /** The most workers that there may be. */
  get most(): number {
    return this.#limits.maxWorkers;
  }

  /** The failed start that leaves no worker to serve; undefined while held, because changed code may start. */
  get failure(): ManagedWorker | undefined {
    return this.#generation.phase === 'held' ? undefined : this.#failure;
  }

  /** Takes effect at once; a change of the mode needs {@link renew}. */
  configure(config: PoolConfig): void {
    this.#config = config;
    this.#instances.asked();
    this.#fill();
  }

  /** Replaces a worker that can't serve in this mode and has not served. */
  startOver(worker: ManagedWorker): void {
    this.#end(worker, true);
    this.#fill();
  }

  /** A worker that will never serve ends as if its start had failed. */
  giveUpOn(worker: ManagedWorker): void {
    this.#kill(worker);
  }

  /** No worker gets a request until the next {@link renew} has led to a worker that accepts. */
  hold(): void {
    this.#generation.hold();
    this.#announce();
  }

  /** The reason for {@link hold} has disappeared: the existing workers get requests again. */
  release(): void {
    this.#generation.release();
    this.#announce();
    this.#restartPolicy.reportWithheld();
  }

  /** Starts the next generation and returns its number. Older workers exit once it accepts or has failed. */
  renew(): number {
    this.#restartPolicy.reset();
    // A worker that never served has nothing to finish, and its code is outdated.
    for (const worker of this.#current()) if (!worker.served) this.#end(worker, true);
    this.#generation.begin();
    this.#failure = undefined;
    // The new one can start only after the old one has ended.
    if (this.#instances.onlyOne) this.#retireOld();
    this.#fill();
    this.#announce();
    return this.#generation.number;
  }

  /** Old code is better than none: the previous generation serves until the new one accepts. */
  serveOld(): void {
    this.#generation.letOldServe();
    this.#announce();
  }

  /** @throws ServerError NO_SUCH_WORKER */
  restartWorker(id: number): void {
    const worker = this.#workers.find(id);
    // If it already drains, its successor already exists.
    if (worker.active && worker.generation === this.#generation.number) this.#start();
    this.#retire(worker);
  }

  /** @throws ServerError NO_SUCH_WORKER */
  killWorker(id: number): void {
    this.#restartPolicy.forgive();
    const worker = this.#workers.find(id);
    if (!worker.gentle) this.#kill(worker);
    else {
      if (worker.active && worker.generation === this.#generation.number) this.#start();
      this.#end(worker, true);
    }
  }

  /** All workers are blocked or busy to their limit: starts one more, if the limit allows. */
  wantWorker(): void {
    if (this.#generation.phase === 'held' || this.#failure !== undefined) return;
    if (this.#extras.mayStart()) this.#start();
  }

  /** A worker has reached its number of requests. Its successor starts now, so that it is warm in time. */
  usedUp(upstream: Upstream): void {
    const worker = this.#workers.get(upstream.id);
    if (worker === undefined) return;
    this.#retire(worker);
    this.#fill();
  }

  /** A worker's state changed; a draining one may have finished its last request. */
  changed(upstream: Upstream): void {
    const worker = this.#workers.get(upstream.id);
    if (worker === undefined) return;
    if (worker.life.phase === 'draining' && upstream.onlyEndless) this.#end(worker, false);
    this.#reports.changed(worker);
  }

  /** The app of a worker listens: it accepts requests from now on. */
  accepts(upstream: Upstream): void {
    const worker = this.#workers.get(upstream.id);
    if (worker === undefined || !worker.accepts()) return;
    const isCurrent = worker.generation === this.#generation.number;
    if (isCurrent) {
      this.#restartPolicy.started();
      this.#failure = undefined;
    }
    const isFirst = isCurrent && this.#generation.accepted();
    const isBeside = (other: ManagedWorker): boolean => other !== worker && other.accepting;
    if (isCurrent) this.#instances.accepted(isFirst, this.#current().some(isBeside));
    this.#announce();
    if (isFirst) {
      this.#events.generation('accepted', this.#generation.number);
      this.#retireOld();
      setTimeout(() => this.#fill(), HEAD_START_MS).unref();
    }
    this.#events.status(statusOf(worker));
  }

  /** Ends all workers. The caller has waited for their requests; `now` skips the app's own exit handlers. */
  async stop(now: boolean): Promise<void> {
    this.#state = 'stopped';
    this.#extras.stop();
    this.#reports.stop();
    this.#restartPolicy.reset();
    for (const worker of this.workers) this.#end(worker, now);
    await this.#workers.allEnded();
  }

  get #limits(): WorkerLimits {
    if (this.#instances.onlyOne) return { workers: 1, maxWorkers: 1 };
    return this.#parts.limits(this.#config.mode, this.#config);
  }

  #current(): ManagedWorker[] {
    return this.#generation.current(this.workers);
  }

  #retireOld(): void {
    for (const worker of this.workers)
      if (worker.generation !== this.#generation.number) this.#retire(worker);
  }

  /** Starts missing workers, or retires surplus ones. */
  #fill(): void {
    if (this.#state !== 'running') return;
    // One worker first: alone it answers sooner, and code that does not start fails once instead of four times.
    const workers = this.#generation.proven ? this.#limits.workers : 1;
    const current = this.#current();
    for (let count = current.length + this.#restartPolicy.waiting; count < workers; count++) this.#start();
    for (const worker of current.slice(this.#limits.maxWorkers)) this.#retire(worker);
  }

  #start(): void {
    if (this.#state !== 'running') return;
    // Its successor starts when it has exited.
    if (this.#instances.onlyOne && this.#workers.size > 0) return;
    const { mode, given } = this.#config;
    const generation = this.#generation.number;
    const order = { id: this.#workers.nextId(), generation, mode, movable: !given.includes('mode') };
    const worker = new ManagedWorker(order, this.#parts, {
      ...this.#events,
      exited: (exited) => this.#exited(exited),
      broken: (_upstream, reason) => this.#kill(worker, `protocol error: it sent ${reason}`),
    });
    this.#workers.add(worker);
    this.#events.started(worker);
    this.#events.status(statusOf(worker));
  }

  #retire(worker: ManagedWorker): void {
    if (!worker.drain()) return;
    this.#announce();
    this.changed(worker.upstream);
    setTimeout(() => this.#end(worker, false), this.#config.stopTimeoutMs).unref();
  }

  #end(worker: ManagedWorker, now: boolean): void {
    for (const exchange of worker.upstream.exchanges) if (exchange.endless) exchange.client.goAway(exchange);
    this.#workers.awaitEnd(worker, worker.end(now));
  }

  #kill(worker: ManagedWorker, broken?: string): void {
    this.#workers.awaitEnd(worker, worker.kill(broken));
    this.#announce();
  }

  #announce(): void {
    this.#events.available(this.#generation.serving(this.workers).map(({ upstream }) => upstream));
  }

  #exited(worker: ManagedWorker): void {
    this.#workers.exited(worker);
    const exchanges = worker.upstream.abandon();
    this.#announce();
    this.#events.died(worker, exchanges);
    this.#events.status(statusOf(worker));
    const isWanted = worker.life.phase !== 'exited' || worker.life.wanted;
    if (isWanted || this.#state !== 'running' || worker.generation !== this.#generation.number) {
      if (this.#instances.onlyOne && this.#failure === undefined) this.#fill();
      return;
    }
    if (this.#onlyOneCanRun(worker)) return;
    const { decision, problem } = this.#restartPolicy.died(worker);
    const others = this.#current();
    const noneServes = worker.served
      ? decision === 'give up' && others.length === 0
      : !others.some(({ accepting }) => accepting);
    if (noneServes) this.#failure = worker;
    // The next one that does not start proves that only one can run, which is no problem.
    const isDoubt = !worker.served && this.#instances.doubted;
    const isHeld = this.#generation.phase === 'held';
    if (problem !== undefined && !isDoubt)
      this.#restartPolicy.report(() => this.#events.problem(problem, worker), isHeld);
    if (noneServes && !worker.served) {
      this.#retireOld();
      this.#events.generation('failed', this.#generation.number);
    }
    if (decision === 'give up') return;
    this.#events.status({ ...statusOf(worker), state: 'restarting', restartInMs: decision.retryInMs });
  }

  /** @returns whether the worker could not start because another one runs; then one is all there will be */
  #onlyOneCanRun(worker: ManagedWorker): boolean {
    const { served } = worker;
    if (served || !this.#instances.failed(this.#current(), this.workers, lastWords(worker))) return false;
    this.#restartPolicy.reset();
    this.#retireOld();
    const first = this.#current().sort((a, b) => Number(b.accepting) - Number(a.accepting));
    for (const other of first.slice(1)) this.#retire(other);
    // It is not one that crashed: nothing is missing.
    this.#events.status({ ...statusOf(worker), state: 'stopped' });
    this.#events.alone(worker);
    return true;
  }
}
