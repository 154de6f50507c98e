/** The concurrent server: puts front, disturbance, scheduler, workers and request log together. */
import path from 'node:path';
import { MAX_CLAIM_ID } from '../protocol/claims.ts';
import type { ServerConfig } from '../protocol/config.ts';
import { ServerError } from '../protocol/errors.ts';
import type { Command, Engine, ServerEvent, StatusReport, StopReason } from '../protocol/messages.ts';
import { type App, findApp } from './app.ts';
import { appEnvironment } from './app-environment.ts';
import { deathReport, startFailureReport } from './death-report.ts';
import { Disturbance } from './disturbance.ts';
import type { Exchange, Refusal } from './exchange.ts';
import { FlushQueue } from './flush-queue.ts';
import type { FrontHandler } from './front/front.ts';
import { HostPolicy } from './front/host-policy.ts';
import type { Listener } from './front/listener.ts';
import type { RequestHead } from './front/request-head.ts';
import { Listeners } from './listeners.ts';
import { OpenExchanges } from './open-exchanges.ts';
import { ProcessGuard } from './process-guard.ts';
import { bindPublicAddress } from './public-address.ts';
import { preparePython } from './python-app.ts';
import { OVERLOADED, QUEUE_LIMIT, STOPPING } from './refusals.ts';
import { RequestLog } from './request-log.ts';
import { Routes } from './routes.ts';
import { Scheduler } from './scheduler.ts';
import { applySet } from './set-command.ts';
import { WorkerControl } from './worker-control.ts';
import { WorkerPool } from './worker-pool.ts';
import { PythonHost } from './workers/python/host.ts';

/** How long the first request of an overlap asked for by hand waits for the others, unless told otherwise. */
const OVERLAP_NEXT_MS = 10_000;

const WORKERS_DIR = path.join(__dirname, 'workers');

export function createEngine(config: ServerConfig): Engine {
  return new ConcurrentServer(config);
}

class ConcurrentServer implements Engine, FrontHandler {
  readonly routes = new Routes();
  #config: ServerConfig;
  #entry = '';
  #python: PythonHost | undefined;
  #listeners: Array<(event: ServerEvent) => void> = [];
  #log = new RequestLog();
  #guard = new ProcessGuard();
  #policy: HostPolicy;
  #disturbance: Disturbance;
  #scheduler: Scheduler;
  #addresses: Listeners;
  #address: Listener | undefined;
  #pool: WorkerPool | undefined;
  #flushes = new FlushQueue();
  #control: WorkerControl;
  #requests = 0;
  #connections = 0;
  #served = 0;
  #open = new OpenExchanges();
  #stopping: Promise<void> | undefined;
  /** The stop under way is to wait for nothing any more. */
  #hurried = false;

