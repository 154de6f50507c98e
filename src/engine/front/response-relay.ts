/**
 * Follows one answer of the app on its way to the client: finds where it ends, adds `Server-Timing`, and passes
 * everything else as it is. It never buffers a body.
 */
import type { Exchange } from '../exchange.ts';
import { ChunkedScanner } from './chunked.ts';
import { MAX_HEAD_BYTES } from './request-head.ts';
import { parseResponseHead } from './response-head.ts';

export type RelayState =
  /** The head has not come yet. */
  | 'head'
  | 'body'
  /** The answer is complete. */
  | 'done'
  /** The connection now carries another protocol (101, or 2xx to CONNECT). */
  | 'tunnel'
  /** What the app sent is not HTTP; nothing can be told about where it ends. */
  | 'broken';

export class ResponseRelay {
  state: RelayState = 'done';
  /** The connection ends with this answer. */
  close = false;
  /** The answer ends when the app ends the connection (RFC 9112, 6.3). */
  #untilClose = false;
  #method = '';
  #remaining = 0;
  #chunked: ChunkedScanner | undefined;
  #rest: Buffer | undefined;

  begin(method: string): void {
    this.state = 'head';
    this.close = false;
    this.#untilClose = false;
    this.#method = method;
    this.#chunked = undefined;
    this.#rest = undefined;
  }

  /** True when the end of the app's connection is the regular end of this answer. */
  get endsWithConnection(): boolean {
    return this.#untilClose && this.state === 'body';
  }

  /**
   * Takes bytes of the app and returns what is to be sent to the client; fewer when the head is incomplete, none
   * after the end.
   * @param exchange is told the status, and asked for the value of `Server-Timing`
   */
  feed(bytes: Buffer, exchange: Exchange): Buffer {
    if (this.state === 'head') return this.#head(bytes, exchange);
    if (this.state === 'body') return this.#body(bytes, 0);
    return this.state === 'tunnel' ? bytes : bytes.subarray(0, 0);
  }

  #head(chunk: Buffer, exchange: Exchange): Buffer {
    let bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    let interim: Buffer | undefined;
    for (;;) {
      const head = parseResponseHead(bytes, 0, bytes.length);
      if (head === undefined) {
        if (bytes.length > MAX_HEAD_BYTES * 2) this.state = 'broken';
        this.#rest = bytes;
        return interim ?? bytes.subarray(0, 0);
      }
      if ('error' in head) {
        this.state = 'broken';
        return bytes.subarray(0, 0);
      }
      if (head.status < 200 && head.status !== 101) {
        // 100 and 103 go before the answer; they are not it.
        const part = bytes.subarray(0, head.end);
        interim = interim === undefined ? part : Buffer.concat([interim, part]);
        bytes = bytes.subarray(head.end);
        continue;
      }
      exchange.status = head.status;
      this.close ||= head.close;
      this.#frame(head);
      exchange.endless =
        this.state === 'tunnel' || (head.contentType?.startsWith('text/event-stream') ?? false);
      const line = `Server-Timing: ${exchange.serverTiming()}\r\n`;
      const out = Buffer.allocUnsafe(bytes.length + line.length + (interim?.length ?? 0));
      let at = interim === undefined ? 0 : interim.copy(out);
      const start = at;
      at += bytes.copy(out, at, 0, head.insertAt);
      at += out.write(line, at, 'latin1');
      bytes.copy(out, at, head.insertAt);
      const bodyAt = start + head.end + line.length;
      if (this.state === 'body') return this.#body(out, bodyAt);
      return this.state === 'tunnel' ? out : out.subarray(0, bodyAt);
    }
  }

  /** RFC 9112, 6.3: how long the body is. */
  #frame(head: { status: number; chunked: boolean; contentLength: number }): void {
    const { status } = head;
    if (status === 101 || (this.#method === 'CONNECT' && status < 300)) {
      this.state = 'tunnel';
    } else if (this.#method === 'HEAD' || status === 204 || status === 304) {
      this.state = 'done';
    } else if (head.chunked) {
      this.#chunked = new ChunkedScanner({ lenient: true });
      this.state = 'body';
    } else if (head.contentLength >= 0) {
      this.#remaining = head.contentLength;
      this.state = head.contentLength === 0 ? 'done' : 'body';
    } else {
      this.#untilClose = true;
      this.close = true;
      this.state = 'body';
    }
  }

  /** @returns `bytes` up to the end of the answer; the part before `from` is always included. */
  #body(bytes: Buffer, from: number): Buffer {
    if (this.#untilClose) return bytes;
    let end: number;
    if (this.#chunked === undefined) {
      const here = Math.min(this.#remaining, bytes.length - from);
      this.#remaining -= here;
      end = from + here;
      if (this.#remaining === 0) this.state = 'done';
    } else {
      end = this.#chunked.scan(bytes, from, bytes.length);
      if (this.#chunked.error !== undefined) this.state = 'broken';
      else if (this.#chunked.done) this.state = 'done';
    }
    return end === bytes.length ? bytes : bytes.subarray(0, end);
  }
}
