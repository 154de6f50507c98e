/** The worker's end of a wire, for tests of the server's end: it acts only when the test calls it. */
import { type AssignedWorker, Exchange, type ExchangeClient } from '../../../src/engine/requests/exchange.ts';
import type { LocalReply } from '../../../src/engine/requests/local-replies.ts';
import { RouteStats } from '../../../src/engine/requests/route-stats.ts';
import { sessionOf } from '../../../src/engine/requests/session-request.ts';
import type { StreamOwner, WorkerStream } from '../../../src/engine/requests/worker-stream.ts';
import { Upstream, type UpstreamRunner } from '../../../src/engine/scheduling/upstream.ts';
import type { WorkerWire } from '../../../src/engine/scheduling/worker-wire.ts';
import { FrameReader } from '../../../src/wire/frame-reader.ts';
import { FrameWriter } from '../../../src/wire/frame-writer.ts';
import { Frame } from '../../../src/wire/frames.ts';

export interface FakeWorkerEvents {
  revoked?(exchange: Exchange): void;
  unblocked?(upstream: Upstream): void;
  finished?(upstream: Upstream): void;
}

export class FakeWorker {
  /** The real upstream, connected to this fake. */
  readonly upstream: Upstream;
  /** False: its event loop is blocked, so it gives no sign of life. */
  responds = true;
  /** Bytes that reached it, by stream. */
  readonly received = new Map<number, string>();
  /** Streams whose client has ended its side. */
  readonly ended: number[] = [];
  /** Additional bytes that it may send, over all streams. */
  credit = 0;
  #slots = new Map<number, number>();
  #writer = new FrameWriter((bytes) => this.upstream.feed(bytes));

  constructor(
    id: number,
    { revoked = () => {}, unblocked = () => {}, finished = () => {} }: FakeWorkerEvents = {},
  ) {
    const events = {
      control: () => {},
      broken: (_upstream: Upstream, reason: string) => {
        throw new Error(reason);
      },
      unblocked,
      finished,
      revoked: (_upstream: Upstream, exchange: Exchange) => revoked(exchange),
      touched: (wire: WorkerWire) => void setImmediate(() => wire.flush()),
    };
    const reader = new FrameReader((type, stream, bytes, start, end) => {
      if (type === Frame.HEAD) this.#slots.set(bytes.readUInt32LE(start), bytes.readUInt32LE(start + 4));
      else if (type === Frame.DATA) {
        const before = this.received.get(stream) ?? '';
        this.received.set(stream, before + bytes.toString('latin1', start, end));
      } else if (type === Frame.FIN) this.ended.push(stream);
      else if (type === Frame.CREDIT) this.credit += bytes.readUInt32LE(start);
      else if (type === Frame.PING && this.responds) setImmediate(() => this.pong());
    });
    const runner: UpstreamRunner = {
      send: (bytes) => reader.feed(bytes),
      // Requests start here only by begin(), and are not offered any more after that.
      revoke: (_slot, _id, done) => done(true),
    };
    this.upstream = new Upstream(id, runner, events);
    this.upstream.accept(0);
  }

  /** Gives a sign of life. */
  pong(): void {
    this.#writer.small(Frame.PONG, 0);
    this.#writer.flush();
  }

  /** The app's handler was called for this request, and returned to the event loop after `loopMs`. */
  begin({ id }: Exchange, loopMs = 1): void {
    this.upstream.wire.flush();
    const slot = this.#slots.get(id);
    if (slot === undefined) throw new Error(`Request ${id} was not given to worker ${this.upstream.id}`);
    this.#writer.started(0, slot, loopMs * 1000);
    this.#writer.flush();
  }
}

const HEAD = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
let lastId = 0;

/** A client with one request. It records what happens to the request. */
export class FakeClient implements ExchangeClient, StreamOwner {
  readonly clientPort = undefined;
  readonly exchange: Exchange;
  readonly clientKey: string;
  /** Numbers of the workers it was given to, in order. */
  readonly workers: number[] = [];
  readonly refusals: LocalReply[] = [];
  #waiting: Array<{ count: number; resolve(): void }> = [];

  constructor(route = 'GET /', { key = 'client', stats = new RouteStats() } = {}) {
    lastId += 1;
    this.clientKey = key;
    const [method = '', target = ''] = route.split(' ');
    const init = {
      id: lastId,
      method,
      target,
      route,
      stats,
      server: 0,
      userAgent: undefined,
      accept: undefined,
      session: sessionOf(target, undefined),
      endless: false,
    };
    this.exchange = new Exchange(this, init);
  }

  /** Resolves once it was given to this many workers. */
  async given(count: number): Promise<void> {
    if (this.workers.length >= count) return;
    await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
  }

  forward(exchange: Exchange, worker: AssignedWorker): void {
    const stream = worker.open(this, {
      server: 0,
      remoteAddress: '127.0.0.1',
      remotePort: 1,
      remoteFamily: 'IPv4',
      localAddress: '127.0.0.1',
      localPort: 2,
    });
    worker.offer(exchange, stream, HEAD);
    this.workers.push(worker.id);
    for (const { count, resolve } of this.#waiting) if (this.workers.length >= count) resolve();
  }

  refuse(_exchange: Exchange, localReply: LocalReply): void {
    this.refusals.push(localReply);
  }

  started(): void {}
  takenBack(): void {}
  goAway(): void {}
  onUpstreamData(_stream: WorkerStream, _bytes: Buffer): void {}
  onUpstreamEnd(): void {}
  onUpstreamCredit(): void {}
}
