/**
 * The real requests, scheduler and supervisor, over apps that the test plays: the test decides what an app does and
 * when time passes.
 */
import assert from 'node:assert/strict';
import { noTerminal } from '../../../src/engine/app/terminal.ts';
import type { LocalReply } from '../../../src/engine/requests/local-replies.ts';
import { Scheduler } from '../../../src/engine/scheduling/scheduler.ts';
import { FlushQueue } from '../../../src/engine/scheduling/worker-wire.ts';
import { Supervisor } from '../../../src/engine/supervision/supervisor.ts';
import type { Runtime } from '../../../src/engine/workers/runtime.ts';
import type { RunnerEvents, RunnerOptions, WorkerRunner } from '../../../src/engine/workers/worker-runner.ts';
import type { Mode } from '../../../src/protocol/config.ts';
import { DEFAULTS, type ServerConfig } from '../../../src/protocol/config.ts';
import type { ServerEvent } from '../../../src/protocol/messages.ts';
import { FrameReader } from '../../../src/wire/frame-reader.ts';
import { FrameWriter } from '../../../src/wire/frame-writer.ts';
import { Frame, type FromWorker } from '../../../src/wire/frames.ts';
import { FakeClient } from '../scheduling/fake-worker.ts';

const ADDRESS = {
  server: 0,
  bound: { address: '127.0.0.1', family: 'IPv4', port: 8000 },
  setKind: () => {},
  allowHeads: () => {},
};

export class SupervisorWorld {
  readonly supervisor: Supervisor;
  readonly scheduler: Scheduler;
  readonly events: ServerEvent[] = [];
  readonly apps: FakeApp[] = [];
  readonly clients: WaitingClient[] = [];
  /** Numbers of the requests that an app ran. */
  readonly runs: number[] = [];
  /** The app's environment, as its files would define it. */
  env: Record<string, string> = {};
  #stopped: Promise<void> | undefined;
  #startedBeforeStop = 0;

  constructor(config: Partial<ServerConfig> = {}) {
    const runtime: Runtime = {
      start: (mode, generation, options, events) => {
        const app = new FakeApp({ mode, generation, options, events, runs: this.runs });
        this.apps.push(app);
        return app;
      },
      limits: (_mode, asked) => asked,
      resize: () => {},
      close: async () => {},
    };
    const refuse = (): void => {
      const { localReply } = this.supervisor;
      if (localReply === undefined) return;
      for (const exchange of this.scheduler.takeQueue()) exchange.client.refuse(exchange, localReply);
    };
    this.scheduler = new Scheduler({
      affinity: 'none',
      maxRequestsPerWorker: config.maxRequestsPerWorker ?? 0,
      queueLimit: 1_000,
      wantWorker: () => this.supervisor.pool.wantWorker(),
      changed: (upstream) => this.supervisor.pool.changed(upstream),
      session: () => {},
      usedUp: (upstream) => this.supervisor.pool.usedUp(upstream),
      isAlone: () => false,
      overloaded: () => assert.fail('the queue is long enough'),
    });
    this.supervisor = new Supervisor({
      config: {
        ...DEFAULTS,
        ...{ cwd: process.cwd(), workers: 2, maxWorkers: 3, seed: 1, given: [] },
        ...config,
        reload: { ...DEFAULTS.reload, enabled: false },
      },
      entry: '/app/server.js',
      oneWorker: () => '--workers 1',
      runtime,
      workersDir: '/workers',
      environment: async () => this.env,
      terminal: noTerminal,
      addresses: {
        first: ADDRESS,
        bind: async () => ADDRESS,
        release: () => {},
        left: () => {},
      },
      guard: {
        started: async () => {},
        ownerEnded: async () => {},
        spawned: () => {},
        childExited: () => {},
        bound: () => {},
      },
      scheduler: this.scheduler,
      flushes: new FlushQueue(),
      emit: (event) => {
        if (event.type === 'log' && event.level === 'error' && event.source === 'server')
          assert.fail(event.text);
        this.events.push(event);
      },
      broken: () => refuse(),
    });
    this.refuse = refuse;
    this.supervisor.start({});
  }

  /** Refuses requests that no worker will take; a part of the server. */
  readonly refuse: () => void;

  /** The apps that have not exited, the oldest first. */
  get running(): FakeApp[] {
    return this.apps.filter(({ exited }) => !exited);
  }

  at(index: number): FakeApp | undefined {
    return this.running[index % Math.max(1, this.running.length)];
  }

