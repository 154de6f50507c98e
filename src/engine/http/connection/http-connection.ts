/**
 * One HTTP/1.1 connection of a client. Its requests are served one after another, because answers must come in order
 * (RFC 9112, 9.3.2). The scheduler chooses a worker for each.
 */
import type net from 'node:net';
import type { AssignedWorker, Exchange } from '../../requests/exchange.ts';
import { BAD_RESPONSE, badRequest, type LocalReply, TOO_SLOW } from '../../requests/local-replies.ts';
import type { WorkerStream } from '../../requests/worker-stream.ts';
import { renderErrorPage } from '../pages/error-page.ts';
import { isReloadEvents } from '../pages/reload-script.ts';
import type { RequestHead } from '../parser/request-head.ts';
import { RequestReader, type RequestSink } from './request-reader.ts';
import type { FrontAddress, FrontHandler, FrontLimits } from './types.ts';
import { WorkerSide, type WorkerSideClient } from './worker-side.ts';

export class ClientConnection implements WorkerSideClient, RequestSink {
  #socket: net.Socket;
  #handler: FrontHandler;
  #limits: FrontLimits;
  #workers: WorkerSide;
  #reader: RequestReader;
  /** The client's deadline for its next step, on the clock of `performance.now()`. */
  #deadline: number;
  #clientEnded = false;
  /** `last`: no request follows the current one. `closing`: everything was sent, and the client must close its end. */
  #life: 'open' | 'last' | 'closing' = 'open';

