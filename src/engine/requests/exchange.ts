/** One request and its answer, from its arrival to the request log. */
import type { RequestRecord } from '../../protocol/messages.ts';
import type { OpenInfo } from '../../wire/frames.ts';
import type { LocalReply } from './local-replies.ts';
import type { RouteStats } from './route-stats.ts';
import type { SessionRequest } from './session-request.ts';
import type { StreamOwner, WorkerStream } from './worker-stream.ts';

/** The worker that has a request: the part that the request and its client use. */
export interface AssignedWorker {
  readonly id: number;
  /** Since when its event loop has not answered; undefined while it answers. */
  readonly blockedSince: number | undefined;
  /** Opens the image of a client connection. */
  open(owner: StreamOwner, info: OpenInfo): WorkerStream;
  /** Sends a request's head; until the worker claims it, the scheduler can revoke it. */
  offer(exchange: Exchange, stream: WorkerStream, head: Uint8Array): void;
  /** The request is over, answered or not. */
  finished(exchange: Exchange): void;
}

/** The client's side of an exchange: the calls that the engine makes on a connection. */
export interface ExchangeClient {
  /** Identifies the client for affinity: address and user agent. */
  readonly clientKey: string;
  /** The port of the client's end; undefined on a unix socket. */
  readonly clientPort: number | undefined;
  /** Sends the request to the worker. */
  forward(exchange: Exchange, worker: AssignedWorker): void;
  /** The worker has started the request, so a copy for another worker is no longer needed. */
  started(exchange: Exchange): void;
  /** The worker gave the request back and will not run it: its stream is closed, and another worker may get it. */
  takenBack(exchange: Exchange): void;
  /** Sends a local reply; if the app's answer has started, cuts it off. */
  refuse(exchange: Exchange, localReply: LocalReply): void;
  /** Its worker will exit: ends an endless answer in the way of its protocol. */
  goAway(exchange: Exchange): void;
}

type RequestEvent = { type: 'request' } & RequestRecord;

/** Fields are public to read; only the methods of this class write them. */
export class Exchange {
  readonly client: ExchangeClient;
  /** Number of the request, from 1. */
  readonly id: number;
  readonly method: string;
  readonly target: string;
  /** Method and path; random delay and overlap count per route. */
  readonly route: string;
  readonly stats: RouteStats;
  /** Index of the app's server for this request. */
  readonly server: number;
  readonly userAgent: string | undefined;
  readonly accept: string | undefined;
  /** The session it belongs to, if the app keeps that in one worker. */
  readonly session: SessionRequest | undefined;
  /** The Cookie header, if there is one. */
  readonly cookie: string | undefined;
  /** ms since the epoch. */
  readonly at: number;
  /** `performance.now()` of the arrival; the other times are on the same clock. */
  readonly receivedAt: number;
  /** Its number among the requests to its route, from 1; 0 until it is counted. */
  nth = 0;
  delayMs = 0;
  overlapMs = 0;
  /** Requests of one group should run together. */
  group: number | undefined;
  /** When random delay and overlap released it. */
  submittedAt: number | undefined;
  /** When it was last given to a worker. */
  dispatchedAt: number | undefined;
  /** When the head of the app's final answer was passed on; interim answers do not count. */
  firstByteAt: number | undefined;
  worker: AssignedWorker | undefined;
  /** No other worker is to get it: what it needs is in this one. */
  kept = false;
  /** The worker has called the app's handler. */
  started = false;
  /** 0 until there is an answer. */
  status = 0;
  bytesIn = 0;
  bytesOut = 0;
  failure: string | undefined;
  finished = false;
  /** The answer has no end (WebSocket, event stream), so nothing waits for it. */
  endless: boolean;
  #cancelHold: (() => void) | undefined;

  constructor(client: ExchangeClient, init: ExchangeInit) {
    this.client = client;
    this.id = init.id;
    this.method = init.method;
    this.target = init.target;
    this.route = init.route;
    this.stats = init.stats;
    this.server = init.server;
    this.userAgent = init.userAgent;
    this.accept = init.accept;
    this.session = init.session;
    this.cookie = init.cookie;
    this.endless = init.endless;
    this.at = Date.now();
    this.receivedAt = performance.now();
  }

  /** How long the request waited for a worker, in ms. */
  get queueMs(): number {
    if (this.submittedAt === undefined) return 0;
    return (this.dispatchedAt ?? performance.now()) - this.submittedAt;
  }