  constructor(config: ServerConfig) {
    this.#config = config;
    this.#policy = new HostPolicy(config.addr, config.allowedHosts);
    const { randomDelay, overlap, seed } = config;
    this.#disturbance = new Disturbance({ randomDelay, overlap, seed }, (exchanges) =>
      this.#submit(exchanges),
    );
    this.#scheduler = new Scheduler({
      affinity: config.affinity,
      maxRequestsPerWorker: config.maxRequestsPerWorker,
      queueLimit: QUEUE_LIMIT,
      wantWorker: () => this.#pool?.wantWorker(),
      changed: (upstream) => this.#pool?.changed(upstream),
      usedUp: (upstream) => this.#pool?.usedUp(upstream),
      overloaded: (exchange) => exchange.client.refuse(exchange, OVERLOADED),
    });
    this.#addresses = new Listeners(config.addr, this, (listener) => {
      this.#emit({ type: 'listener', url: listener.url, index: listener.server });
    });
    this.#control = new WorkerControl(this.#addresses, this.#guard, {
      emit: (event) => this.#emit(event),
      accepts: (upstream) => this.#pool?.accepts(upstream),
    });
  }

  on(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  async start(): Promise<void> {
    const { cwd } = this.#config;
    const app = await findApp(this.#config.entry, cwd);
    this.#entry = app.entry;
    const env = await this.#prepare(app, await appEnvironment(this.#config));
    const { addr, port, takeOver } = this.#config;
    process.chdir(cwd);
    this.#address = await bindPublicAddress(this.#addresses, { addr, port, takeOver });
    this.#reportLeftovers(await this.#guard.open({ url: this.#address.url, cwd }));
    const { address } = this.#address;
    if (typeof address !== 'string')
      Object.assign(env, { PORT: String(address.port), HOST: address.address });
    this.#pool = this.#createPool({ ...env, ...this.#guard.environment });
    this.#pool.start();
    const { mode, seed, processes, threads } = this.#config;
    const { url } = this.#address;
    const ofThreads = this.#python !== undefined && mode === 'thread';
    const workers = ofThreads ? { workers: processes, threads } : { workers: this.#config.workers };
    this.#emit({ type: 'ready', url, pid: process.pid, mode, ...workers, seed, entry: this.#entry });
  }

  async command(command: Command): Promise<void> {
    const pool = this.#pool;
    if (pool === undefined) throw new ServerError('BAD_COMMAND', 'The server has not started.');
    switch (command.type) {
      case 'stop':
        await this.stop('asked', command.now);
        return;
      case 'restart':
        pool.restart();
        return;
      case 'restartWorker':
        pool.restartWorker(command.worker);
        return;
      case 'killWorker':
        pool.killWorker(command.worker);
        return;
      case 'set':
        applySet(command, { disturbance: this.#disturbance, routes: this.routes, pool });
        return;
      case 'overlapNext': {
        const { size, maxMs = OVERLAP_NEXT_MS, routes = [] } = command;
        await this.#disturbance.overlapNext({ size, maxMs, routes });
        return;
      }
      case 'status': {
        const id = command.id === undefined ? {} : { id: command.id };
        this.#emit({ type: 'status', ...id, ...this.#status(pool) });
        // For the next answer, and only when asked: a worker that is woken every second to be measured is not idle.
        for (const worker of pool.workers) if (worker.accepting) worker.upstream.measure();
      }
    }
  }

  stop(reason: StopReason, now = false): Promise<void> {
    if (now) {
      this.#hurried = true;
      this.#open.hurry();
    }
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  // FrontHandler

  nextRequestId(): number {
    this.#requests = this.#requests === MAX_CLAIM_ID ? 1 : this.#requests + 1;
    return this.#requests;
  }

  nextConnectionId(): number {
    this.#connections = this.#connections === 0xffff_ffff ? 1 : this.#connections + 1;
    return this.#connections;
  }

  forbids(head: RequestHead): Refusal | undefined {
    return this.#policy.forbids(head);
  }

  admit(exchange: Exchange): void {
    this.#open.add(exchange);
    if (this.#stopping !== undefined) exchange.client.refuse(exchange, STOPPING);
    else this.#disturbance.hold(exchange);
  }

  finished(exchange: Exchange): void {
    exchange.cancelHold?.();
    this.#scheduler.finished(exchange);
    this.#open.delete(exchange);
    this.#served += 1;
    const event = exchange.toEvent();
    this.#log.push(event);
    this.#emit(event);
  }

  warn(text: string): void {
    this.#emit({ type: 'log', level: 'warn', source: 'server', text });
  }

  // The parts

  /** What the app needs before an address is bound, which may be its own to choose. Returns its environment. */
  async #prepare({ kind, entry }: App, env: Record<string, string>): Promise<Record<string, string>> {
    if (kind === 'node') return env;
    const python = await preparePython(this.#config, entry, env, WORKERS_DIR);
    this.#config = python.config;
    const { addr, allowedHosts, randomDelay, threads, processes, mode } = python.config;
    this.#policy = new HostPolicy(addr, allowedHosts);
    this.#addresses.addr = addr;
    this.#disturbance.configure({ ...this.#disturbance.config, randomDelay });
    this.#python = new PythonHost({
      interpreter: python.interpreter,
      threads,
      processes,
      guard: this.#guard,
    });
    const { noFork } = PythonHost;
    if (mode === 'fork' && noFork !== undefined) this.warn(noFork);
    return python.env;
  }

  #createPool(env: Record<string, string>): WorkerPool {
    const { args, nodeArgs, node, cwd } = this.#config;
    const options = {
      entry: this.#entry,
      cwd,
      args,
      nodeArgs,
      node: node ?? process.execPath,
      env,
      workersDir: WORKERS_DIR,
      ...(this.#python === undefined ? {} : { python: this.#python }),
    };
    const { processes, ...config } = this.#config;
    const kept = this.#python === undefined ? config : { ...config, processes };
    return new WorkerPool(kept, options, {
      available: (upstreams) => {
        this.#scheduler.setUpstreams(upstreams);
        this.#refuseWhileBroken();
      },
      status: (status) => this.#emit({ type: 'worker', ...status }),
      problem: (error, worker) => {
        this.#emit({ type: 'error', error: error.toWire(), worker: worker.id });
        this.#refuseWhileBroken();
      },
      died: (worker, exchanges) => {
        for (const exchange of exchanges) {
          exchange.client.refuse(exchange, deathReport(worker, exchange, exchanges));
        }
      },
      started: (worker) => this.#guard.started(worker),
      ended: (worker) => this.#guard.ended(worker),
      output: (worker, source, text) => this.#control.output(worker, source, text),
      control: (upstream, message) => {
        const worker = this.#pool?.workers.find(({ id }) => id === upstream.id);
        if (worker !== undefined) this.#control.receive(worker, message);
      },
      unblocked: (upstream) => this.#scheduler.unblocked(upstream),
      revoked: (_upstream, exchange) => this.#scheduler.revoked(exchange),
      touched: (upstream) => this.#flushes.add(upstream),
    });
  }

  #reportLeftovers({ killed, warning }: Awaited<ReturnType<ProcessGuard['open']>>): void {
    if (warning !== undefined) this.warn(warning);
    if (killed.length === 0) return;
    const list = killed.map(({ pid, command }) => `${pid} (${command})`).join(', ');
    this.#emit({
      type: 'log',
      level: 'info',
      source: 'server',
      text: `Ended what a dead server left: ${list}`,
    });
  }

  #submit(exchanges: Exchange[]): void {
    this.#scheduler.submit(exchanges);
    this.#refuseWhileBroken();
  }

  /** Nothing will take the requests that wait: they get the reason instead. */
  #refuseWhileBroken(): void {
    const failure = this.#pool?.failure;
    if (failure === undefined) return;
    // Whatever the app would have spoken, the report is HTTP.
    this.#address?.assumeHttp();
    for (const exchange of this.#scheduler.takeQueue()) {
      exchange.client.refuse(exchange, startFailureReport(failure));
    }
  }

  #status(pool: WorkerPool): StatusReport {
    return {
      url: this.#address?.url ?? '',
      pid: process.pid,
      mode: pool.config.mode,
      workers: pool.workers.map((worker) => ({ ...worker.status(), requests: worker.requests() })),
      queued: this.#scheduler.queued,
      inFlight: this.#open.size,
      served: this.#served,
      ...this.#disturbance.config,
    };
  }

  async #stop(reason: StopReason): Promise<void> {
    this.#addresses.stopAccepting();
    this.#disturbance.cancelNext();
    for (const exchange of this.#open.waiting()) exchange.client.refuse(exchange, STOPPING);
    if (!this.#hurried) await this.#open.drained(this.#config.stopTimeoutMs);
    this.#scheduler.stop();
    // At once means that nobody is kept waiting for an answer that will not come.
    if (this.#hurried) await this.#addresses.close();
    for (const exchange of this.#open.all()) exchange.client.refuse(exchange, STOPPING);
    await this.#pool?.stop(this.#hurried);
    await this.#python?.close();
    await this.#addresses.close();
    await this.#guard.close();
    this.#emit({ type: 'stopped', reason });
  }

  #emit(event: ServerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
