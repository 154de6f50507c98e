/** Clients, front, wires, workers and apps in one process, and their invariants. */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { FRONT_LIMITS, type FrontHandler } from '../../../src/engine/http/connection/types.ts';
import { type Connections, Listener } from '../../../src/engine/http/listen/listener.ts';
import type { Exchange } from '../../../src/engine/requests/exchange.ts';
import { Routes } from '../../../src/engine/requests/route-stats.ts';
import { CREDIT_STEP_BYTES, STREAM_WINDOW_BYTES } from '../../../src/wire/frames.ts';
import { ENDING, ModelApp } from './model-app.ts';
import { ModelClient, type ModelRequest } from './model-client.ts';
import { ModelWorker } from './model-worker.ts';

/** Far longer than anything takes once nothing is stopped. */
const HANG_MS = 3_000;

/** The possible steps; numbers choose among the current clients and workers. */
export type Step =
  | { type: 'connect' }
  | { type: 'send'; client: number; request: ModelRequest }
  | { type: 'raw'; size: number }
  | { type: 'half-close' | 'abort'; client: number }
  | { type: 'stall' | 'go on' | 'take back' | 'die' | 'reload'; worker: number }
  /** The apps continue with postponed work. */
  | { type: 'release' }
  /** Lets every part do its current work. */
  | { type: 'turn' };

export class ModelWorld implements FrontHandler {
  readonly routes = new Routes();
  readonly pageContext = { editorLink: '', build: '' };
  readonly app = new ModelApp();
  #choose: (count: number) => number;
  #late: boolean;
  #connections: Connections = new Set();
  #listeners: Listener[] = [];
  #workers: ModelWorker[] = [];
  #clients: ModelClient[] = [];
  #rawClients: Array<{ client: ModelClient; size: number }> = [];
  #deaths = 0;
  #lastRequest = 0;
  #lastWorker = 0;
  #lastNumber = 0;

  /** @param choose a number below `count`: which worker gets a request */
  constructor(choose: (count: number) => number, late: boolean) {
    this.#choose = choose;
    this.#late = late;
  }

  async start(workers: number): Promise<void> {
    for (const raw of [false, true]) {
      const listener = new Listener({
        server: raw ? 1 : 0,
        handler: this,
        limits: FRONT_LIMITS,
        connections: this.#connections,
      });
      await listener.listen({ host: '127.0.0.1', port: 0 });
      listener.setKind(raw, false);
      this.#listeners.push(listener);
    }
    for (let count = 0; count < workers; count++) this.#startWorker();
    await this.take({ type: 'connect' });
  }

