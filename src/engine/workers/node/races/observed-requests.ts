/** The observed requests of this worker, and the messages about them. */
import http from 'node:http';
import type { FromRaceHooks, ToRaceHooks } from '../../../../wire/race-messages.ts';
import type { HookParts } from '../inside/race-hooks.ts';
import { ObservedRequest, type SourceSite } from './observed-request.ts';
import type { Turns } from './turns.ts';

/** How often a request that shall be settled is looked at, in ms. */
const SETTLE_STEP_MS = 1;
/** Code that still waits after this time, in ms, is taken for something that goes on for ever. */
const SETTLE_LIMIT_MS = 1000;
const HEADERS: SourceSite = { kind: 'headers', fn: '', file: '', line: 0, label: 'the head of the answer' };
const { setTimeout: wait } = globalThis;

type Emit = (this: unknown, event: string | symbol, ...args: unknown[]) => boolean;

export class ObservedRequests {
  #parts: HookParts;
  #turns: Turns;
  #known = new Map<number, ObservedRequest>();
  #unknown = 0;

  constructor(parts: HookParts, turns: Turns) {
    this.#parts = parts;
    this.#turns = turns;
  }

  current(): ObservedRequest | undefined {
    const id = this.#parts.currentRequest();
    return id === undefined ? undefined : this.#known.get(id);
  }

  countUnknown(): void {
    this.#unknown += 1;
  }

  receive(message: ToRaceHooks): void {
    const { request: id } = message;
    if (message.do === 'observe') {
      this.#known.set(id, new ObservedRequest(id, message.pauses, message.gate, this.#onBoundary));
      return;
    }
    const request = this.#known.get(id);
    if (message.do === 'go') request?.go(() => this.#turns.now);
    else if (message.do === 'ask')
      this.#send({ is: 'waits', request: id, timerMs: this.#turns.longestTimer(id) });
    else this.#settle(id, performance.now());
  }

  /** Follows each request from the call of the app's handler on. */
  install(): void {
    const prototype = http.Server.prototype as unknown as { emit: Emit };
    const { emit } = prototype;
    const begin = (req: http.IncomingMessage, res: http.ServerResponse): void => this.#begin(req, res);
    prototype.emit = function (event, ...args) {
      if (event === 'request' || event === 'checkContinue') {
        begin(args[0] as http.IncomingMessage, args[1] as http.ServerResponse);
      }
      return emit.call(this, event, ...args);
    };
  }

  #begin(req: http.IncomingMessage, res: http.ServerResponse): void {
    const request = this.current();
    if (request === undefined) return;
    request.turn = this.#turns.now;
    // Some body parsers and drivers call back in a context of their own.
    for (const stream of [req, res]) this.#bind(stream as unknown as { emit: Emit }, request);
    const { writeHead } = res;
    res.writeHead = ((status: number, ...rest: unknown[]) => {
      const result: unknown = Reflect.apply(writeHead, res, [status, ...rest]);
      if (status >= 200) request.headersSent(HEADERS);
      return result;
    }) as typeof writeHead;
  }

  #bind(stream: { emit: Emit }, request: ObservedRequest): void {
    const { emit } = stream;
    const { runInRequest } = this.#parts;
    const current = (): ObservedRequest | undefined => this.current();
    stream.emit = function (event, ...args) {
      if (current() === request) return emit.call(this, event, ...args);
      return runInRequest(request.id, () => emit.call(this, event, ...args));
    };
  }

  #settle(id: number, since: number): void {
    const request = this.#known.get(id);
    const late = performance.now() - since > SETTLE_LIMIT_MS;
    if (request === undefined || late || (request.waiting === 0 && !this.#turns.hasWork(id))) {
      this.#send({ is: 'settled', request: id, unknown: this.#unknown });
      this.#unknown = 0;
      this.#known.delete(id);
    } else wait(() => this.#settle(id, since), SETTLE_STEP_MS);
  }

  #onBoundary = (request: ObservedRequest, site: SourceSite, occurrence: number, held: boolean): void => {
    const { kind, fn, file, line, label } = site;
    this.#send({ is: 'boundary', request: request.id, kind, fn, file, line, label, occurrence, held });
  };

  #send(message: FromRaceHooks): void {
    this.#parts.send(message);
  }
}
