/**
 * One HTTP/1.1 connection of a client. Requests on it are served one after the other (RFC 9112, 9.3.2 asks for
 * answers in order), each by whichever worker the engine picks.
 */
import type net from 'node:net';
import { Exchange, type ExchangeClient, type Refusal, routeOf } from '../exchange.ts';
import type { Stream, StreamOwner, Upstream } from '../upstream.ts';
import type { FrontAddress, FrontHandler, FrontLimits } from './front.ts';
import { renderRefusal } from './refusal-page.ts';
import { RequestBody } from './request-body.ts';
import { HeadError, parseRequestHead } from './request-head.ts';
import { ResponseRelay } from './response-relay.ts';
import { StreamPipe } from './stream-pipe.ts';

/** Requests that a client sent ahead are kept up to this size; then its socket is paused. */
const PIPELINE_BYTES = 64 * 1024;

type Phase =
  /** Waits for a request. */
  | 'head'
  /** Takes the body of a request. */
  | 'body'
  /** Has the whole request and waits for the end of the answer. */
  | 'answer'
  | 'tunnel'
  /** Said all it had to say; waits for the client to close. */
  | 'closing';

export class ClientConnection implements StreamOwner, ExchangeClient {
  readonly streamId: number;
  #socket: net.Socket;
  #handler: FrontHandler;
  #address: FrontAddress;
  #limits: FrontLimits;
  #pipe: StreamPipe;
  #body = new RequestBody();
  #relay = new ResponseRelay();
  #phase: Phase = 'head';
  #input: Buffer | undefined;
  #head: Buffer | undefined;
  #exchange: Exchange | undefined;
  #streams: Stream[] = [];
  #deadline: number;
  #clientEnded = false;

