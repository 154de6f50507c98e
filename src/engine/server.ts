/** The concurrent server: puts front, perturbation, scheduler and workers together. */
import path from 'node:path';
import { DEFAULTS, type ServerConfig } from '../protocol/config.ts';
import { ServerError } from '../protocol/errors.ts';
import type { Command, Engine, ServerEvent, StatusReport, StopReason } from '../protocol/messages.ts';
import { MAX_CLAIM_ID } from '../wire/claims.ts';
import { appEnvironment } from './app/environment.ts';
import { findApp } from './app/find-app.ts';
import { preparePython, pythonEnvironment } from './app/python-settings.ts';
import { type AppTerminal, noTerminal } from './app/terminal.ts';
import { runCommand } from './commands.ts';
import type { FrontHandler } from './http/connection/types.ts';
import { bindPublicAddress } from './http/listen/bind.ts';
import { HostPolicy } from './http/listen/host-policy.ts';
import type { Listener } from './http/listen/listener.ts';
import { Listeners } from './http/listen/listeners.ts';
import type { PageContext } from './http/pages/error-page.ts';
import { reloadScript } from './http/pages/reload-script.ts';
import type { RequestHead } from './http/parser/request-head.ts';
import { ProcessGuard } from './process/orphans/process-guard.ts';
import type { Exchange, LocalReply } from './requests/exchange.ts';
import { OVERLOADED, QUEUE_LIMIT, STOPPING } from './requests/local-replies.ts';
import { OpenExchanges } from './requests/open-exchanges.ts';
import { Perturbation } from './requests/perturbation.ts';
import { Routes } from './requests/route-stats.ts';
import { Scheduler } from './scheduling/scheduler.ts';
import { FlushQueue } from './scheduling/worker-wire.ts';
import { Supervisor, type SupervisorOptions } from './supervision/supervisor.ts';
import { requestsOf, statusOf } from './supervision/worker-status.ts';
import { NodeRuntime } from './workers/node/node-runtime.ts';
import { PythonRuntime } from './workers/python/python-runtime.ts';
import type { Runtime } from './workers/runtime.ts';

const WORKERS_DIR = path.join(__dirname, 'workers');

/** @param terminal where the app's output ends in one */
export function createEngine(config: ServerConfig, terminal: AppTerminal = noTerminal): Engine {
  return new ConcurrentServer(config, terminal);
}

class ConcurrentServer implements Engine, FrontHandler {
  readonly routes = new Routes();
  #config: ServerConfig;
  #terminal: AppTerminal;
  #listeners: Array<(event: ServerEvent) => void> = [];
  #guard = new ProcessGuard((text) => this.warn(text));
  #policy: HostPolicy;
  #perturbation: Perturbation;
  #scheduler: Scheduler;
  #addresses: Listeners;
  #address: Listener | undefined;
  #supervisor: Supervisor | undefined;
  #requests = 0;
  #served = 0;
  #open = new OpenExchanges();
  #stopping: Promise<void> | undefined;
  /** The stop under way is to wait for nothing any more. */
  #hurried = false;

