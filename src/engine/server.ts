/** The concurrent server: puts front, disturbance, scheduler, workers and request log together. */
import path from 'node:path';
import { MAX_CLAIM_ID } from '../protocol/claims.ts';
import type { ServerConfig } from '../protocol/config.ts';
import { ServerError } from '../protocol/errors.ts';
import type { Command, Engine, ServerEvent, StatusReport, StopReason } from '../protocol/messages.ts';
import { appEnvironment } from './app-environment.ts';
import { deathReport, startFailureReport } from './death-report.ts';
import { Disturbance } from './disturbance.ts';
import { findEntry } from './entry.ts';
import type { Exchange, Refusal } from './exchange.ts';
import { FlushQueue } from './flush-queue.ts';
import type { FrontHandler } from './front/front.ts';
import { HostPolicy } from './front/host-policy.ts';
import type { Listener } from './front/listener.ts';
import { pageScript } from './front/page-script.ts';
import type { PageFacts } from './front/refusal-page.ts';
import type { RequestHead } from './front/request-head.ts';
import { Listeners } from './listeners.ts';
import { OpenExchanges } from './open-exchanges.ts';
import { ProcessGuard } from './process-guard.ts';
import { bindPublicAddress } from './public-address.ts';
import { OVERLOADED, QUEUE_LIMIT, STILL_STARTING, STOPPING } from './refusals.ts';
import { Reload } from './reload/reload.ts';
import { RequestLog } from './request-log.ts';
import { Routes } from './routes.ts';
import { Scheduler } from './scheduler.ts';
import { applySet } from './set-command.ts';
import { WorkerControl } from './worker-control.ts';
import { WorkerPool } from './worker-pool.ts';

/** How long the first request of an overlap asked for by hand waits for the others, unless told otherwise. */
const OVERLAP_NEXT_MS = 10_000;

export function createEngine(config: ServerConfig): Engine {
  return new ConcurrentServer(config);
}

class ConcurrentServer implements Engine, FrontHandler {
  readonly routes = new Routes();
  #config: ServerConfig;
  #entry = '';
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
  #reload: Reload | undefined;
  /** Set while requests have waited for new code for as long as they may. */
  #tooLate = false;
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
      loaded: ({ generation }, files, at) => this.#reload?.loaded(files, at, generation),
    });
  }

  on(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  async start(): Promise<void> {
    const { addr, port, takeOver, cwd } = this.#config;
    this.#entry = await findEntry(this.#config.entry, cwd);
    const env = await appEnvironment(this.#config);
    process.chdir(cwd);
    this.#address = await bindPublicAddress(this.#addresses, { addr, port, takeOver });
    this.#reportLeftovers(await this.#guard.open({ url: this.#address.url, cwd }));
    this.#pool = this.#createPool(this.#completeEnvironment(env));
    this.#reload = this.#createReload(this.#pool);
    this.#pool.start();
    const { mode, workers, seed } = this.#config;
    const { url } = this.#address;
    this.#emit({ type: 'ready', url, pid: process.pid, mode, workers, seed, entry: this.#entry });
  }

  async command(command: Command): Promise<void> {
    const pool = this.#pool;
    if (pool === undefined) throw new ServerError('BAD_COMMAND', 'The server has not started.');
    switch (command.type) {
      case 'stop':
        await this.stop('asked', command.now);
        return;
      case 'restart':
        this.#reload?.restart();
        return;
      case 'restartWorker':
        pool.restartWorker(command.worker);
        return;
      case 'killWorker':
        pool.killWorker(command.worker);
        return;
      case 'set':
        applySet(command, {
          disturbance: this.#disturbance,
          routes: this.routes,
          pool,
          reload: this.#reload!,
        });
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

  get facts(): PageFacts {
    return { editorLink: this.#config.editorLink, build: this.#reload?.pages.build ?? '' };
  }

  pageScript(): string | undefined {
    const { pages, config } = this.#reload!;
    return config.browser ? pageScript(pages.build) : undefined;
  }

  joinPages(target: string, write: (text: string) => void): () => void {
    return this.#reload!.pages.join(target, write);
  }

  warn(text: string): void {
    this.#emit({ type: 'log', level: 'warn', source: 'server', text });
  }

  // The parts

  /** The app's environment, with what only the server knows. */
  #completeEnvironment(env: Record<string, string>): Record<string, string> {
    const address = this.#address?.address;
    const bound =
      typeof address === 'object' ? { PORT: String(address.port), HOST: address.address } : undefined;
    return { ...env, ...bound, ...this.#guard.environment };
  }

  #createReload(pool: WorkerPool): Reload {
    const { cwd, envFile, reload } = this.#config;
    const folders = new Set([cwd, path.dirname(this.#entry)]);
    const files = [...folders].map((folder) => path.join(folder, 'package.json'));
    if (envFile !== undefined) files.push(path.resolve(cwd, envFile));
    return new Reload({
      config: reload,
      root: cwd,
      entry: this.#entry,
      files,
      target: {
        hold: () => pool.hold(),
        renew: async () => {
          this.#tooLate = false;
          return pool.renew(await this.#renewedEnvironment());
        },
        late: (answer) => {
          this.#tooLate = answer === 'refuse';
          if (answer === 'old') pool.serveOld();
          this.#refuseWhileBroken();
        },
        report: (report) => this.#emit({ type: 'reload', ...report }),
      },
    });
  }

  /** The env file may have changed; undefined where it can't be read now, so that the app keeps what it had. */
  async #renewedEnvironment(): Promise<Record<string, string> | undefined> {
    try {
      return this.#completeEnvironment(await appEnvironment(this.#config));
    } catch (error) {
      this.#emit({ type: 'error', error: ServerError.from(error).toWire() });
      return undefined;
    }
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
      workersDir: path.join(__dirname, 'workers'),
    };
    return new WorkerPool(this.#config, options, {
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
      generation: (outcome, generation) => {
        this.#tooLate = false;
        this.#reload?.generation(outcome, generation);
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
    if (failure === undefined && !this.#tooLate) return;
    // Whatever the app would have spoken, the report is HTTP.
    this.#address?.assumeHttp();
    const refusal = failure === undefined ? STILL_STARTING : startFailureReport(failure);
    for (const exchange of this.#scheduler.takeQueue()) exchange.client.refuse(exchange, refusal);
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
      reload: this.#reload?.config ?? this.#config.reload,
    };
  }

  async #stop(reason: StopReason): Promise<void> {
    this.#addresses.stopAccepting();
    this.#reload?.close();
    this.#disturbance.cancelNext();
    for (const exchange of this.#open.waiting()) exchange.client.refuse(exchange, STOPPING);
    if (!this.#hurried) await this.#open.drained(this.#config.stopTimeoutMs);
    this.#scheduler.stop();
    // At once means that nobody is kept waiting for an answer that will not come.
    if (this.#hurried) await this.#addresses.close();
    for (const exchange of this.#open.all()) exchange.client.refuse(exchange, STOPPING);
    await this.#pool?.stop(this.#hurried);
    await this.#addresses.close();
    await this.#guard.close();
    this.#emit({ type: 'stopped', reason });
  }

  #emit(event: ServerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
