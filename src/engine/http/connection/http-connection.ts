/**
 * One HTTP/1.1 connection of a client. Requests on it are served one after the other (RFC 9112, 9.3.2 asks for
 * answers in order), each by whichever worker the engine picks.
 */
import type net from 'node:net';
import {
  type AssignedWorker,
  Exchange,
  type ExchangeClient,
  type LocalReply,
  routeOf,
} from '../../requests/exchange.ts';
import { BAD_RESPONSE, badRequest, TOO_SLOW } from '../../requests/local-replies.ts';
import type { StreamOwner, WorkerStream } from '../../requests/worker-stream.ts';
import { renderErrorPage } from '../pages/error-page.ts';
import { isReloadEvents } from '../pages/reload-script.ts';
import type { RequestHead } from '../parser/request-head.ts';
import { ConnectionStreams } from './connection-streams.ts';
import { RequestReader, type RequestSink } from './request-reader.ts';
import { ResponseRelay } from './response-relay.ts';
import { StreamPipe } from './stream-pipe.ts';
import type { FrontAddress, FrontHandler, FrontLimits } from './types.ts';

export class ClientConnection implements StreamOwner, ExchangeClient, RequestSink {
  #socket: net.Socket;
  #handler: FrontHandler;
  /** Index of the app's server. */
  #server: number;
  #limits: FrontLimits;
  #pipe: StreamPipe;
  #reader: RequestReader;
  #relay = new ResponseRelay();
  #head: Buffer | undefined;
  #exchange: Exchange | undefined;
  #streams: ConnectionStreams;
  /** When the client must have done its part, on the clock of `performance.now()`. */
  #deadline: number;
  #clientEnded = false;
  /**
   * `last`: no request follows the current one. `closing`: everything was sent, and only the client's end of the
   * connection is awaited.
   */
  #life: 'open' | 'last' | 'closing' = 'open';