  constructor(socket: net.Socket, handler: FrontHandler, address: FrontAddress, limits: FrontLimits) {
    this.#socket = socket;
    this.#handler = handler;
    this.#limits = limits;
    this.#workers = new WorkerSide(socket, handler, address, this);
    this.#reader = new RequestReader(socket, this, address);
    this.#deadline = performance.now() + limits.idleMs;
    socket.on('end', () => this.#onEnd());
    socket.on('error', () => {}); // 'close' follows.
    socket.on('close', () => this.#onClose());
  }

  /** Bytes from the client, valid during the call only. */
  receive(bytes: Buffer): void {
    if (this.#workers.relay.state === 'tunnel' && this.#workers.exchange !== undefined) {
      this.#workers.exchange.received(bytes.length);
      this.#workers.pipe.enqueue(bytes);
      return;
    }
    const wasIdle = this.#reader.idle;
    this.#reader.receive(bytes);
    if (this.#life === 'closing' || !this.#reader.waiting) return;
    if (wasIdle || this.#workers.exchange !== undefined) {
      const { headMs, bodyMs } = this.#limits;
      this.#deadline = performance.now() + (this.#workers.exchange === undefined ? headMs : bodyMs);
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

  /** Closes now if no request is under way, else after the answer. */
  shutdown(): void {
    if (this.#workers.exchange === undefined) this.#close();
    else if (this.#life === 'open') this.#life = 'last';
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** @throws Error if a byte was lost; see {@link StreamPipe.check}. */
  check(): void {
    this.#workers.pipe.check();
  }

  // RequestSink

  onHead(head: RequestHead, bytes: Buffer): void {
    if (isReloadEvents(head)) {
      this.#joinReloadEvents(head);
      return;
    }
    const exchange = this.#workers.begin(head, bytes);
    const forbidden = this.#handler.forbids(head);
    if (forbidden !== undefined) this.refuse(exchange, forbidden);
    else this.#handler.admit(exchange);
  }

  onBody(bytes: Buffer): void {
    if (this.#workers.exchange === undefined) return;
    this.#workers.exchange.received(bytes.length);
    this.#workers.pipe.enqueue(bytes);
  }

  onComplete(): void {
    this.moved();
  }

  onBad(status: number, reason: string): void {
    this.#handler.warn(`Refused a request from ${this.#socket.remoteAddress}: ${reason}`);
    this.#giveUp(badRequest(status, reason));
  }

  // ExchangeClient

  get clientKey(): string {
    return `${this.#socket.remoteAddress} ${this.#workers.exchange?.userAgent ?? ''}`;
  }

  get clientPort(): number | undefined {
    return this.#socket.remotePort;
  }

  forward(exchange: Exchange, worker: AssignedWorker): void {
    this.#workers.forward(exchange, worker);
  }

  started(exchange: Exchange): void {
    this.#workers.started(exchange);
  }

  takenBack(exchange: Exchange): void {
    this.#workers.takenBack(exchange);
  }

  refuse(exchange: Exchange, localReply: LocalReply): void {
    if (exchange === this.#workers.exchange) this.#giveUp(localReply);
  }

  goAway(exchange: Exchange): void {
    if (exchange !== this.#workers.exchange) return;
    const last = this.#workers.relay.farewell();
    if (last === undefined) {
      this.#cut();
      return;
    }
    this.#socket.write(last);
    this.#close();
    this.#finish(exchange);
  }

  // WorkerSideClient

  /**
   * An exchange is over when its answer is complete and its whole request was passed on. Before that, its stream can't
   * take another request: the app would read that as part of the current body (request smuggling).
   */
  moved(): void {
    const { exchange, relay, pipe } = this.#workers;
    if (exchange === undefined || relay.state !== 'done') return;
    const unfinished = this.#clientEnded && !this.#reader.complete;
    const passed = this.#reader.complete && pipe.settled;
    if (relay.close || unfinished || passed) this.#complete(exchange);
  }

  tunnelled(): void {
    const ahead = this.#reader.stop();
    if (ahead !== undefined) this.#workers.pipe.enqueue(ahead);
    this.#socket.resume();
  }

  broken(): void {
    this.#giveUp(BAD_RESPONSE);
  }

  ended(exchange: Exchange, stream: WorkerStream): void {
    const { relay } = this.#workers;
    if (relay.state === 'tunnel') {
      if (stream.closed) this.#socket.destroySoon();
      else this.#socket.end();
    } else if (relay.state === 'done' || relay.endsWithConnection) {
      this.#life = 'last';
      this.#complete(exchange);
    } else {
      exchange.failed(this.#clientEnded ? 'client closed' : 'app closed the connection');
      if (exchange.firstByteAt !== undefined) this.#cut();
      else this.#close();
    }
  }

  // The client disconnects

  #onEnd(): void {
    this.#clientEnded = true;
    // The app may still answer, but the client disconnected before it had sent its whole request.
    if (this.#workers.exchange !== undefined && !this.#reader.complete)
      this.#workers.exchange.failed('client closed');
    const exchange = this.#workers.exchange;
    // If the request stayed held, others would overlap with a request whose client has disconnected.
    if (exchange === undefined || exchange.held) this.#close();
    // Otherwise the app decides about the request (http.Server, httpAllowHalfOpen).
    else this.#workers.pipe.end();
  }

  #onClose(): void {
    this.#life = 'closing';
    this.#workers.leave();
    this.#reader.stop();
    const exchange = this.#workers.exchange;
    if (exchange === undefined) return;
    if (this.#workers.relay.state !== 'tunnel' && exchange.failure === undefined)
      exchange.failed('client closed');
    this.#finish(exchange);
  }

  // The answer

  #complete(exchange: Exchange): void {
    const close = this.#life !== 'open' || this.#workers.relay.close || this.#clientEnded;
    this.#workers.pipe.detach();
    this.#finish(exchange);
    if (close) {
      this.#close();
      return;
    }
    this.#deadline = performance.now() + this.#limits.idleMs;
    // A client that sends requests but reads nothing would otherwise fill memory with answers.
    if (this.#socket.writableNeedDrain) this.#socket.once('drain', () => this.#next());
    else this.#next();
  }

  #next(): void {
    if (this.#life === 'open') this.#reader.next();
  }

  /** An event stream of the server itself; it is not a request to the app, so no log lists it. */
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

  /** Ends the connection with a local reply. If the app's answer has started, it is cut instead. */
  #giveUp(localReply: LocalReply): void {
    const exchange = this.#workers.exchange;
    if (exchange !== undefined) {
      exchange.failed(localReply.failure);
      if (this.#workers.relay.state === 'done') {
        // The answer is complete, but the rest of the request can't come any more.
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
    const bytes = renderErrorPage(localReply, this.#handler.pageContext, exchange);
    this.#socket.write(bytes);
    this.#close();
    if (exchange === undefined) return;
    exchange.sent(bytes.length);
    this.#finish(exchange);
  }

  /** Ends an incomplete answer so that the client notices: a regular end could look like a complete answer. */
  #cut(): void {
    this.#socket.resetAndDestroy();
  }

  #close(): void {
    this.#life = 'closing';
    this.#deadline = performance.now() + this.#limits.closingMs;
    this.#reader.stop();
    this.#workers.leave();
    this.#socket.end();
    // Keeps reading, so that the rest of a body does not turn the answer into a reset (RFC 9112, 9.6).
    this.#socket.resume();
  }

  #finish(exchange: Exchange): void {
    if (!exchange.finish()) return;
    this.#workers.over(exchange);
    this.#handler.finished(exchange);
  }
}
