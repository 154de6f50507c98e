/** One request and its answer, from its arrival to the request log. */
import type { RequestRecord, SourceLocation } from '../../protocol/messages.ts';
import type { OpenInfo } from '../../wire/frames.ts';
import type { RouteStats } from './route-stats.ts';
import type { StreamOwner, WorkerStream } from './worker-stream.ts';

/** The worker that has a request, as far as the request and its client need to know it. */
export interface AssignedWorker {
  readonly id: number;
  /** Since when its event loop has not answered; undefined when it does. */
  readonly blockedSince: number | undefined;
  /** Opens the image of a client connection. */
  open(owner: StreamOwner, info: OpenInfo): WorkerStream;
  /** Sends a request's head; until the worker takes it, the scheduler can take it back. */
  offer(exchange: Exchange, stream: WorkerStream, head: Uint8Array): void;
  /** The request is over, answered or not. */
  finished(exchange: Exchange): void;
}

/** The client's side of an exchange: what the engine may ask of a connection. */
export interface ExchangeClient {
  /** Who sends, as far as affinity cares: address and user agent. */
  readonly clientKey: string;
  /** Sends the request to the worker. */
  forward(exchange: Exchange, worker: AssignedWorker): void;
  /** The worker took the request, so what was kept for another one can go. */
  started(exchange: Exchange): void;
  /** The worker gave the request back and will not run it: its stream is closed, and another worker may get it. */
  takenBack(exchange: Exchange): void;
  /** Answers in place of the app; if the app's answer has started, cuts it. */
  refuse(exchange: Exchange, localReply: LocalReply): void;
  /** Its worker goes: ends an answer that has no end of its own, as its protocol wants it ended. */
  goAway(exchange: Exchange): void;
}

type RequestEvent = { type: 'request' } & RequestRecord;

/** An answer of the server's own. */
export interface LocalReply {
  status: number;
  title: string;
  /** Plain text, one paragraph an entry. */
  paragraphs: string[];
  /** Named blocks of text, such as the last log lines. */
  sections?: Array<{ title: string; text: string }>;
  retryAfterSeconds?: number;
  /** Where in the app's source the reason is. */
  source?: SourceLocation & { frame?: string };
  /** New code may help, so a page reloads when there is some. */
  awaitsCode?: boolean;
  /** The reason in the request's event, such as `worker crashed`. */
  failure: string;
}

/** Its fields are for all to read. Only its own verbs write them. */
export class Exchange {
  readonly client: ExchangeClient;
  /** Number of the request, from 1. */
  readonly id: number;
  readonly method: string;
  readonly target: string;
  /** Method and path; what random delay and overlap count by. */
  readonly route: string;
  readonly stats: RouteStats;
  /** Index of the app's server the request is for. */
  readonly server: number;
  readonly userAgent: string | undefined;
  readonly accept: string | undefined;
  /** ms since the epoch. */
  readonly at: number;
  /** `performance.now()` of the arrival; the other times are on the same clock. */
  readonly receivedAt: number;
  /** Which request to its route it is, from 1; 0 until it is counted. */
  nth = 0;
  delayMs = 0;
  overlapMs = 0;
  /** Requests of one group are to run together. */
  group: number | undefined;
  /** When nothing held it any more. */
  submittedAt: number | undefined;
  /** When it was given to a worker last. */
  dispatchedAt: number | undefined;
  /** When the head of the app's final answer was passed on; interim answers don't count. */
  firstByteAt: number | undefined;
  worker: AssignedWorker | undefined;
  /** The worker has called the app's handler. */
  started = false;
  /** 0 until there is an answer. */
  status = 0;
  bytesIn = 0;
  bytesOut = 0;
  failure: string | undefined;
  finished = false;
  /** The answer has no end of its own (WebSocket, event stream), so nothing waits for it. */
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
    this.endless = init.endless;
    this.at = Date.now();
    this.receivedAt = performance.now();
  }

  /** How long the request waited for a worker, in ms. */
  get queueMs(): number {
    if (this.submittedAt === undefined) return 0;
    return (this.dispatchedAt ?? performance.now()) - this.submittedAt;
  }

  /** It is held on purpose, so that it meets others. */
  get held(): boolean {
    return this.#cancelHold !== undefined;
  }

  /** @returns which request to its route it is */
  counted(): number {
    this.nth = this.stats.count();
    return this.nth;
  }

  /** @param cancel called where the request is over before it is let go */
  hold(cancel: () => void): void {
    this.#cancelHold = cancel;
  }

  /** Whatever holds it does so no more. */
  cancelHold(): void {
    this.#cancelHold?.();
    this.#cancelHold = undefined;
  }

  /** Its random delay is over. */
  delayed(ms: number): void {
    this.#cancelHold = undefined;
    this.delayMs = ms;
  }

  /** It has met others. */
  overlapped(ms: number, group: number): void {
    this.#cancelHold = undefined;
    this.overlapMs = ms;
    this.group = group;
  }

  /** Nothing holds it any more: it waits for a worker. */
  submitted(now: number): void {
    this.submittedAt = now;
  }

  dispatchedTo(worker: AssignedWorker): void {
    this.worker = worker;
    this.started = false;
    this.dispatchedAt = performance.now();
  }

  /** Its worker will not run it. */
  takenBack(): void {
    this.worker = undefined;
  }

  /** Its worker runs it. */
  begun(): void {
    this.started = true;
  }

  received(bytes: number): void {
    this.bytesIn += bytes;
  }

  sent(bytes: number): void {
    this.bytesOut += bytes;
  }

  /** The head of an answer, the app's or a local reply. */
  answered(status: number, endless = false): void {
    this.status = status;
    this.endless = endless;
  }

  /** The head of the app's final answer was passed on. */
  firstBytePassed(): void {
    this.firstByteAt ??= performance.now();
  }

  /** Replaces an earlier reason. */
  failed(failure: string): void {
    this.failure = failure;
  }

  /** @returns false where it is over already */
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
  endless: boolean;
}

/** The most characters of a target in an event. */
const MAX_TARGET = 2048;

/** The target as events and reports have it. */
export function shortTarget(target: string): string {
  return target.length > MAX_TARGET ? target.slice(0, MAX_TARGET) : target;
}

/** Method and path without the query. */
export function routeOf(method: string, target: string): string {
  const query = target.indexOf('?');
  return `${method} ${query < 0 ? target : target.slice(0, query)}`;
}

/** Hundredths of a millisecond as text, from integers: a float's own conversion costs ten times as much. */
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