  /** Random delay or overlap holds it. */
  get held(): boolean {
    return this.#cancelHold !== undefined;
  }

  /** @returns its number among the requests to its route */
  counted(): number {
    this.nth = this.stats.count();
    return this.nth;
  }

  /** @param cancel called if the request ends before its release */
  hold(cancel: () => void): void {
    this.#cancelHold = cancel;
  }

  /** Cancels the random delay or overlap that holds it. */
  cancelHold(): void {
    this.#cancelHold?.();
    this.#cancelHold = undefined;
  }

  /** Its random delay is over. */
  delayed(ms: number): void {
    this.#cancelHold = undefined;
    this.delayMs = ms;
  }

  /** Its overlap has ended. */
  overlapped(ms: number, group: number): void {
    this.#cancelHold = undefined;
    this.overlapMs = ms;
    this.group = group;
  }

  /** Nothing holds it any more: it waits for a worker. */
  submitted(now: number): void {
    this.submittedAt = now;
  }

  /** @param kept the worker has its session, or its client */
  dispatchedTo(worker: AssignedWorker, kept: boolean): void {
    this.worker = worker;
    this.kept = kept;
    this.started = false;
    this.dispatchedAt = performance.now();
  }

  /** Its worker will not run it. */
  takenBack(): void {
    this.worker = undefined;
  }

  /** Its worker runs it. */
  startedByWorker(): void {
    this.started = true;
  }

  received(bytes: number): void {
    this.bytesIn += bytes;
  }

  sent(bytes: number): void {
    this.bytesOut += bytes;
  }

  /** The head of the app's answer or of a local reply. */
  answered(status: number, endless = false): void {
    this.status = status;
    this.endless = endless;
  }

  /** The head of the app's final answer was passed on. */
  firstBytePassed(): void {
    this.firstByteAt ??= performance.now();
  }

  /** Replaces an earlier failure. */
  failed(failure: string): void {
    this.failure = failure;
  }

  /** @returns false if it is already over */
  finish(): boolean {
    if (this.finished) return false;
    this.finished = true;
    return true;
  }

  /** Value of the `Server-Timing` header (W3C Server Timing). */
  serverTiming(): string {
    let value = `worker;desc="${this.worker?.id ?? 0}", queue;dur=${digits(this.queueMs)}`;
    value += `, delay;dur=${digits(this.delayMs)}`;
    if (this.group !== undefined) value += `, overlap;dur=${digits(this.overlapMs)}`;
    return value;
  }

  toEvent(): RequestEvent {
    const record: RequestEvent = {
      type: 'request',
      id: this.id,
      at: this.at,
      method: this.method,
      target: shortTarget(this.target),
      nth: this.nth,
      worker: this.worker?.id ?? 0,
      status: this.status,
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      delayMs: round(this.delayMs),
      overlapMs: round(this.overlapMs),
      queueMs: round(this.queueMs),
      totalMs: round(performance.now() - this.receivedAt),
    };
    if (this.group !== undefined) record.group = this.group;
    if (this.firstByteAt !== undefined) record.firstByteMs = round(this.firstByteAt - this.receivedAt);
    if (this.failure !== undefined) record.failure = this.failure;
    return record;
  }
}

interface ExchangeInit {
  id: number;
  method: string;
  target: string;
  route: string;
  stats: RouteStats;
  server: number;
  userAgent: string | undefined;
  accept: string | undefined;
  session?: SessionRequest | undefined;
  cookie?: string | undefined;
  endless: boolean;
}

/** The most characters of a target in events and reports. */
const MAX_TARGET = 2048;

/** The target for events and reports. */
export function shortTarget(target: string): string {
  return target.length > MAX_TARGET ? target.slice(0, MAX_TARGET) : target;
}

/** Method and path without the query. */
export function routeOf(method: string, target: string): string {
  const query = target.indexOf('?');
  return `${method} ${query < 0 ? target : target.slice(0, query)}`;
}

/** Hundredths of a millisecond as text, made from integers: converting a float would cost ten times as much. */
function digits(ms: number): string {
  const hundredths = Math.round(ms * 100);
  const whole = Math.floor(hundredths / 100);
  const rest = hundredths - whole * 100;
  return rest === 0 ? `${whole}` : `${whole}.${rest < 10 ? '0' : ''}${rest}`;
}

/** To hundredths of a millisecond. */
function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