  request(): WaitingClient {
    const client = new WaitingClient(this.scheduler);
    this.clients.push(client);
    // From the stop on, the server itself answers them.
    if (this.#stopped !== undefined) client.refuse(client.exchange, STOPPED);
    else {
      this.scheduler.submit([client.exchange]);
      this.refuse();
    }
    return client;
  }

  /** The app answers its running requests. */
  answer(app: FakeApp | undefined): void {
    for (const client of this.clients) {
      if (!client.exchange.finished && app?.has(client.exchange.id)) client.answered();
    }
  }

  stop(): void {
    if (this.#stopped !== undefined) return;
    this.#startedBeforeStop = this.apps.length;
    this.scheduler.stop();
    for (const client of this.clients) if (!client.exchange.finished) client.refuse(client.exchange, STOPPED);
    this.#stopped = this.supervisor.stop(false);
  }

  get stopped(): Promise<void> | undefined {
    return this.#stopped;
  }

  /** The invariants that hold at any moment. */
  check(): void {
    assert.equal(new Set(this.runs).size, this.runs.length, 'a request ran twice');
    for (const { ends, exchange } of this.clients)
      assert.equal(ends, exchange.finished ? 1 : 0, `request ${exchange.id} ends once`);
    if (this.#stopped !== undefined)
      assert.equal(this.apps.length, this.#startedBeforeStop, 'nothing is started after a stop');
  }

  /** Apps do their work and time passes, until nothing changes any more. */
  async comeToRest(pass: (ms: number) => Promise<void>): Promise<void> {
    for (let round = 0; round < 24; round++) {
      for (const app of this.running) {
        app.goOn();
        app.listen();
        app.run();
      }
      await pass(5);
      for (const app of this.running) this.answer(app);
      await pass(round % 3 === 0 ? 6_000 : 12);
      this.check();
    }
  }
}

const STOPPED: LocalReply = { status: 503, title: 'Stopping', paragraphs: [], failure: 'stopping' };

/** One request, and its outcome. */
export class WaitingClient extends FakeClient {
  /** How often its end was reported. */
  ends = 0;
  #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    super();
    this.#scheduler = scheduler;
  }

  override refuse(_exchange: unknown, localReply: LocalReply): void {
    super.refuse(this.exchange, localReply);
    this.#over();
  }

  answered(): void {
    this.#over();
  }

  leaves(): void {
    if (!this.exchange.finished) this.#over();
  }

  #over(): void {
    this.ends += 1;
    if (this.exchange.finish()) this.#scheduler.finished(this.exchange);
  }
}

interface Launch {
  mode: Mode;
  generation: number;
  options: RunnerOptions;
  events: RunnerEvents;
  runs: number[];
}

/** The worker's half of the wire, with its app. */
export class FakeApp implements WorkerRunner {
  readonly mode: Mode;
  readonly pid = process.pid;
  readonly threadId = 1;
  readonly signalled = false;
  readonly generation: number;
  readonly options: RunnerOptions;
  exited = false;
  #events: RunnerEvents;
  #runs: number[];
  #listens = false;
  #stuck = false;
  #missed = 0;
  /** Slots of the requests that it was given and has not started, by number. */
  #offered = new Map<number, number>();
  #running = new Set<number>();
  #writer = new FrameWriter((bytes) => this.#events.bytes(bytes));
  #reader = new FrameReader((type, _stream, bytes, start) => {
    if (type === Frame.HEAD) this.#offered.set(bytes.readUInt32LE(start), bytes.readUInt32LE(start + 4));
    else if (type === Frame.PING) this.#onPing();
  });

  constructor({ mode, generation, options, events, runs }: Launch) {
    this.mode = mode;
    this.generation = generation;
    this.options = options;
    this.#events = events;
    this.#runs = runs;
  }

  /** It was given this request and runs it. */
  has(request: number): boolean {
    return this.#running.has(request);
  }

  listen(): void {
    if (this.#listens || this.#stuck) return;
    this.#listens = true;
    this.say({ type: 'listen', index: 0, asked: {}, raw: false, tls: false });
  }

  say(message: FromWorker): void {
    if (this.exited) return;
    this.#writer.json(Frame.CONTROL, 0, message);
    this.#writer.flush();
  }

  /** It starts all its offers. */
  run(): void {
    if (this.exited || this.#stuck) return;
    for (const [id, slot] of this.#offered) {
      this.#offered.delete(id);
      this.#running.add(id);
      this.#runs.push(id);
      this.#writer.started(0, slot, 100);
    }
    this.#writer.flush();
  }

  /** Its event loop is blocked. */
  stall(): void {
    this.#stuck = true;
  }

  goOn(): void {
    if (!this.#stuck) return;
    this.#stuck = false;
    for (; this.#missed > 0; this.#missed--) this.#pong();
  }

  /** It writes to the descriptor of the wire. */
  talkNonsense(): void {
    if (!this.exited) this.#events.bytes(Buffer.from('Hello, world! This is no frame.'));
  }

  exit(text = 'exit code 1'): void {
    if (this.exited) return;
    this.exited = true;
    this.#events.exit({ code: 1, signal: null, text });
  }

  #onPing(): void {
    if (this.#stuck) this.#missed += 1;
    else setImmediate(() => this.#pong());
  }

  #pong(): void {
    if (this.exited) return;
    this.#writer.small(Frame.PONG, 0);
    this.#writer.flush();
  }

  // WorkerRunner

  go(): void {}

  send(bytes: Buffer): void {
    if (!this.exited) this.#reader.feed(bytes);
  }

  revoke(_slot: number, id: number, done: (revoked: boolean) => void): void {
    if (!this.exited) done(this.#offered.delete(id));
  }

  async end(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.exit('exit code 0');
  }
}
