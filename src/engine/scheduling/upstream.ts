/**
 * A worker as the front sees it: the wire to it, the streams on the wire, and how it is doing. Knows nothing of
 * why it was started or when it is to end; that is the supervisor's.
 */
import {
  FROM_WORKER,
  Frame,
  FrameError,
  FrameReader,
  FrameWriter,
  type FromWorker,
  type OpenInfo,
  type ToWorker,
} from '../../wire/frames.ts';
import { readFromWorker } from '../../wire/from-worker.ts';
import type { AssignedWorker, Exchange } from '../requests/exchange.ts';
import { type StreamOwner, type StreamPort, WorkerStream } from '../requests/worker-stream.ts';
import type { WorkerRunner } from '../workers/worker-runner.ts';
import { type Offer, Offers } from './offers.ts';
import { type Candidate, WAKE_UP_MS } from './selection.ts';

/** A worker's memory is measured at most so often; each time wakes it. */
const MEASURE_MS = 1_000;

export interface UpstreamEvents {
  control(upstream: Upstream, message: FromWorker): void;
  /** It can take requests again: its event loop is turning (`blockedSince` was cleared), or it is done with one. */
  unblocked(upstream: Upstream): void;
  /** The worker will not run the request, which was revoked or came too late; it can go to another worker. */
  revoked(upstream: Upstream, exchange: Exchange): void;
  /** A request that it had is over. */
  finished(upstream: Upstream): void;
  /** The worker sent what is not the protocol. Nothing that it sends is read any more: it is to be ended. */
  broken(upstream: Upstream, reason: string): void;
}

export class Upstream implements Candidate, AssignedWorker, StreamPort {
  readonly id: number;
  readonly generation: number;
  readonly writer: FrameWriter;
  readonly streams = new Map<number, WorkerStream>();
  /** Requests that the worker was given and that are not answered yet. */
  readonly exchanges = new Set<Exchange>();
  readonly offers = new Offers();
  runner!: WorkerRunner;
  /** Indexes of the app's servers that accept here. */
  readonly accepting = new Set<number>();
  draining = false;
  gone = false;
  dispatched = 0;
  done = 0;
  idleSince = performance.now();
  lastHeardAt = 0;
  /** When the ping that is not answered yet was sent; 0 when there is none. */
  pingedAt = 0;
  /** Since when the event loop has not answered; 0 when it does. */
  blockedSince = 0;
  /** Bytes, as measured last. */
  memory: number | undefined;
  /** When its memory may be asked for again; never while an answer is due. */
  #measureFrom = 0;
  #events: UpstreamEvents;
  #reader: FrameReader;
  #touched: (upstream: Upstream) => void;
  #dirty = false;
  #lastStream = 0;
  #broken = false;

