/** Cuts what a client sends into requests, one at a time: head, body, and then a stop until the next is asked for. */
import type net from 'node:net';
import { RequestBody } from './request-body.ts';
import { HeadError, parseRequestHead, type RequestHead } from './request-head.ts';

/** Requests that a client sent ahead are kept up to this size; then its socket is paused. */
const PIPELINE_BYTES = 64 * 1024;

export interface RequestSink {
  /** A request begins. `bytes` is its head and stays valid. */
  onHead(head: RequestHead, bytes: Buffer): void;
  /** Bytes of its body with their framing, valid during the call only. */
  onBody(bytes: Buffer): void;
  /** All of it has come. */
  onComplete(): void;
  /** What came is not HTTP; nothing more will be read. */
  onBad(status: number, reason: string): void;
}

export class RequestReader {
  #socket: net.Socket;
  #sink: RequestSink;
  #body = new RequestBody();
  #state: 'head' | 'body' | 'complete' | 'stopped' = 'head';
  #ahead: Buffer | undefined;

  constructor(socket: net.Socket, sink: RequestSink) {
    this.#socket = socket;
    this.#sink = sink;
  }

  /** Between two requests, and nothing of the next has come. */
  get idle(): boolean {
    return this.#state === 'head' && this.#ahead === undefined;
  }

  /** All of the current request has come. */
  get complete(): boolean {
    return this.#state === 'complete';
  }

  /** More is expected of the client before anything else can happen. */
  get waiting(): boolean {
    return this.#state === 'body' || (this.#state === 'head' && this.#ahead !== undefined);
  }

  /** Bytes from the client, valid during the call only. */
  receive(chunk: Buffer): void {
    if (this.#state === 'head') this.#takeHead(chunk);
    else if (this.#state === 'body') this.#takeBody(chunk, 0);
    else if (this.#state === 'complete') this.#keep(chunk);
  }

  /** Goes on to the next request, in a turn of its own: a long pipeline neither recurses nor shuts others out. */
  next(): void {
    this.#state = 'head';
    const ahead = this.#ahead;
    if (ahead === undefined) return;
    this.#ahead = undefined;
    this.#socket.resume();
    this.#state = 'complete';
    setImmediate(() => {
      if (this.#state !== 'complete') return;
      this.#state = 'head';
      const later = this.#ahead;
      this.#ahead = undefined;
      this.#takeHead(later === undefined ? ahead : Buffer.concat([ahead, later]));
    });
  }

  /** Reads no more requests; returns what came after the current one. */
  stop(): Buffer | undefined {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    this.#state = 'stopped';
    return ahead;
  }

  #takeHead(chunk: Buffer): void {
    const bytes = this.#ahead === undefined ? chunk : Buffer.concat([this.#ahead, chunk]);
    const head = parseRequestHead(bytes, 0, bytes.length);
    if (head === undefined) {
      this.#ahead = bytes === chunk ? Buffer.from(chunk) : bytes;
      return;
    }
    this.#ahead = undefined;
    if (head instanceof HeadError) {
      this.stop();
      this.#sink.onBad(head.status, head.reason);
      return;
    }
    this.#body.begin(head);
    this.#state = this.#body.done ? 'complete' : 'body';
    this.#sink.onHead(head, Buffer.from(bytes.subarray(0, head.end)));
    if (head.end < bytes.length) this.receive(bytes.subarray(head.end));
  }

  #takeBody(bytes: Buffer, start: number): void {
    const end = this.#body.scan(bytes, start, bytes.length);
    if (this.#body.error !== undefined) {
      const { error } = this.#body;
      this.stop();
      this.#sink.onBad(400, error);
      return;
    }
    this.#sink.onBody(bytes.subarray(start, end));
    if (this.#state !== 'body' || !this.#body.done) return;
    this.#state = 'complete';
    this.#sink.onComplete();
    if (end < bytes.length) this.receive(bytes.subarray(end));
  }

  #keep(chunk: Buffer): void {
    this.#ahead = this.#ahead === undefined ? Buffer.from(chunk) : Buffer.concat([this.#ahead, chunk]);
    if (this.#ahead.length > PIPELINE_BYTES) this.#socket.pause();
  }
}
