/**
 * A worker as the scheduler sees it: its requests, whether it may get more, and its health. It does not know why the
 * worker was started or when it ends; that belongs to supervision.
 */
import { Frame, FrameError, type FromWorker, type OpenInfo, type ToWorker } from '../../wire/frames.ts';
import { readFromWorker } from '../../wire/from-worker.ts';
import type { AssignedWorker, Exchange } from '../requests/exchange.ts';
import type { StreamOwner, WorkerStream } from '../requests/worker-stream.ts';
import type { WorkerRunner } from '../workers/worker-runner.ts';
import { patienceMs, WorkerHealth } from './health.ts';
import { type Offer, Offers } from './offers.ts';
import { type Candidate, WAKE_UP_MS } from './selection.ts';
import { type WireOwner, WorkerWire } from './worker-wire.ts';

/** The shortest time between two measurements of a worker's memory, in ms; each one wakes the worker. */
const MEASURE_MS = 1_000;

export interface UpstreamEvents {
  control(upstream: Upstream, message: FromWorker): void;
  /** It can take requests again: its event loop turns (`blockedSince` was cleared), or it has finished a request. */
  unblocked(upstream: Upstream): void;
  /** The worker will not run the request, which was revoked or came too late; it can go to another worker. */
  revoked(upstream: Upstream, exchange: Exchange): void;
  /** One of its requests is over. */
  finished(upstream: Upstream): void;
  /** The worker violated the protocol. Its frames are ignored from now on, and it must be ended. */
  broken(upstream: Upstream, reason: string): void;
  /** Asks for a flush of the wire at the end of this turn of the event loop. */
  touched(wire: WorkerWire): void;
}

/** The functions of a worker's runner that an upstream calls. */
export type UpstreamRunner = Pick<WorkerRunner, 'send' | 'revoke' | 'revoked'>;

/**
 * `open`: it may get requests. `draining`: it finishes its requests. `broken`: it violated the protocol, and its frames
 * are ignored. `closed`: it has exited. The state only moves forward in this order, but may skip steps.
 */
const STATES = ['open', 'draining', 'broken', 'closed'] as const;
type UpstreamState = (typeof STATES)[number];

/** Fields are public to read; only the methods of this class write them. */
export class Upstream implements Candidate, AssignedWorker, WireOwner {
  readonly id: number;
  readonly wire: WorkerWire;
  /** Requests that the worker was given and has not answered yet. */
  readonly exchanges = new Set<Exchange>();
  readonly offers = new Offers();
  /** The number of requests it was given, and how many of them are over. */
  dispatched = 0;
  done = 0;
  /** When it last had no work. */
  idleSince = performance.now();
  /** When it got a request of a session last that is in its memory; undefined if it never did. */
  sessionUsedAt: number | undefined;
  /** Bytes, as measured last. */
  memory: number | undefined;
  /** When its memory may be measured again; never while a measurement is under way. */
  #measureFrom = 0;
  #state: UpstreamState = 'open';
  #events: UpstreamEvents;
  #runner: UpstreamRunner;
  #health = new WorkerHealth(performance.now());
  /** Indexes of the app's servers that accept here. */
  #servers = new Set<number>();