  /** @param touched asks for a call of {@link flush} at the end of this turn of the event loop. */
  constructor(id: number, generation: number, events: UpstreamEvents, touched: (upstream: Upstream) => void) {
    this.id = id;
    this.generation = generation;
    this.#events = events;
    this.#touched = touched;
    this.writer = new FrameWriter((bytes) => {
      if (!this.gone) this.runner.send(bytes);
    });
    this.#reader = new FrameReader((type, stream, bytes, start, end) => {
      this.#onFrame(type, stream, bytes, start, end);
    }, FROM_WORKER);
  }

  get inFlight(): number {
    return this.exchanges.size;
  }

  /** All it still serves are answers that have no end of their own. */
  get onlyEndless(): boolean {
    for (const { endless } of this.exchanges) if (!endless) return false;
    return true;
  }

  /** See {@link Candidate}. */
  get backlogMs(): number | undefined {
    return this.offers.backlogMs(this.lastHeardAt);
  }

  /** Bytes of the worker. The app shares its process and its descriptors, so anything may come. */
  feed(bytes: Buffer): void {
    if (this.#broken) return;
    const blocked = this.blockedSince !== 0;
    try {
      this.#reader.feed(bytes);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.fail(error.message);
      return;
    }
    if (blocked && this.blockedSince === 0) this.#events.unblocked(this);
  }

  /** The worker broke the protocol, on this wire or beside it. */
  fail(reason: string): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#events.broken(this, reason);
  }

  /** Opens the image of a client connection. */
  open(owner: StreamOwner, info: OpenInfo): WorkerStream {
    this.#lastStream += 1;
    const stream = new WorkerStream(this.#lastStream, this, owner);
    this.streams.set(stream.id, stream);
    this.writer.json(Frame.OPEN, stream.id, info);
    return stream;
  }

  /** Offers a request: the worker may take it, and until it does, {@link revoke} can take it back. */
  offer(exchange: Exchange, stream: WorkerStream, head: Uint8Array): void {
    const { slot, expectedMs } = this.offers.add(exchange, this.inFlight === 1);
    stream.passed(head.length);
    // The worker sends its answers in batches; none is to wait for the end of a handler that may take long.
    if (expectedMs >= WAKE_UP_MS) this.writer.small(Frame.FLUSH, 0);
    this.writer.head(stream.id, exchange.id, slot, head, 0, head.length);
    this.touch();
  }

  /** Takes back an offer the worker has not begun; `revoked` follows if that worked. */
  revoke(offer: Offer): void {
    if (offer.state !== 'open') return;
    offer.state = 'revoking';
    // Whoever is asked over the wire has to know the request by then.
    this.writer.flush();
    this.runner.revoke(offer.slot, offer.exchange.id, (revoked) => {
      const dropped = offer.settled && !offer.exchange.started;
      this.offers.revocationEnded(offer, revoked);
      if (revoked || dropped) this.#giveBack(offer.exchange);
    });
  }

  /** See {@link AssignedWorker}. */
  finished(exchange: Exchange): void {
    if (!this.exchanges.delete(exchange)) return;
    this.done += 1;
    if (this.exchanges.size === 0) this.idleSince = performance.now();
    this.#events.finished(this);
  }

  /** See {@link StreamPort}. */
  closed(stream: WorkerStream): void {
    this.streams.delete(stream.id);
  }

  send(message: ToWorker): void {
    this.writer.json(Frame.CONTROL, 0, message);
    this.touch();
  }

  /** Asks for {@link memory}, unless it is new or was asked for: questions don't pile up before a blocked worker. */
  measure(): void {
    if (performance.now() < this.#measureFrom) return;
    this.#measureFrom = Number.POSITIVE_INFINITY;
    this.send({ type: 'measure' });
  }

  measured(bytes: number): void {
    this.#measureFrom = performance.now() + MEASURE_MS;
    this.memory = bytes;
  }

  ping(now: number): void {
    this.pingedAt = now;
    this.writer.small(Frame.PING, 0);
    this.touch();
  }

  touch(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    this.#touched(this);
  }

  flush(): void {
    this.#dirty = false;
    this.writer.flush();
  }

  #giveBack(exchange: Exchange): void {
    if (!this.exchanges.delete(exchange)) return;
    exchange.client.takenBack(exchange);
    this.#events.revoked(this, exchange);
  }

  /** @param loopMs how long the handler kept the event loop */
  #onStarted(slot: number, loopMs: number): void {
    const exchange = this.offers.settle(slot, true)?.exchange;
    if (exchange === undefined) return;
    exchange.stats.measured(loopMs);
    if (exchange.started || exchange.worker !== this) return;
    exchange.started = true;
    exchange.client.started(exchange);
  }

  /** An answer to a revocation that is under way says what becomes of the request. */
  #onDropped(slot: number): void {
    const offer = this.offers.settle(slot, false);
    if (offer?.state === 'open') this.#giveBack(offer.exchange);
  }

  /** Its event loop turns. */
  #heard(): void {
    this.lastHeardAt = performance.now();
    this.pingedAt = 0;
    this.blockedSince = 0;
  }

  #onFrame(type: number, id: number, bytes: Buffer, start: number, end: number): void {
    // A thread beside the event loop answers this one, so it is no sign of life.
    if (type !== Frame.REVOKED) this.#heard();
    const stream = this.streams.get(id);
    switch (type) {
      case Frame.DATA:
        stream?.owner.onUpstreamData(stream, bytes.subarray(start, end));
        return;
      case Frame.STARTED:
        this.#onStarted(bytes.readUInt32LE(start), bytes.readUInt32LE(start + 4) / 1000);
        return;
      case Frame.DROPPED:
        this.#onDropped(bytes.readUInt32LE(start));
        return;
      case Frame.CREDIT:
        if (stream === undefined) return;
        if (!stream.acknowledge(bytes.readUInt32LE(start))) {
          throw new FrameError('credit for more bytes than it got');
        }
        stream.owner.onUpstreamCredit(stream);
        return;
      case Frame.FIN:
        stream?.ended();
        stream?.owner.onUpstreamEnd(stream);
        return;
      case Frame.RESET:
        stream?.lost();
        stream?.owner.onUpstreamEnd(stream);
        return;
      case Frame.PONG:
        return;
      case Frame.REVOKED:
        this.runner.revoked?.(bytes.readUInt32LE(start), bytes[start + 4] === 1);
        return;
      case Frame.FREED:
        this.offers.freed();
        this.#events.unblocked(this);
        return;
      case Frame.CONTROL:
        this.#events.control(this, readFromWorker(bytes.toString('utf8', start, end)));
    }
  }
}