  constructor(socket: net.Socket, handler: FrontHandler, address: FrontAddress, limits: FrontLimits) {
    this.#socket = socket;
    this.#handler = handler;
    this.#server = address.server;
    this.#limits = limits;
    this.#pipe = new StreamPipe(socket);
    this.#streams = new ConnectionStreams(this, () => address.info(socket));
    this.#reader = new RequestReader(socket, this, address);
    this.#deadline = performance.now() + limits.idleMs;
    socket.on('end', () => this.#onEnd());
    socket.on('error', () => {}); // 'close' follows.
    socket.on('close', () => this.#onClose());
  }

  /** Bytes from the client, valid during the call only. */
  receive(bytes: Buffer): void {
    if (this.#relay.state === 'tunnel' && this.#exchange !== undefined) {
      this.#exchange.received(bytes.length);
      this.#pipe.enqueue(bytes);
      return;
    }
    const wasIdle = this.#reader.idle;
    this.#reader.receive(bytes);
    if (this.#life === 'closing' || !this.#reader.waiting) return;
    if (wasIdle || this.#exchange !== undefined) {
      const { headMs, bodyMs } = this.#limits;
      this.#deadline = performance.now() + (this.#exchange === undefined ? headMs : bodyMs);
    }
  }

  /** Ends the connection if the client took too long; called about once a second. */
  checkDeadline(now: number): void {
    if (now < this.#deadline) return;
    if (this.#life === 'closing') this.#socket.destroy();
    // A paused client waits for the app, not the other way round.
    else if (this.#socket.isPaused()) this.#deadline = now + this.#limits.bodyMs;
    else if (this.#reader.waiting) this.#giveUp(TOO_SLOW);
    else if (this.#reader.idle) this.#close();
  }

  /** Closes now if no request is under way, else with the answer. */
  shutdown(): void {
    if (this.#exchange === undefined) this.#close();
    else if (this.#life === 'open') this.#life = 'last';
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** @throws Error where a byte was lost; see {@link StreamPipe.check}. */
  check(): void {
    this.#pipe.check();
  }

  // RequestSink

  onHead(head: RequestHead, bytes: Buffer): void {
    if (isReloadEvents(head)) {
      this.#joinReloadEvents(head);
      return;
    }
    this.#head = bytes;
    const route = routeOf(head.method, head.target);
    const exchange = new Exchange(this, {
      id: this.#handler.nextRequestId(),
      method: head.method,
      target: head.target,
      route,
      stats: this.#handler.routes.of(route),
      server: this.#server,
      userAgent: head.userAgent,
      accept: head.accept,
      endless: false,
    });
    exchange.received(bytes.length);
    this.#exchange = exchange;
    const forbidden = this.#handler.forbids(head);
    if (forbidden !== undefined) this.refuse(exchange, forbidden);
    else this.#handler.admit(exchange);
  }

  onBody(bytes: Buffer): void {
    if (this.#exchange === undefined) return;
    this.#exchange.received(bytes.length);
    this.#pipe.enqueue(bytes);
  }

  onComplete(): void {
    this.#completeIfOver();
  }

  onBad(status: number, reason: string): void {
    this.#handler.warn(`Refused a request from ${this.#socket.remoteAddress}: ${reason}`);
    this.#giveUp(badRequest(status, reason));
  }

  // ExchangeClient

  get clientKey(): string {
    return `${this.#socket.remoteAddress} ${this.#exchange?.userAgent ?? ''}`;
  }

  forward(exchange: Exchange, worker: AssignedWorker): void {
    const stream = this.#streams.to(worker);
    this.#relay.begin(exchange.method, this.#reloadScript);
    this.#pipe.attach(stream);
    worker.offer(exchange, stream, this.#head!);
    this.#pipe.pump();
  }

  started(exchange: Exchange): void {
    if (exchange !== this.#exchange) return;
    this.#pipe.markStarted();
    // The end of the app's connection was heard first.
    if (this.#pipe.stream?.usable === false) this.#appEnded(exchange, this.#pipe.stream);
  }

  takenBack(exchange: Exchange): void {
    if (exchange !== this.#exchange || this.#pipe.stream === undefined) return;
    // The worker drops its bytes, so what comes next on this stream would be taken for them.
    this.#forget(this.#pipe.stream);
    this.#relay.end();
  }

  refuse(exchange: Exchange, localReply: LocalReply): void {
    if (exchange === this.#exchange) this.#giveUp(localReply);
  }

  goAway(exchange: Exchange): void {
    if (exchange !== this.#exchange) return;
    const last = this.#relay.farewell();
    if (last === undefined) {
      this.#cut();
      return;
    }
    this.#socket.write(last);
    this.#close();
    this.#finish(exchange);
  }

  // StreamOwner

  onUpstreamData(stream: WorkerStream, bytes: Buffer): void {
    const exchange = this.#exchange;
    if (exchange === undefined || stream !== this.#pipe.stream) {
      // No request asked for it, so the next answer on this stream could be another request's.
      this.#forget(stream);
      return;
    }
    const out = this.#relay.feed(bytes, exchange);
    if (this.#relay.answered) exchange.firstBytePassed();
    exchange.sent(out.length);
    if (out.length > 0) this.#pipe.write(out, bytes.length);
    else stream.credit(bytes.length);
    if (this.#relay.state === 'tunnel') this.#enterTunnel();
    else if (this.#relay.state === 'broken') this.#giveUp(BAD_RESPONSE);
    else this.#completeIfOver();
  }

  onUpstreamEnd(stream: WorkerStream): void {
    const exchange = this.#exchange;
    if (exchange === undefined || stream !== this.#pipe.stream) this.#forget(stream);
    // What the app ended is the connection as it was before this request, or this one's answer: the worker says which,
    // by giving the request back or by having started it.
    else if (exchange.started || exchange.firstByteAt !== undefined) this.#appEnded(exchange, stream);
  }

  onUpstreamCredit(stream: WorkerStream): void {
    if (stream !== this.#pipe.stream) return;
    this.#pipe.pump();
    this.#completeIfOver();
  }

  #appEnded(exchange: Exchange, stream: WorkerStream): void {
    if (this.#relay.state === 'tunnel') {
      if (stream.closed) this.#socket.destroySoon();
      else this.#socket.end();
    } else if (this.#relay.state === 'done' || this.#relay.endsWithConnection) {
      this.#life = 'last';
      this.#complete(exchange);
    } else {
      exchange.failed(this.#clientEnded ? 'client closed' : 'app closed the connection');
      if (exchange.firstByteAt !== undefined) this.#cut();
      else this.#close();
    }
  }

  // The client leaves

  #onEnd(): void {
    this.#clientEnded = true;
    // Whatever the app still answers, the client left before it had said all.
    if (this.#exchange !== undefined && !this.#reader.complete) this.#exchange.failed('client closed');
    const exchange = this.#exchange;
    // Held on purpose, it would wait for others, or others for it, although nobody waits for its answer.
    if (exchange === undefined || exchange.held) this.#close();
    // Else the app says what it means to the request (http.Server, httpAllowHalfOpen).
    else this.#pipe.end();
  }

  #onClose(): void {
    this.#life = 'closing';
    this.#forgetWorkers();
    this.#reader.stop();
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    if (this.#relay.state !== 'tunnel' && exchange.failure === undefined) exchange.failed('client closed');
    this.#finish(exchange);
  }

  // The answer

  /**
   * An exchange is over when its answer is complete and all of its request was passed on. Before that its stream can't
   * take another request: the app would read it as the rest of this one's body (request smuggling).
   */
  #completeIfOver(): void {
    const exchange = this.#exchange;
    if (exchange === undefined || this.#relay.state !== 'done') return;
    const unfinished = this.#clientEnded && !this.#reader.complete;
    const passed = this.#reader.complete && this.#pipe.settled;
    if (this.#relay.close || unfinished || passed) this.#complete(exchange);
  }

  #complete(exchange: Exchange): void {
    const close = this.#life !== 'open' || this.#relay.close || this.#clientEnded;
    this.#pipe.detach();
    this.#finish(exchange);
    if (close) {
      this.#close();
      return;
    }
    this.#deadline = performance.now() + this.#limits.idleMs;
    // A client that sends on and reads nothing would otherwise fill memory with answers.
    if (this.#socket.writableNeedDrain) this.#socket.once('drain', () => this.#next());
    else this.#next();
  }

  #next(): void {
    if (this.#life === 'open') this.#reader.next();
  }

  #reloadScript = (): string | undefined => this.#handler.reloadScript();

  /** An event stream of the server's own; it is no request of the app's, so it is in no log. */
  #joinReloadEvents(head: RequestHead): void {
    const forbidden = this.#handler.forbids(head);
    if (forbidden !== undefined) {
      this.#giveUp(forbidden);
      return;
    }
    this.#reader.stop();
    this.#deadline = Number.POSITIVE_INFINITY;
    const leave = this.#handler.joinReloadEvents(head.target, (text) => this.#socket.write(text));
    this.#socket.once('close', leave);
  }

  #enterTunnel(): void {
    const ahead = this.#reader.stop();
    if (ahead !== undefined) this.#pipe.enqueue(ahead);
    this.#socket.resume();
  }

  /** Ends the connection with an answer of the server's own, or by cutting the app's if that has begun. */
  #giveUp(localReply: LocalReply): void {
    const exchange = this.#exchange;
    if (exchange !== undefined) {
      exchange.failed(localReply.failure);
      if (this.#relay.state === 'done') {
        // The answer is there; what can't be had any more is the rest of the request.
        this.#life = 'last';
        this.#complete(exchange);
        return;
      }
      if (exchange.firstByteAt !== undefined) {
        this.#cut();
        return;
      }
      exchange.answered(localReply.status);
    }
    const bytes = renderErrorPage(localReply, this.#handler.facts, exchange);
    this.#socket.write(bytes);
    this.#close();
    if (exchange === undefined) return;
    exchange.sent(bytes.length);
    this.#finish(exchange);
  }

  /** Ends an answer that can't be completed so that the client sees it: a regular end could pass for the whole. */
  #cut(): void {
    this.#socket.resetAndDestroy();
  }

  #close(): void {
    this.#life = 'closing';
    this.#deadline = performance.now() + this.#limits.closingMs;
    this.#reader.stop();
    this.#forgetWorkers();
    this.#socket.end();
    // Read on, so that the rest of a body does not turn the answer into a reset (RFC 9112, 9.6).
    this.#socket.resume();
  }

  #forgetWorkers(): void {
    this.#pipe.detach();
    this.#streams.forgetAll();
  }

  /** Ends this connection's image in a worker. */
  #forget(stream: WorkerStream): void {
    if (stream === this.#pipe.stream) this.#pipe.detach();
    this.#streams.forget(stream);
  }

  #finish(exchange: Exchange): void {
    if (this.#exchange === exchange) this.#exchange = undefined;
    if (!exchange.finish()) return;
    this.#relay.end();
    this.#pipe.clear();
    this.#handler.finished(exchange);
  }
}