  constructor(config: ServerConfig, terminal: AppTerminal) {
    this.#config = config;
    this.#terminal = terminal;
    this.#policy = new HostPolicy(config.addr, config.allowedHosts);
    const { randomDelay, overlap, seed } = config;
    this.#perturbation = new Perturbation({ randomDelay, overlap, seed }, (exchanges) =>
      this.#submit(exchanges),
    );
    this.#scheduler = new Scheduler({
      affinity: config.affinity,
      maxRequestsPerWorker: config.maxRequestsPerWorker,
      queueLimit: QUEUE_LIMIT,
      wantWorker: () => this.#supervisor?.pool.wantWorker(),
      changed: (upstream) => this.#supervisor?.pool.changed(upstream),
      usedUp: (upstream) => this.#supervisor?.pool.usedUp(upstream),
      overloaded: (exchange) => exchange.client.refuse(exchange, OVERLOADED),
    });
    this.#addresses = new Listeners(config.addr, this, (listener) => {
      this.#emit({ type: 'listener', url: listener.url, index: listener.server });
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
    const { kind, entry } = await findApp(this.#config.entry, cwd);
    const python = kind === 'python';
    const runtime = python ? await this.#preparePython(entry) : this.#nodeRuntime();
    const readEnvironment = python ? pythonEnvironment : appEnvironment;
    const environment = async () => this.#completeEnvironment(await readEnvironment(this.#config));
    const { addr, port, takeOver } = this.#config;
    await environment();
    process.chdir(cwd);
    this.#addresses.useAddress(addr, addr === DEFAULTS.addr && !this.#config.given.includes('addr'));
    this.#address = await bindPublicAddress(this.#addresses, { addr, port, takeOver });
    this.#reportLeftovers(await this.#guard.open({ url: this.#address.url, cwd }));
    const options: SupervisorOptions = {
      ...{ config: this.#config, entry, runtime, workersDir: WORKERS_DIR, environment },
      ...{ addresses: this.#addresses, guard: this.#guard, scheduler: this.#scheduler },
      terminal: this.#terminal,
      flushes: new FlushQueue(),
      emit: (event) => this.#emit(event),
      broken: () => this.#refuseWhileBroken(),
    };
    this.#supervisor = new Supervisor(options, await environment());
    this.#supervisor.start();
    const { mode, workers, processes, threads, seed } = this.#config;
    const { url } = this.#address;
    const ofThreads = python && mode === 'thread';
    const count = ofThreads ? { workers: processes, threads } : { workers };
    this.#emit({ type: 'ready', url, pid: process.pid, mode, ...count, seed, entry });
  }

  async command(command: Command): Promise<void> {
    const supervisor = this.#supervisor;
    if (supervisor === undefined) throw new ServerError('BAD_COMMAND', 'The server has not started.');
    await runCommand(command, {
      ...{ supervisor, perturbation: this.#perturbation, routes: this.routes },
      stop: (now) => this.stop('asked', now),
      tellStatus: (id) => {
        this.#emit({ type: 'status', ...(id === undefined ? {} : { id }), ...this.#status(supervisor) });
      },
    });
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

  forbids(head: RequestHead): LocalReply | undefined {
    return this.#policy.forbids(head);
  }

  admit(exchange: Exchange): void {
    this.#open.add(exchange);
    if (this.#stopping !== undefined) exchange.client.refuse(exchange, STOPPING);
    else this.#perturbation.hold(exchange);
  }

  finished(exchange: Exchange): void {
    exchange.cancelHold();
    this.#scheduler.finished(exchange);
    this.#open.delete(exchange);
    this.#served += 1;
    this.#emit(exchange.toEvent());
  }

  get facts(): PageContext {
    return { editorLink: this.#config.editorLink, build: this.#supervisor?.reload.pages.build ?? '' };
  }

  reloadScript(): string | undefined {
    const { pages, config } = this.#supervisor!.reload;
    return config.browser ? reloadScript(pages.build) : undefined;
  }

  joinReloadEvents(target: string, write: (text: string) => void): () => void {
    return this.#supervisor!.reload.pages.join(target, write);
  }

  warn(text: string): void {
    this.#emit({ type: 'log', level: 'warn', source: 'server', text });
  }

  // The parts

  #nodeRuntime(): Runtime {
    const { node = process.execPath, nodeArgs } = this.#config;
    return new NodeRuntime({ node, nodeArgs });
  }

  /** What a Python app needs before an address is bound, which may be its own to choose. */
  async #preparePython(entry: string): Promise<Runtime> {
    const env = await pythonEnvironment(this.#config);
    const { config, interpreter } = await preparePython(this.#config, entry, env, WORKERS_DIR);
    this.#config = config;
    const { addr, allowedHosts, randomDelay, threads, processes, mode } = config;
    this.#policy = new HostPolicy(addr, allowedHosts);
    this.#perturbation.configure({ ...this.#perturbation.config, randomDelay });
    const { noFork } = PythonRuntime;
    if (mode === 'fork' && noFork !== undefined) this.warn(noFork);
    return new PythonRuntime({ interpreter, threads, processes, guard: this.#guard });
  }

  /** The app's environment, with what only the server knows. */
  #completeEnvironment(env: Record<string, string>): Record<string, string> {
    const address = this.#address?.address;
    const bound =
      typeof address === 'object' ? { PORT: String(address.port), HOST: address.address } : undefined;
    return { ...env, ...bound, ...this.#guard.environment };
  }

  #reportLeftovers(killed: Awaited<ReturnType<ProcessGuard['open']>>): void {
    if (killed.length === 0) return;
    const list = killed.map(({ pid, command }) => `${pid} (${command})`).join(', ');
    this.#emit({
      type: 'log',
      level: 'info',
      source: 'server',
      text: `Stopped processes that an earlier server left behind: ${list}`,
    });
  }

  #submit(exchanges: Exchange[]): void {
    this.#scheduler.submit(exchanges);
    this.#refuseWhileBroken();
  }

  /** Nothing will take the requests that wait: they get the reason instead. */
  #refuseWhileBroken(): void {
    const localReply = this.#supervisor?.localReply;
    if (localReply === undefined) return;
    // Whatever the app would have spoken, the report is HTTP.
    this.#address?.assumeHttp();
    for (const exchange of this.#scheduler.takeQueue()) exchange.client.refuse(exchange, localReply);
  }

  #status({ pool, reload }: Supervisor): StatusReport {
    return {
      url: this.#address?.url ?? '',
      pid: process.pid,
      mode: pool.config.mode,
      workers: pool.workers.map((worker) => ({ ...statusOf(worker), requests: requestsOf(worker) })),
      queued: this.#scheduler.queued,
      inFlight: this.#open.size,
      served: this.#served,
      ...this.#perturbation.config,
      reload: reload.config,
    };
  }

  async #stop(reason: StopReason): Promise<void> {
    this.#addresses.stopAccepting();
    this.#supervisor?.reload.close();
    this.#perturbation.cancelNext();
    for (const exchange of this.#open.waiting()) exchange.client.refuse(exchange, STOPPING);
    if (!this.#hurried) await this.#open.drained(this.#config.stopTimeoutMs);
    this.#scheduler.stop();
    // At once means that nobody is kept waiting for an answer that will not come.
    if (this.#hurried) await this.#addresses.close();
    for (const exchange of this.#open.all()) exchange.client.refuse(exchange, STOPPING);
    await this.#supervisor?.stop(this.#hurried);
    await this.#addresses.close();
    await this.#guard.close();
    this.#emit({ type: 'stopped', reason });
  }

  #emit(event: ServerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
