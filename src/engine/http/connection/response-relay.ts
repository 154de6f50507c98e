/**
 * Follows one answer of the app to the client: finds its end, adds `Server-Timing`, and passes everything else on
 * unchanged. It never buffers a body.
 */

import { ChunkedScanner } from '../../../wire/chunked.ts';
import type { Exchange } from '../../requests/exchange.ts';
import { widenHead } from '../pages/reload-script.ts';
import { parseResponseHead, type ResponseHead } from '../parser/response-head.ts';
import { CLOSE_SERVICE_RESTART, closeFrame, WebSocketFrames } from '../parser/websocket-frames.ts';

const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const NOTHING = Buffer.alloc(0);
const WEBSOCKET = /\r\nupgrade:[ \t]*websocket[ \t]*\r\n/i;

/**
 * The most bytes of an answer's head. Node and Python set no limit; this is more than browsers and curl accept (256 to
 * 400 KiB), so that they decide.
 */
const MAX_RESPONSE_HEAD_BYTES = 1024 * 1024;

type RelayState =
  /** No worker has the request, or its exchange is over. */
  | 'idle'
  /** The head has not come yet. */
  | 'head'
  | 'body'
  /** The answer is complete. */
  | 'done'
  /** The connection now carries another protocol (101, or 2xx to CONNECT). */
  | 'tunnel'
  /** The app sent something that is not HTTP, so its end is unknown. */
  | 'broken';

export class ResponseRelay {
  state: RelayState = 'idle';
  /** The head of the final answer was passed on, so no other answer can follow. */
  answered = false;
  /** The connection ends with this answer. */
  close = false;
  /** The answer ends when the app ends the connection (RFC 9112, 6.3). */
  #untilClose = false;
  #method = '';
  #remaining = 0;
  #chunked: ChunkedScanner | undefined;
  #rest: Buffer | undefined;
  #webSocket: WebSocketFrames | undefined;
  #script: (() => string | undefined) | undefined;
  #onHead: ((head: ResponseHead) => void) | undefined;
  /** Text to add after the body of an HTML page. */
  #appendix: Buffer | undefined;

  /**
   * @param script returns the text to add to an HTML page that allows it; called only for such a page
   * @param onHead called with the head of the final answer, before any of it is passed on
   */
  begin(method: string, script?: () => string | undefined, onHead?: (head: ResponseHead) => void): void {
    this.state = 'head';
    this.answered = false;
    this.close = false;
    this.#untilClose = false;
    this.#method = method;
    this.#chunked = undefined;
    this.#rest = undefined;
    this.#webSocket = undefined;
    this.#script = script;
    this.#onHead = onHead;
    this.#appendix = undefined;
  }

  /** The exchange is over, or its request goes to another worker. */
  end(): void {
    this.state = 'idle';
    this.close = false;
  }

  /** True if the end of the app's connection is the regular end of this answer. */
  get endsWithConnection(): boolean {
    return this.#untilClose && this.state === 'body';
  }

  /**
   * Takes bytes from the app and returns the bytes for the client: fewer if the head is incomplete, none after the end.
   * If an app sends more than its answer, the connection ends, because the rest belongs to no request.
   * @param exchange gets the status, and gives the value of `Server-Timing`
   */
  feed(bytes: Buffer, exchange: Exchange): Buffer {
    if (this.state === 'head') return this.#head(bytes, exchange);
    if (this.state === 'body') return this.#body(bytes, 0);
    if (this.state === 'done' && bytes.length > 0) this.close = true;
    if (this.state !== 'tunnel') return bytes.subarray(0, 0);
    this.#webSocket?.scan(bytes);
    return bytes;
  }

