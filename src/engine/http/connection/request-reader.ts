/**
 * Splits the client's bytes into requests, one at a time: head, body, and then a stop until the next one is asked for.
 */
import type net from 'node:net';
import { ChunkedScanner } from '../../../wire/chunked.ts';
import type { HeadLimits } from '../parser/head-limits.ts';
import { HeadError, parseRequestHead, type RequestHead } from '../parser/request-head.ts';
import { ByteBuffer } from './byte-buffer.ts';

/** Requests that a client sent ahead are kept up to this size; then its socket is paused. */
const PIPELINE_BYTES = 64 * 1024;

const NOTHING = Buffer.alloc(0);

export interface RequestSink {
  /** A request starts. `bytes` is its head and stays valid. */
  onHead(head: RequestHead, bytes: Buffer): void;
  /** Bytes of its body with their framing, valid during the call only. */
  onBody(bytes: Buffer): void;
  /** The whole request has come. */
  onComplete(): void;
  /** The bytes are not HTTP; nothing more will be read. */
  onBad(status: number, reason: string): void;
}

export class RequestReader {
  #socket: net.Socket;
  #sink: RequestSink;
  #body = new RequestBody();
  #state: 'head' | 'body' | 'complete' | 'stopped' = 'head';
  /** An incomplete head, or the bytes after the current request. */
  #ahead = new ByteBuffer();
  /** This many bytes of the incomplete head were searched for its end. */
  #searched = 0;
  #address: { readonly headLimits: HeadLimits };

  /** @param address its limits may change while the connection is open */
  constructor(socket: net.Socket, sink: RequestSink, address: { readonly headLimits: HeadLimits }) {
    this.#socket = socket;
    this.#sink = sink;
    this.#address = address;
  }

  /** Between two requests, without a byte of the next one. */
  get idle(): boolean {
    return this.#state === 'head' && this.#ahead.length === 0;
  }

  /** The whole current request has come. */
  get complete(): boolean {
    return this.#state === 'complete';
  }

  /** The client must send more before anything else can happen. */
  get waiting(): boolean {
    return this.#state === 'body' || (this.#state === 'head' && this.#ahead.length > 0);
  }

  /** Bytes from the client, valid during the call only. */
  receive(chunk: Buffer): void {
    if (this.#state === 'head') this.#takeHead(chunk);
    else if (this.#state === 'body') this.#takeBody(chunk, 0);
    else if (this.#state === 'complete') this.#keep(chunk);
  }

  /**
   * Continues with the next request in its own turn of the event loop: a long pipeline neither recurses nor blocks
   * others.
   */
  next(): void {
    this.#state = 'head';
    if (this.#ahead.length === 0) return;
    this.#state = 'complete';
    setImmediate(() => {
      if (this.#state !== 'complete') return;
      this.#state = 'head';
      // Not earlier: the bytes read above may have paused it again, and the rest of a long head must still come.
      this.#socket.resume();
      this.#takeHead(NOTHING);
    });
  }

  /** Reads no more requests; returns the bytes after the current one. */
  stop(): Buffer | undefined {
    this.#state = 'stopped';
    const ahead = this.#ahead.take();
    return ahead.length === 0 ? undefined : ahead;
  }

  #takeHead(chunk: Buffer): void {
    const bytes = this.#ahead.length === 0 ? chunk : this.#ahead.append(chunk);
    const head = parseRequestHead(bytes, 0, bytes.length, this.#address.headLimits, this.#searched);
    if (head === undefined) {
      if (bytes === chunk) this.#ahead.append(chunk);
      this.#searched = bytes.length;
      return;
    }
    this.#searched = 0;
    this.#ahead.take();
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
    this.#ahead.append(chunk);
    if (this.#ahead.length > PIPELINE_BYTES) this.#socket.pause();
  }
}

/** Finds the end of a request's body, without copying it: by Content-Length or by its chunks (RFC 9112, 6). */
class RequestBody {
  done = true;
  /** Why the body is not HTTP; the connection can't be used any more. */
  error: string | undefined;
  #remaining = 0;
  #chunked: ChunkedScanner | undefined;

  begin(head: RequestHead): void {
    this.error = undefined;
    this.#chunked = head.chunked ? new ChunkedScanner() : undefined;
    this.#remaining = Math.max(0, head.contentLength);
    this.done = !head.chunked && this.#remaining === 0;
  }

  /** @returns the index just past the body's part of `bytes[start, end)` */
  scan(bytes: Buffer, start: number, end: number): number {
    if (this.#chunked !== undefined) {
      const at = this.#chunked.scan(bytes, start, end);
      this.error = this.#chunked.error;
      this.done = this.#chunked.done;
      return at;
    }
    const here = Math.min(this.#remaining, end - start);
    this.#remaining -= here;
    this.done = this.#remaining === 0;
    return start + here;
  }
}
