/** Connects front, perturbation, scheduler and workers, once the app to serve is known. */
import { DEFAULTS } from '../protocol/config.ts';
import { MAX_OTHERS, type ServerEvent, type StatusReport } from '../protocol/messages.ts';
import { MAX_CLAIM_ID } from '../wire/claims.ts';
import type { AppTerminal } from './app/terminal.ts';
import type { CommandTargets } from './commands.ts';
import type { FrontHandler } from './http/connection/types.ts';
import { bindPublicAddress } from './http/listen/bind.ts';
import { HostPolicy } from './http/listen/host-policy.ts';
import type { Listener } from './http/listen/listener.ts';
import { Listeners } from './http/listen/listeners.ts';
import type { PageContext } from './http/pages/error-page.ts';
import { reloadScript } from './http/pages/reload-script.ts';
import type { RequestHead } from './http/parser/request-head.ts';
import type { ResponseHead } from './http/parser/response-head.ts';
import type { ProcessGuard } from './process/orphans/process-guard.ts';
import type { Exchange } from './requests/exchange.ts';
import { type LocalReply, OVERLOADED, QUEUE_LIMIT, STOPPING } from './requests/local-replies.ts';
import { Notices, oneWorkerOptions } from './requests/notices.ts';
import { OpenExchanges } from './requests/open-exchanges.ts';
import { Perturbation } from './requests/perturbation.ts';
import { Routes } from './requests/route-stats.ts';
import type { SessionRequest } from './requests/session-request.ts';
import { Scheduler } from './scheduling/scheduler.ts';
import { FlushQueue } from './scheduling/worker-wire.ts';
import type { ServedApp } from './served-app.ts';
import { Supervisor } from './supervision/supervisor.ts';
import { requestsOf, statusOf } from './supervision/worker-status.ts';

interface ServerParts {
  terminal: AppTerminal;
  guard: ProcessGuard;
  /** Folder of the built workers' halves. */
  workersDir: string;
  emit(event: ServerEvent): void;
}

export class RunningServer implements FrontHandler {
  readonly routes = new Routes();
  #app: ServedApp;
  #guard: ProcessGuard;
  #emit: (event: ServerEvent) => void;
  #policy: HostPolicy;
  #perturbation: Perturbation;
  #scheduler: Scheduler;
  #addresses: Listeners;
  #supervisor: Supervisor;
  #notices: Notices;
  /** Undefined until it is bound. */
  #address: Listener | undefined;
  #requests = 0;
  #served = 0;
  #open = new OpenExchanges();
  #stopping = false;

