/**
 * The workers' side of an HTTP connection: sends its current request to a worker, or to another one if the first gives
 * it back, and sends the bytes of the answer to the client.
 */
import type net from 'node:net';
import { type AssignedWorker, Exchange, type ExchangeClient, routeOf } from '../../requests/exchange.ts';
import { SessionHandshake } from '../../requests/session-handshake.ts';
import { isPoll, sessionOf } from '../../requests/session-request.ts';
import type { StreamOwner, WorkerStream } from '../../requests/worker-stream.ts';
import type { RequestHead } from '../parser/request-head.ts';
import type { ResponseHead } from '../parser/response-head.ts';
import { ConnectionStreams } from './connection-streams.ts';
import { ResponseRelay } from './response-relay.ts';
import { StreamPipe } from './stream-pipe.ts';
import type { FrontAddress, FrontHandler } from './types.ts';

/** The client's side of the connection. */
export interface WorkerSideClient extends ExchangeClient {
  /** Bytes of the request or the answer were passed on: both may now be complete. */
  moved(): void;
  /** After this answer the connection carries another protocol. */
  tunnelled(): void;
  /** The app sent something that is not an answer. */
  broken(): void;
  /** The app ended its side during the request that it runs. */
  ended(exchange: Exchange, stream: WorkerStream): void;
}

export class WorkerSide implements StreamOwner {
  readonly pipe: StreamPipe;
  readonly relay = new ResponseRelay();
  #streams: ConnectionStreams;
  #handler: FrontHandler;
  /** Index of the app's server. */
  #server: number;
  #client: WorkerSideClient;
  #exchange: Exchange | undefined;
  #head: Buffer | undefined;
  /** The answer may give a session its name. */
  #handshake: SessionHandshake | undefined;

  constructor(socket: net.Socket, handler: FrontHandler, address: FrontAddress, client: WorkerSideClient) {
    this.pipe = new StreamPipe(socket);
    this.#streams = new ConnectionStreams(this, () => address.info(socket));
    this.#handler = handler;
    this.#server = address.server;
    this.#client = client;
  }

  /** The request that is under way. */
  get exchange(): Exchange | undefined {
    return this.#exchange;
  }

  /** @param bytes of the head; they stay valid */
  begin({ method, target, userAgent, accept, mcpSession, cookie }: RequestHead, bytes: Buffer): Exchange {
    const route = routeOf(method, target);
    const session = sessionOf(target, mcpSession);
    const exchange = new Exchange(this.#client, {
      id: this.#handler.nextRequestId(),
      method,
      target,
      route,
      stats: this.#handler.routes.of(route),
      server: this.#server,
      userAgent,
      accept,
      session,
      cookie,
      endless: session !== undefined && isPoll(method, target, session),
    });
    exchange.received(bytes.length);
    this.#exchange = exchange;
    this.#head = bytes;
    return exchange;
  }

  forward(exchange: Exchange, worker: AssignedWorker): void {
    const stream = this.#streams.to(worker);
    const { session } = exchange;
    const asks = session !== undefined && session.id === undefined;
    this.#handshake = asks ? new SessionHandshake('open packet') : undefined;
    this.relay.begin(exchange.method, this.#reloadScript, this.#onHead);
    this.pipe.attach(stream);
    worker.offer(exchange, stream, this.#head!);
    this.pipe.pump();
  }

  started(exchange: Exchange): void {
    if (exchange !== this.#exchange) return;
    this.pipe.markStarted();
    // The end of the app's connection arrived first.
    if (this.pipe.stream?.usable === false) this.#client.ended(exchange, this.pipe.stream);
  }

  takenBack(exchange: Exchange): void {
    if (exchange !== this.#exchange || this.pipe.stream === undefined) return;
    // The worker drops the bytes of this request, so later bytes on this stream would be taken for them.
    this.#forget(this.pipe.stream);
    this.relay.end();
  }

  /** The request is over; its stream can take another one. */
  over(exchange: Exchange): void {
    if (this.#exchange === exchange) this.#exchange = undefined;
    this.relay.end();
    this.pipe.clear();
  }

  /** Ends all images of the connection. */
  leave(): void {
    this.pipe.detach();
    this.#streams.forgetAll();
  }

  #reloadScript = (): string | undefined => this.#handler.reloadScript();

  /** Most answers have nothing to do here. */
  #onHead = (head: ResponseHead): void => {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    const { setCookies, location } = head;
    if (setCookies !== undefined || location !== undefined || exchange.cookie !== undefined)
      this.#handler.answerPassed(exchange, head);
    if (head.mcpSession !== undefined) this.#handler.sessionGiven(exchange, 'MCP', head.mcpSession);
    const isStream = exchange.endless && head.status === 200 && exchange.method === 'GET';
    if (isStream) this.#handshake ??= new SessionHandshake('endpoint event');
  };

  /** The client is to know the session only after the server does. */
  #learn(handshake: SessionHandshake, exchange: Exchange, bytes: Buffer): void {
    const found = handshake.feed(bytes);
    if (found === undefined) return;
    this.#handshake = undefined;
    if (found !== 'none') this.#handler.sessionGiven(exchange, exchange.session?.protocol ?? 'MCP', found);
  }

  // StreamOwner

  onUpstreamData(stream: WorkerStream, bytes: Buffer): void {
    const exchange = this.#exchange;
    if (exchange === undefined || stream !== this.pipe.stream) {
      // No request asked for it, so the next answer on this stream could belong to another request.
      this.#forget(stream);
      return;
    }
    const { relay } = this;
    const out = relay.feed(bytes, exchange);
    if (this.#handshake !== undefined) this.#learn(this.#handshake, exchange, out);
    if (relay.answered) exchange.firstBytePassed();
    exchange.sent(out.length);
    if (out.length > 0) this.pipe.write(out, bytes.length);
    else stream.credit(bytes.length);
    if (relay.state === 'tunnel') this.#client.tunnelled();
    else if (relay.state === 'broken') this.#client.broken();
    else this.#client.moved();
  }

  onUpstreamEnd(stream: WorkerStream): void {
    const exchange = this.#exchange;
    if (exchange === undefined || stream !== this.pipe.stream) this.#forget(stream);
    // The app ended either the connection before this request, or this request's answer. The worker shows which: it
    // gives the request back, or it has started it.
    else if (exchange.started || exchange.firstByteAt !== undefined) this.#client.ended(exchange, stream);
  }

  onUpstreamCredit(stream: WorkerStream): void {
    if (stream !== this.pipe.stream) return;
    this.pipe.pump();
    this.#client.moved();
  }

  /** Ends this connection's image in a worker. */
  #forget(stream: WorkerStream): void {
    if (stream === this.pipe.stream) this.pipe.detach();
    this.#streams.forget(stream);
  }
}
