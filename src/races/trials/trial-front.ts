/** The front of the race finder: it hands each request to the worker that the trial names, and at once. */
import type { FrontHandler } from '../../engine/http/connection/types.ts';
import { HostPolicy } from '../../engine/http/listen/host-policy.ts';
import type { PageContext } from '../../engine/http/pages/error-page.ts';
import type { RequestHead } from '../../engine/http/parser/request-head.ts';
import type { Exchange } from '../../engine/requests/exchange.ts';
import type { LocalReply } from '../../engine/requests/local-replies.ts';
import { Routes } from '../../engine/requests/route-stats.ts';
import { MAX_CLAIM_ID } from '../../wire/claims.ts';
import type { RaceSite } from '../../wire/race-messages.ts';
import type { TrialWorker } from './trial-worker.ts';
import { DIED } from './trial-workers.ts';

/** A request that a trial sends. */
export interface Sending {
  worker: TrialWorker;
  /** Where it is held, in this order. */
  pauses: readonly RaceSite[];
  /** See race-messages.ts. */
  gate: string | undefined;
  /** It has a number now; messages of the hooks name it so. */
  admitted(id: number): void;
  /** It is over. */
  finished(exchange: Exchange): void;
}

export class TrialFront implements FrontHandler {
  readonly routes = new Routes();
  readonly pageContext: PageContext = { editorLink: '', build: '' };
  #policy: HostPolicy;
  #warn: (text: string) => void;
  #requests = 0;
  /** By the port of the client's end. */
  #sendings = new Map<number, Sending>();
  #byExchange = new Map<Exchange, Sending>();
  #active: TrialWorker | undefined;

  /** @param allowedHosts see {@link HostPolicy} */
  constructor(host: string, allowedHosts: readonly string[], warn: (text: string) => void) {
    this.#policy = new HostPolicy(host, allowedHosts);
    this.#warn = warn;
  }

  /** @param worker gets the requests that the app sends to itself */
  activate(worker: TrialWorker | undefined): void {
    this.#active = worker;
  }

  /** The request that comes from this port belongs to a trial. */
  expect(clientPort: number, sending: Sending): void {
    this.#sendings.set(clientPort, sending);
  }

  forget(clientPort: number): void {
    this.#sendings.delete(clientPort);
  }

  // FrontHandler

  nextRequestId(): number {
    this.#requests = this.#requests === MAX_CLAIM_ID ? 1 : this.#requests + 1;
    return this.#requests;
  }

  admit(exchange: Exchange): void {
    const { clientPort } = exchange.client;
    const sending = clientPort === undefined ? undefined : this.#sendings.get(clientPort);
    const worker = sending?.worker ?? this.#active;
    if (worker === undefined || !worker.managed.upstream.accepts(exchange.server)) {
      exchange.client.refuse(exchange, DIED);
      return;
    }
    const { upstream } = worker.managed;
    if (sending !== undefined) {
      this.#byExchange.set(exchange, sending);
      const { pauses, gate } = sending;
      const message = { do: 'observe', request: exchange.id, pauses } as const;
      upstream.send({ type: 'race', message: gate === undefined ? message : { ...message, gate } });
      sending.admitted(exchange.id);
    }
    upstream.dispatch(exchange);
  }

  finished(exchange: Exchange): void {
    exchange.worker?.finished(exchange);
    this.#byExchange.get(exchange)?.finished(exchange);
    this.#byExchange.delete(exchange);
  }

  forbids(head: RequestHead): LocalReply | undefined {
    return this.#policy.forbids(head);
  }

  reloadScript(): undefined {}

  joinReloadEvents(): () => void {
    return () => {};
  }

  sessionGiven(): void {}

  answerPassed(): void {}

  warn(text: string): void {
    this.#warn(text);
  }
}