  constructor(id: number, runner: UpstreamRunner, events: UpstreamEvents) {
    this.id = id;
    this.#runner = runner;
    this.#events = events;
    const send = (bytes: Buffer): void => {
      if (this.#state !== 'closed') runner.send(bytes);
    };
    this.wire = new WorkerWire(id, send, this, (wire) => events.touched(wire));
  }

  get state(): UpstreamState {
    return this.#state;
  }

  get lastHeardAt(): number {
    return this.#health.lastHeardAt;
  }

  get blockedSince(): number | undefined {
    return this.#health.blockedSince;
  }

  get inFlight(): number {
    return this.exchanges.size;
  }

  /** All its open requests have endless answers. */
  get onlyEndless(): boolean {
    for (const { endless } of this.exchanges) if (!endless) return false;
    return true;
  }

  /** See {@link Candidate}. */
  get backlogMs(): number | undefined {
    return this.offers.backlogMs(this.#health.lastHeardAt);
  }

  // Its state

  /** One of the app's servers accepts here from now on. */
  accept(server: number): void {
    this.#servers.add(server);
  }

  /** One of the app's servers does not accept here any more. */
  unaccept(server: number): void {
    this.#servers.delete(server);
  }

  /** It may get requests for this server of the app. */
  accepts(server: number): boolean {
    return this.#state === 'open' && this.#servers.has(server);
  }

  /** It gets no more requests. */
  drain(): void {
    this.#become('draining');
  }

  /** The worker violated the protocol, on this wire or elsewhere. */
  fail(reason: string): void {
    if (this.#become('broken')) this.#events.broken(this, reason);
  }

  /** It has exited. */
  close(): void {
    this.#become('closed');
  }

  /** Removes its unanswered requests and returns them. */
  abandon(): Exchange[] {
    const left = [...this.exchanges];
    this.exchanges.clear();
    return left;
  }

  /** Checks its event loop; see {@link WorkerHealth.check}. @returns true if it is blocked from now on */
  check(now: number): boolean {
    const found = this.#health.check(now, this.idleSince, patienceMs(this));
    if (found === 'ping') {
      this.wire.writer.small(Frame.PING, 0);
      this.wire.touch();
    }
    return found === 'blocked';
  }

  // Requests

  /**
   * Gives it a request.
   * @param kept only this worker has what the request needs
   */
  dispatch(exchange: Exchange, kept = false): void {
    exchange.dispatchedTo(this, kept);
    if (exchange.session !== undefined) this.sessionUsedAt = performance.now();
    this.dispatched += 1;
    this.exchanges.add(exchange);
    exchange.client.forward(exchange, this);
  }

  /** Opens the image of a client connection. */
  open(owner: StreamOwner, info: OpenInfo): WorkerStream {
    return this.wire.open(owner, info);
  }

  /** Offers a request: the worker may take it, and until it does, {@link revoke} can take it back. */
  offer(exchange: Exchange, stream: WorkerStream, head: Uint8Array): void {
    const { slot, expectedMs } = this.offers.add(exchange, this.inFlight === 1);
    stream.passed(head.length);
    const { writer } = this.wire;
    // The worker sends its answers in batches; finished ones must not wait for a handler that may take long.
    if (expectedMs >= WAKE_UP_MS) writer.small(Frame.FLUSH, 0);
    writer.head(stream.id, exchange.id, slot, head, 0, head.length);
    this.wire.touch();
  }

  /** Revokes an offer that the worker has not started; `revoked` follows on success. */
  revoke(offer: Offer): void {
    if (offer.state !== 'open') return;
    offer.revoke();
    // If the question goes over the wire, the request must be there first.
    this.wire.writer.flush();
    this.#runner.revoke(offer.slot, offer.exchange.id, (revoked) => {
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

  // Messages

  send(message: ToWorker): void {
    this.wire.writer.json(Frame.CONTROL, 0, message);
    this.wire.touch();
  }

  /**
   * Asks for {@link memory}, unless it is recent or already asked for: questions must not pile up before a blocked
   * worker.
   */
  measure(): void {
    if (performance.now() < this.#measureFrom) return;
    this.#measureFrom = Number.POSITIVE_INFINITY;
    this.send({ type: 'measure' });
  }

  measured(bytes: number): void {
    this.#measureFrom = performance.now() + MEASURE_MS;
    this.memory = bytes;
  }

  // From the worker

  /** Bytes from the worker. The app shares its process and descriptors, so any bytes may come. */
  feed(bytes: Buffer): void {
    if (this.#state === 'broken' || this.#state === 'closed') return;
    const blocked = this.blockedSince !== undefined;
    try {
      this.wire.feed(bytes);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.fail(error.message);
      return;
    }
    if (blocked && this.blockedSince === undefined) this.#events.unblocked(this);
  }

  /** See {@link WireOwner}. */
  onAny(type: number): void {
    // A thread beside the event loop sends this frame, so it is not a sign of life.
    if (type !== Frame.REVOKED) this.#health.responded(performance.now());
  }

  /** See {@link WireOwner}. */
  onFrame(type: number, bytes: Buffer, start: number, end: number): void {
    switch (type) {
      case Frame.STARTED:
        this.#onStarted(bytes.readUInt32LE(start), bytes.readUInt32LE(start + 4) / 1000);
        return;
      case Frame.DROPPED:
        this.#onDropped(bytes.readUInt32LE(start));
        return;
      case Frame.PONG:
        return;
      case Frame.REVOKED:
        this.#runner.revoked?.(bytes.readUInt32LE(start), bytes[start + 4] === 1);
        return;
      case Frame.FREED:
        this.offers.freed();
        this.#events.unblocked(this);
        return;
      case Frame.CONTROL:
        this.#events.control(this, readFromWorker(bytes.toString('utf8', start, end)));
    }
  }

  /** @param loopMs how long the handler kept the event loop */
  #onStarted(slot: number, loopMs: number): void {
    const exchange = this.offers.settle(slot, true)?.exchange;
    if (exchange === undefined) return;
    exchange.stats.measured(loopMs);
    if (exchange.started || exchange.worker !== this) return;
    exchange.startedByWorker();
    exchange.client.started(exchange);
  }

  /** If a revocation is under way, its answer decides the fate of the request. */
  #onDropped(slot: number): void {
    const offer = this.offers.settle(slot, false);
    if (offer?.state === 'open') this.#giveBack(offer.exchange);
  }

  #giveBack(exchange: Exchange): void {
    if (!this.exchanges.delete(exchange)) return;
    exchange.client.takenBack(exchange);
    this.#events.revoked(this, exchange);
  }

  /** @returns false if it is already in this state or a later one */
  #become(state: UpstreamState): boolean {
    if (STATES.indexOf(state) <= STATES.indexOf(this.#state)) return false;
    this.#state = state;
    return true;
  }
}