  constructor(app: ServedApp, { terminal, guard, workersDir, emit }: ServerParts) {
    const { config, entry, runtime } = app;
    const { addr, allowedHosts, randomDelay, overlap, seed, affinity, maxRequestsPerWorker } = config;
    this.#app = app;
    this.#guard = guard;
    this.#emit = emit;
    this.#policy = new HostPolicy(addr, allowedHosts);
    this.#perturbation = new Perturbation(
      { randomDelay, overlap, seed },
      {
        release: (exchanges) => this.#submit(exchanges),
        incomplete: (waited) => this.#notices.overlapIncomplete(waited),
      },
    );
    this.#scheduler = new Scheduler({
      affinity,
      maxRequestsPerWorker,
      queueLimit: QUEUE_LIMIT,
      isAlone: (server) => this.#addresses.isAlone(server),
      wantWorker: () => this.#supervisor.pool.wantWorker(),
      changed: (upstream) => this.#supervisor.pool.changed(upstream),
      usedUp: (upstream) => this.#supervisor.pool.usedUp(upstream),
      session: (protocol) => this.#notices.session(protocol),
      overloaded: (exchange) => exchange.client.refuse(exchange, OVERLOADED),
    });
    this.#notices = new Notices({
      emit,
      severalServe: () => !this.#scheduler.byClient && this.#supervisor.pool.most > 1,
      countedBy: () => this.#countedBy,
    });
    const both = addr === DEFAULTS.addr && !config.given.includes('addr');
    this.#addresses = new Listeners({ addr, both }, this, ({ url, server }) => {
      emit({ type: 'listener', url, index: server });
      if (!this.#addresses.isAlone(server) || affinity === 'client' || config.workers === 1) return;
      const text =
        `Connections to ${url} go to one worker at a time. If they belong to pages that another worker serves, as in ` +
        "Vite's HMR, use --affinity client or --workers 1.";
      emit({ type: 'log', level: 'info', source: 'server', text });
    });
    this.#supervisor = new Supervisor({
      config,
      entry,
      runtime,
      terminal,
      workersDir,
      guard,
      emit,
      files: app.files,
      environment: () => this.#environment(),
      addresses: this.#addresses,
      scheduler: this.#scheduler,
      flushes: new FlushQueue(),
      oneWorker: () => oneWorkerOptions(this.#countedBy),
      broken: () => this.#refuseWhileBroken(),
    });
  }

  /** Rejects with a ServerError if the address can't be bound. */
  async start(): Promise<void> {
    const { config, entry, threads, script, others } = this.#app;
    const { addr, port, takeOver, cwd, mode, workers, processes, seed } = config;
    const address = await bindPublicAddress(this.#addresses, { addr, port, takeOver });
    this.#address = address;
    this.#reportLeftovers(await this.#guard.open({ url: address.url, cwd }));
    this.#supervisor.start(await this.#environment());
    const more = others.length === 0 ? {} : { others: others.slice(0, MAX_OTHERS) };
    const count = threads !== undefined && mode === 'thread' ? { workers: processes, threads } : { workers };
    const taken = script === undefined ? {} : { script };
    const ready = { url: address.url, pid: process.pid, mode, ...count, seed, entry, ...taken, ...more };
    this.#emit({ type: 'ready', ...ready });
  }

  /** The parts that commands use. */
  get parts(): Pick<CommandTargets, 'scheduler' | 'supervisor' | 'perturbation' | 'routes'> {
    return {
      scheduler: this.#scheduler,
      supervisor: this.#supervisor,
      perturbation: this.#perturbation,
      routes: this.routes,
    };
  }

  status(): StatusReport {
    const { pool, reload } = this.#supervisor;
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

  /** A current stop does not wait for answers any more. */
  hurry(): void {
    this.#open.hurry();
  }

  /** @param hurried whether it must not wait; that may change while it waits */
  async stop(hurried: () => boolean): Promise<void> {
    this.#stopping = true;
    this.#addresses.stopAccepting();
    this.#supervisor.reload.close();
    this.#perturbation.cancelNext();
    for (const exchange of this.#open.waiting()) exchange.client.refuse(exchange, STOPPING);
    if (!hurried()) await this.#open.drained(this.#app.config.stopTimeoutMs);
    this.#scheduler.stop();
    // "At once" means that no client waits for an answer that will not come.
    if (hurried()) await this.#addresses.close();
    for (const exchange of this.#open.all()) exchange.client.refuse(exchange, STOPPING);
    await this.#supervisor.stop(hurried());
    await this.#addresses.close();
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
    if (this.#stopping) exchange.client.refuse(exchange, STOPPING);
    else this.#perturbation.hold(exchange);
  }

  finished(exchange: Exchange): void {
    exchange.cancelHold();
    this.#scheduler.finished(exchange);
    this.#open.delete(exchange);
    this.#served += 1;
    this.#emit(exchange.toEvent());
  }

  get pageContext(): PageContext {
    return { editorLink: this.#app.config.editorLink, build: this.#supervisor.reload.pages.build };
  }

  reloadScript(): string | undefined {
    const { pages, config } = this.#supervisor.reload;
    return config.browser ? reloadScript(pages.build) : undefined;
  }

  joinReloadEvents(target: string, write: (text: string) => void): () => void {
    return this.#supervisor.reload.pages.join(target, write);
  }

  sessionGiven(exchange: Exchange, protocol: SessionRequest['protocol'], id: string): void {
    this.#scheduler.sessionGiven(exchange, id, protocol);
  }

  answerPassed(exchange: Exchange, head: ResponseHead): void {
    this.#notices.answered(exchange, head);
  }

  warn(text: string): void {
    this.#emit({ type: 'log', level: 'warn', source: 'server', text });
  }

  // The parts

  /** The setting that says how many workers there are. */
  get #countedBy(): 'workers' | 'processes' {
    const ownThreads = this.#app.threads !== undefined && this.#supervisor.pool.config.mode === 'thread';
    return ownThreads ? 'processes' : 'workers';
  }

  /** The app's environment, with the variables that only the server knows. */
  async #environment(): Promise<Record<string, string>> {
    const address = this.#address?.address;
    const bound =
      typeof address === 'object' ? { PORT: String(address.port), HOST: address.address } : undefined;
    return { ...(await this.#app.environment()), ...bound, ...this.#guard.environment };
  }

  #reportLeftovers(killed: Awaited<ReturnType<ProcessGuard['open']>>): void {
    if (killed.length === 0) return;
    const list = killed.map(({ pid, command }) => `${pid} (${command})`).join(', ');
    const text = `Stopped processes that an earlier server left behind: ${list}`;
    this.#emit({ type: 'log', level: 'info', source: 'server', text });
  }

  #submit(exchanges: Exchange[]): void {
    this.#scheduler.submit(exchanges);
    this.#refuseWhileBroken();
  }

  /** No worker will take the waiting requests: they get the reason instead. */
  #refuseWhileBroken(): void {
    const { localReply } = this.#supervisor;
    if (localReply === undefined) return;
    // The report is HTTP, whatever protocol the app would have used.
    this.#address?.assumeHttp();
    for (const exchange of this.#scheduler.takeQueue()) exchange.client.refuse(exchange, localReply);
  }
}