  constructor(socket: net.Socket, handler: FrontHandler, address: FrontAddress, limits: FrontLimits) {
    this.streamId = handler.nextConnectionId();
    this.#socket = socket;
    this.#handler = handler;
    this.#address = address;
    this.#limits = limits;
    this.#pipe = new StreamPipe(socket);
    this.#deadline = performance.now() + limits.idleMs;
    socket.on('end', () => this.#onEnd());
    socket.on('error', () => {}); // 'close' follows.
    socket.on('close', () => this.#onClose());
  }

  /** Ends the connection if the client took too long; called about once a second. */
  checkDeadline(now: number): void {
    if (now < this.#deadline) return;
    if (this.#phase === 'closing') this.#socket.destroy();
    // A paused client waits for the app, not the other way round.
    else if (this.#socket.isPaused()) this.#deadline = now + this.#limits.bodyMs;
    else if (this.#phase === 'body' || this.#input !== undefined) this.#tooSlow();
    else if (this.#phase === 'head') this.#close();
  }

  /** Closes now if no request is under way, else with the answer. */
  shutdown(): void {
    if (this.#phase === 'head') this.#close();
    else this.#relay.close = true;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  // ExchangeClient

  get clientKey(): string {
    return `${this.#socket.remoteAddress} ${this.#exchange?.head?.userAgent ?? ''}`;
  }

  forward(exchange: Exchange, upstream: Upstream): void {
    const stream = upstream.stream(this, () => this.#address.info(this.#socket));
    if (!this.#streams.includes(stream)) this.#streams.push(stream);
    this.#relay.begin(exchange.method);
    this.#pipe.attach(stream);
    upstream.offer(exchange, stream, this.#head!);
    this.#pipe.pump();
  }

  started(exchange: Exchange): void {
    if (exchange === this.#exchange) this.#pipe.markStarted();
  }

  refuse(exchange: Exchange, refusal: Refusal): void {
    exchange.failure = refusal.failure;
    exchange.status = refusal.status;
    if (exchange.firstByteAt > 0) this.#cut();
    else this.#answer(refusal, exchange.head?.accept, exchange.method === 'HEAD');
  }

  workerGone(exchange: Exchange, report: Refusal): void {
    this.refuse(exchange, report);
  }

  // StreamOwner

  onUpstreamData(stream: Stream, bytes: Buffer): void {
    const exchange = this.#exchange;
    if (exchange === undefined || stream !== this.#pipe.stream) {
      stream.credit(bytes.length);
      return;
    }
    if (this.#phase === 'tunnel') {
      exchange.bytesOut += bytes.length;
      this.#pipe.write(bytes, bytes.length);
      return;
    }
    if (exchange.firstByteAt === 0) exchange.firstByteAt = performance.now();
    const out = this.#relay.feed(bytes, () => exchange.serverTiming());
    exchange.status = this.#relay.status;
    exchange.endless = this.#relay.eventStream;
    exchange.bytesOut += out.length;
    if (out.length > 0) this.#pipe.write(out, bytes.length);
    else stream.credit(bytes.length);
    if (this.#relay.state === 'done') this.#answered();
    else if (this.#relay.state === 'tunnel') this.#enterTunnel();
    else if (this.#relay.state === 'broken') this.#brokenAnswer(exchange);
  }

  onUpstreamEnd(stream: Stream): void {
    const exchange = this.#exchange;
    if (exchange === undefined || stream !== this.#pipe.stream) return;
    if (this.#phase === 'tunnel') this.#socket.end();
    else if (this.#relay.endsWithConnection) this.#complete();
    else if (this.#relay.state !== 'done') {
      exchange.failure = this.#clientEnded ? 'client closed' : 'app closed the connection';
      if (exchange.firstByteAt > 0) this.#cut();
      else this.#socket.end();
    }
  }

  onUpstreamReset(stream: Stream): void {
    const at = this.#streams.indexOf(stream);
    if (at >= 0) this.#streams.splice(at, 1);
    if (stream !== this.#pipe.stream) return;
    if (this.#exchange !== undefined && this.#phase === 'tunnel') this.#socket.destroySoon();
    else this.onUpstreamEnd(stream);
    this.#pipe.detach();
  }

  onUpstreamCredit(stream: Stream): void {
    if (stream === this.#pipe.stream) this.#pipe.pump();
  }

  // The client

  /** Bytes from the client, valid during the call only. */
  receive(chunk: Buffer): void {
    switch (this.#phase) {
      case 'tunnel':
        this.#exchange!.bytesIn += chunk.length;
        this.#pipe.enqueue(chunk);
        return;
      case 'closing':
        return;
      case 'body':
        this.#takeBody(chunk, 0);
        return;
      case 'answer':
        this.#keep(chunk);
        return;
      case 'head':
        this.#takeHead(chunk);
    }
  }

  #takeHead(chunk: Buffer): void {
    const bytes = this.#input === undefined ? chunk : Buffer.concat([this.#input, chunk]);
    const head = parseRequestHead(bytes, 0, bytes.length);
    if (head === undefined) {
      if (this.#input === undefined) this.#deadline = performance.now() + this.#limits.headMs;
      // Kept beyond this call, so copied out of the shared read buffer.
      this.#input = bytes === chunk ? Buffer.from(chunk) : bytes;
      return;
    }
    this.#input = undefined;
    if (head instanceof HeadError) {
      this.#badRequest(head.status, head.reason);
      return;
    }
    const forbidden = this.#handler.forbids(head);
    this.#head = Buffer.from(bytes.subarray(0, head.end));
    this.#body.begin(head);
    const route = routeOf(head.method, head.target);
    const exchange = new Exchange(this, {
      id: this.#handler.nextRequestId(),
      method: head.method,
      target: head.target,
      route,
      stats: this.#handler.routes.of(route),
      head,
      server: this.#address.server,
    });
    exchange.bytesIn = head.end;
    this.#exchange = exchange;
    this.#phase = this.#body.done ? 'answer' : 'body';
    if (forbidden !== undefined) {
      this.refuse(exchange, forbidden);
      return;
    }
    this.#handler.admit(exchange);
    if (head.end === bytes.length) {
      this.#expectBody();
      return;
    }
    if (this.#phase === 'body') this.#takeBody(bytes, head.end);
    else this.receive(bytes.subarray(head.end));
  }

  #takeBody(bytes: Buffer, start: number): void {
    const end = this.#body.scan(bytes, start, bytes.length);
    if (this.#body.error !== undefined) {
      const failure = 'bad request body';
      this.#exchange!.failure = failure;
      if (this.#exchange!.firstByteAt > 0) this.#cut();
      else this.#badRequest(400, this.#body.error);
      return;
    }
    this.#exchange!.bytesIn += end - start;
    this.#pipe.enqueue(bytes.subarray(start, end));
    this.#expectBody();
    if (this.#body.done) {
      this.#phase = 'answer';
      if (this.#relay.state === 'done' && this.#exchange!.firstByteAt > 0) this.#complete();
    }
    if (end < bytes.length) this.receive(bytes.subarray(end));
  }

  #expectBody(): void {
    this.#deadline =
      this.#phase === 'body' ? performance.now() + this.#limits.bodyMs : Number.POSITIVE_INFINITY;
  }

  /** Keeps what came after the request that is being served. */
  #keep(chunk: Buffer): void {
    this.#input = this.#input === undefined ? Buffer.from(chunk) : Buffer.concat([this.#input, chunk]);
    if (this.#input.length > PIPELINE_BYTES) this.#socket.pause();
  }

  #onEnd(): void {
    this.#clientEnded = true;
    // As node's own server does: a client that ends its side has left (http.Server, httpAllowHalfOpen).
    if (this.#pipe.stream !== undefined && this.#exchange !== undefined) this.#pipe.end();
    else this.#close();
  }

  #onClose(): void {
    this.#phase = 'closing';
    for (const stream of this.#streams.splice(0)) stream.reset();
    const exchange = this.#exchange;
    if (exchange !== undefined) {
      exchange.failure ??= this.#relay.state === 'tunnel' ? undefined : 'client closed';
      this.#finish(exchange);
    }
    this.#pipe.detach();
  }

  // The answer

  #answered(): void {
    if (this.#body.done || this.#relay.close) this.#complete();
  }

  #complete(): void {
    const exchange = this.#exchange!;
    const close = this.#relay.close || this.#clientEnded;
    this.#pipe.detach();
    this.#finish(exchange);
    if (close) {
      this.#close();
      return;
    }
    this.#phase = 'head';
    this.#deadline = performance.now() + this.#limits.idleMs;
    const input = this.#input;
    if (input === undefined) return;
    this.#input = undefined;
    this.#socket.resume();
    // In a turn of its own, so that a long pipeline neither recurses nor shuts others out.
    setImmediate(() => {
      if (this.#phase === 'head') this.#takeHead(input);
    });
  }

  #enterTunnel(): void {
    this.#phase = 'tunnel';
    this.#exchange!.endless = true;
    this.#deadline = Number.POSITIVE_INFINITY;
    const input = this.#input;
    this.#input = undefined;
    if (input !== undefined) this.#pipe.enqueue(input);
    this.#socket.resume();
  }

  #brokenAnswer(exchange: Exchange): void {
    const text = 'The app sent something that is not an HTTP response.';
    if (exchange.bytesOut > 0) this.#cut();
    else {
      exchange.firstByteAt = 0;
      this.refuse(exchange, {
        status: 502,
        title: 'Bad response',
        paragraphs: [text],
        failure: 'bad response',
      });
    }
  }

  #badRequest(status: number, reason: string): void {
    const text = `${reason}.`;
    const failure = 'bad request';
    this.#handler.warn(`Refused a request from ${this.#socket.remoteAddress}: ${reason}`);
    if (this.#exchange !== undefined) this.#exchange.status = status;
    this.#answer({ status, title: 'Bad request', paragraphs: [text], failure }, undefined, false);
  }

  #tooSlow(): void {
    const paragraphs = ['The request did not arrive in time.'];
    if (this.#exchange !== undefined) this.#exchange.failure = 'timed out';
    if (this.#exchange !== undefined && this.#exchange.firstByteAt > 0) this.#cut();
    else this.#answer({ status: 408, title: 'Too slow', paragraphs, failure: 'timed out' }, undefined, false);
  }

  /** Sends an answer of the server's own, the last one on this connection. */
  #answer(refusal: Refusal, accept: string | undefined, headOnly: boolean): void {
    const exchange = this.#exchange;
    const bytes = renderRefusal(refusal, accept, headOnly, exchange?.serverTiming());
    if (exchange !== undefined) {
      exchange.status = refusal.status;
      exchange.bytesOut += bytes.length;
    }
    this.#socket.write(bytes);
    this.#close();
    if (exchange !== undefined) this.#finish(exchange);
  }

  /** Ends an answer that can't be completed so that the client sees it: a regular end could pass for the whole. */
  #cut(): void {
    this.#socket.resetAndDestroy();
  }

  #close(): void {
    this.#phase = 'closing';
    this.#deadline = performance.now() + this.#limits.closingMs;
    this.#input = undefined;
    for (const stream of this.#streams.splice(0)) stream.reset();
    this.#pipe.detach();
    this.#socket.end();
    // Read on, so that the rest of a body does not turn the answer into a reset (RFC 9112, 9.6).
    this.#socket.resume();
  }

  #finish(exchange: Exchange): void {
    if (this.#exchange === exchange) this.#exchange = undefined;
    if (exchange.finished) return;
    exchange.finished = true;
    this.#pipe.clear();
    this.#handler.finished(exchange);
  }
}