  /** The bytes that complete an endless answer; undefined if it can only be cut. */
  farewell(): Buffer | undefined {
    if (this.#webSocket?.betweenFrames) return closeFrame(CLOSE_SERVICE_RESTART);
    if (this.state !== 'body') return undefined;
    if (this.#untilClose) return NOTHING;
    return this.#chunked?.betweenChunks ? LAST_CHUNK : undefined;
  }

  #head(chunk: Buffer, exchange: Exchange): Buffer {
    let bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    let interim: Buffer | undefined;
    for (;;) {
      let head = parseResponseHead(bytes, 0, bytes.length);
      if (head === undefined) {
        if (bytes.length > MAX_RESPONSE_HEAD_BYTES) this.state = 'broken';
        this.#rest = bytes;
        return interim ?? bytes.subarray(0, 0);
      }
      if ('error' in head) {
        this.state = 'broken';
        return bytes.subarray(0, 0);
      }
      if (head.status < 200 && head.status !== 101) {
        // 100 and 103 precede the answer.
        const part = bytes.subarray(0, head.end);
        interim = interim === undefined ? part : Buffer.concat([interim, part]);
        bytes = bytes.subarray(head.end);
        continue;
      }
      this.answered = true;
      this.close ||= head.close;
      this.#frame(head);
      if (this.#mayAppend(head)) {
        const widened = this.#widen(bytes, head);
        if (widened !== undefined) {
          const wider = widened.length - head.end;
          bytes = Buffer.concat([widened, bytes.subarray(head.end)]);
          head = { ...head, insertAt: head.insertAt + wider, end: head.end + wider };
        }
      }
      if (this.state === 'tunnel' && WEBSOCKET.test(bytes.toString('latin1', 0, head.end))) {
        this.#webSocket = new WebSocketFrames();
        this.#webSocket.scan(bytes.subarray(head.end));
      }
      const endless = this.state === 'tunnel' || head.contentType?.startsWith('text/event-stream') === true;
      exchange.answered(head.status, endless);
      this.#onHead?.(head);
      const line = `Server-Timing: ${exchange.serverTiming()}\r\n`;
      const out = Buffer.allocUnsafe(bytes.length + line.length + (interim?.length ?? 0));
      let at = interim === undefined ? 0 : interim.copy(out);
      const start = at;
      at += bytes.copy(out, at, 0, head.insertAt);
      at += out.write(line, at, 'latin1');
      bytes.copy(out, at, head.insertAt);
      const bodyAt = start + head.end + line.length;
      if (this.state === 'body') return this.#body(out, bodyAt);
      return this.state === 'tunnel' ? out : this.#upTo(out, bodyAt);
    }
  }

  #mayAppend({ status, contentType }: ResponseHead): boolean {
    const page = this.#method === 'GET' && status === 200 && contentType?.startsWith('text/html') === true;
    return (
      page && this.#script !== undefined && this.state === 'body' && this.#remaining > 0 && !this.#chunked
    );
  }

  /** Makes room for the script in the head of a page; undefined if no script can be added. */
  #widen(bytes: Buffer, head: ResponseHead): Buffer | undefined {
    const script = this.#script?.();
    if (script === undefined) return undefined;
    const appendix = Buffer.from(`<script>${script}</script>`);
    const widened = widenHead(bytes.toString('latin1', 0, head.end), appendix.length);
    if (widened === undefined) return undefined;
    this.#appendix = appendix;
    return Buffer.from(widened, 'latin1');
  }

  /** RFC 9112, 6.3: the length of the body. */
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
      if (this.#remaining === 0) {
        this.state = 'done';
        const last = this.#upTo(bytes, end);
        return this.#appendix === undefined ? last : Buffer.concat([last, this.#appendix]);
      }
    } else {
      end = this.#chunked.scan(bytes, from, bytes.length);
      if (this.#chunked.error !== undefined) this.state = 'broken';
      else if (this.#chunked.done) this.state = 'done';
    }
    return this.#upTo(bytes, end);
  }

  /** Only the bytes that belong to the answer. */
  #upTo(bytes: Buffer, end: number): Buffer {
    if (end === bytes.length) return bytes;
    this.close = true;
    return bytes.subarray(0, end);
  }
}