  async take(step: Step): Promise<void> {
    switch (step.type) {
      case 'connect':
        this.#clients.push(await ModelClient.connect(this.#port(0)));
        break;
      case 'send':
        this.#of(this.#clients, step.client).send(step.request, ++this.#lastNumber);
        break;
      case 'raw': {
        const client = await ModelClient.connect(this.#port(1));
        client.sendRaw(step.size);
        client.halfClose();
        this.#rawClients.push({ client, size: step.size });
        break;
      }
      case 'half-close':
        this.#of(this.#clients, step.client).halfClose();
        break;
      case 'abort':
        this.#of(this.#clients, step.client).abort();
        break;
      case 'stall':
        this.#of(this.#workers, step.worker).stall();
        break;
      case 'go on':
        this.#of(this.#workers, step.worker).goOn();
        break;
      case 'take back':
        this.#of(this.#workers, step.worker).takeBack();
        break;
      case 'die':
        this.#end(this.#of(this.#workers, step.worker));
        break;
      case 'reload':
        // The old worker finishes its requests.
        this.#workers.splice(step.worker % this.#workers.length, 1)[0]?.goOn();
        this.#startWorker();
        break;
      case 'release':
        this.app.release();
        break;
      default:
        await turns(3);
    }
    this.check();
  }

  /** The invariants that hold at any moment. */
  check(): void {
    for (const connection of this.#connections) connection.check();
    const runs = this.app.seen;
    assert.equal(new Set(runs).size, runs.length, 'a request ran twice');
    const smuggled = runs.filter((line) => !/^(GET|POST) \/[a-z-]+\/\d+$/.test(line));
    assert.deepEqual(smuggled, [], 'what stands in a body ran as a request');
  }

  /** Releases everything, and checks that every client got its own answers. */
  async finish(): Promise<void> {
    this.app.release();
    for (const worker of this.#workers) worker.goOn();
    const deadline = performance.now() + HANG_MS;
    for (;;) {
      await turns(2);
      const missing = this.#unanswered() ?? this.#owing();
      if (missing === undefined) break;
      if (performance.now() > deadline) assert.fail(`never comes: ${missing}`);
    }
    this.check();
    for (const client of this.#clients) this.#checkAnswers(client);
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    for (const { client } of this.#rawClients) client.destroy();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  // FrontHandler

  nextRequestId(): number {
    return ++this.#lastRequest;
  }

  admit(exchange: Exchange): void {
    const worker = this.#workers[this.#choose(this.#workers.length)]!;
    worker.upstream.dispatch(exchange);
  }

  finished(exchange: Exchange): void {
    exchange.worker?.finished(exchange);
  }

  forbids(): undefined {
    return undefined;
  }

  reloadScript(): undefined {
    return undefined;
  }

  joinReloadEvents(): () => void {
    return () => {};
  }

  sessionGiven(): void {}
  answerPassed(): void {}

  warn(text: string): void {
    assert.doesNotMatch(text, /^Refused/, 'what the front sees is not what the client sent');
  }

  // Below

  #startWorker(): void {
    const revoked = (exchange: Exchange): void => {
      if (!exchange.finished) this.admit(exchange);
    };
    this.#workers.push(new ModelWorker(++this.#lastWorker, this.app, this.#late, revoked));
  }

  /** As in the pool: another worker replaces it, and its requests get 502. */
  #end(worker: ModelWorker): void {
    this.#deaths += 1;
    this.#workers.splice(this.#workers.indexOf(worker), 1);
    this.#startWorker();
    for (const exchange of worker.die()) {
      exchange.client.refuse(exchange, { status: 502, title: '', paragraphs: [], failure: 'worker crashed' });
    }
  }

  /** Lists the clients that still wait, for a message. */
  #unanswered(): string | undefined {
    for (const { client } of this.#rawClients)
      if (!client.ended) return 'the end of a connection that is no HTTP';
    for (const client of this.#clients) {
      if (client.ended || client.over) continue;
      const missing = client.sent[client.answers.length];
      if (missing !== undefined)
        return `the answer to request ${missing.number} (${missing.behaviour}, ${missing.size} bytes)`;
    }
    return undefined;
  }

  /** If all was read, a worker owes less than it acknowledges at a time. */
  #owing(): string | undefined {
    for (const { upstream } of this.#workers) {
      for (const stream of upstream.wire.streams.values()) {
        const inFlight = STREAM_WINDOW_BYTES - stream.room;
        if (inFlight >= CREDIT_STEP_BYTES) return `credit for ${inFlight} bytes`;
      }
    }
    return undefined;
  }

  #checkAnswers(client: ModelClient): void {
    const { answers, sent } = client;
    answers.forEach(({ status, body }, at) => {
      const { number, behaviour, size } = sent[at] ?? assert.fail('more answers than requests');
      if (status === 502) assert.ok(this.#deaths > 0, 'no worker crashed');
      else {
        const read = ['early', 'early-then-read', 'close'].includes(behaviour) ? 0 : size;
        assert.equal(body, `${number}:${read}`, 'the answer to another request');
      }
    });
    const mayEnd =
      client.over || this.#deaths > 0 || sent.some(({ behaviour }) => ENDING.includes(behaviour));
    if (!mayEnd) assert.equal(answers.length, sent.length, 'a connection ended without a cause');
  }

  #port(at: number): number {
    return (this.#listeners[at]!.address as AddressInfo).port;
  }

  #of<T>(list: readonly T[], at: number): T {
    return list[at % list.length]!;
  }
}

/** Waits for this many rounds of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
