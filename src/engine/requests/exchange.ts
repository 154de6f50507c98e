/** One request and its answer, from its arrival to the request log. */
import type { RequestRecord, SourceLocation } from '../../protocol/messages.ts';
import type { OpenInfo } from '../../wire/frames.ts';
import type { RouteStats } from './route-stats.ts';
import type { StreamOwner, WorkerStream } from './worker-stream.ts';

/** The worker that has a request, as far as the request and its client need to know it. */
export interface AssignedWorker {
  readonly id: number;
  /** Since when its event loop has not answered; 0 when it does. */
  readonly blockedSince: number;
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
  /** Answers in place of the app; if the app's answer has begun, cuts it. */
  refuse(exchange: Exchange, localReply: LocalReply): void;
  /** Its worker goes: ends an answer that has no end of its own, as its protocol wants it ended. */
  goAway(exchange: Exchange): void;
}

export type RequestEvent = { type: 'request' } & RequestRecord;

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
  /** New code may help: a page loads anew when there is some. */
  awaitsCode?: boolean;
  /** What the request log says. */
  failure: string;
}

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
  nth = 0;
  delayMs = 0;
  overlapMs = 0;
  group: number | undefined;
  submittedAt = 0;
  dispatchedAt = 0;
  /** When the head of the app's final answer was passed on; interim answers don't count. 0 before. */
  firstByteAt = 0;
  worker: AssignedWorker | undefined;
  started = false;
  status = 0;
  bytesIn = 0;
  bytesOut = 0;
  failure: string | undefined;
  finished = false;
  /** The answer has no end of its own (WebSocket, event stream), so nothing waits for it. */
  endless = false;
  /** Cancels whatever holds the request before it is dispatched. */
  cancelHold: (() => void) | undefined;

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
    this.at = Date.now();
    this.receivedAt = performance.now();
  }

  /** How long the request waited for a worker, in ms. */
  get queueMs(): number {
    if (this.submittedAt === 0) return 0;
    return (this.dispatchedAt === 0 ? performance.now() : this.dispatchedAt) - this.submittedAt;
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
      target: this.target.length > 2048 ? this.target.slice(0, 2048) : this.target,
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
    if (this.firstByteAt > 0) record.firstByteMs = round(this.firstByteAt - this.receivedAt);
    if (this.failure !== undefined) record.failure = this.failure;
    return record;
  }
}

export interface ExchangeInit {
  id: number;
  method: string;
  target: string;
  route: string;
  stats: RouteStats;
  server: number;
  userAgent: string | undefined;
  accept: string | undefined;
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
