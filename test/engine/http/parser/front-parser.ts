/** The result of the front's parsers for some bytes, which come in portions as on a connection. */

import { HEAD_LIMITS } from '../../../../src/engine/http/parser/head-limits.ts';
import {
  HeadError,
  parseRequestHead,
  type RequestHead,
} from '../../../../src/engine/http/parser/request-head.ts';
import { ChunkedScanner } from '../../../../src/wire/chunked.ts';
import type { Seen, SeenMessage } from './node-parser.ts';

export interface FrontSeen extends Seen {
  heads: RequestHead[];
  status: number | undefined;
  /** The parser waits for more bytes of a head or a body, or has ended. */
  at: 'head' | 'body' | 'tunnel' | 'closed' | 'refused';
  /** The bytes of the input that it did not take. */
  rest: Buffer;
}

export function readWithFront(parts: readonly Buffer[]): FrontSeen {
  const connection = new Connection();
  for (const part of parts) connection.push(part);
  return connection.seen;
}

/** The part of the result that must not depend on how the bytes were cut. */
export function outcome({ at, status, refused, messages }: FrontSeen): unknown {
  // If a message is refused in its body, the number of bytes passed before that varies.
  return {
    at,
    status,
    refused,
    messages: at === 'refused' ? messages.filter(({ complete }) => complete) : messages,
  };
}

class Connection {
  readonly seen: FrontSeen = {
    messages: [],
    heads: [],
    refused: undefined,
    status: undefined,
    at: 'head',
    rest: Buffer.alloc(0),
  };
  #scanner: ChunkedScanner | undefined;
  /** This many bytes of the rest were searched for the end of a head. */
  #searched = 0;
  #remaining = 0;
  #raw = '';

  push(part: Buffer): void {
    let bytes = part;
    while (bytes.length > 0 && (this.seen.at === 'head' || this.seen.at === 'body')) {
      if (this.seen.at === 'body') {
        bytes = this.#body(bytes);
        continue;
      }
      bytes = Buffer.concat([this.seen.rest, bytes]);
      this.seen.rest = Buffer.alloc(0);
      // Bytes around the range must not matter, so there are always some.
      const around = Buffer.concat([Buffer.from('\r\n\r\n'), bytes, Buffer.from('\r\n\r\n')]);
      const head = parseRequestHead(around, 4, 4 + bytes.length, HEAD_LIMITS, 4 + this.#searched);
      this.#searched = head === undefined ? bytes.length : 0;
      if (head === undefined) {
        this.seen.rest = bytes;
        return;
      }
      if (head instanceof HeadError) {
        this.#refuse(head.status, head.reason);
        return;
      }
      bytes = bytes.subarray(head.end - 4);
      this.#begin(head);
    }
    this.seen.rest = Buffer.concat([this.seen.rest, bytes]);
  }

  #begin(head: RequestHead): void {
    const { method, target } = head;
    this.seen.heads.push(head);
    const tunnel = method === 'CONNECT' || head.upgrade !== undefined;
    this.seen.messages.push({ method, target, body: '', complete: false, tunnel });
    this.#raw = '';
    this.#scanner = head.chunked ? new ChunkedScanner() : undefined;
    this.#remaining = Math.max(0, head.contentLength);
    this.seen.at = 'body';
    if (this.#scanner === undefined && this.#remaining === 0) this.#complete();
  }

  #body(bytes: Buffer): Buffer {
    let end = Math.min(bytes.length, this.#remaining);
    let done = end === this.#remaining;
    if (this.#scanner !== undefined) {
      end = this.#scanner.scan(bytes, 0, bytes.length);
      done = this.#scanner.done;
      if (this.#scanner.error !== undefined) {
        this.#refuse(400, this.#scanner.error);
        return bytes.subarray(end);
      }
    } else {
      this.#remaining -= end;
    }
    this.#raw += bytes.toString('latin1', 0, end);
    this.#last.body = this.#scanner === undefined ? this.#raw : dechunk(this.#raw, this.#scanner.bodyBytes);
    if (done) this.#complete();
    return bytes.subarray(end);
  }

  #complete(): void {
    this.#last.complete = true;
    const head = this.seen.heads.at(-1)!;
    this.seen.at = this.#last.tunnel ? 'tunnel' : head.keepAlive ? 'head' : 'closed';
  }

  #refuse(status: number, reason: string): void {
    this.seen.at = 'refused';
    this.seen.status = status;
    this.seen.refused = reason;
  }

  get #last(): SeenMessage {
    return this.seen.messages.at(-1)!;
  }
}

/** The data of the valid chunks. It uses its own scanner, so that it can disagree with the tested one. */
function dechunk(raw: string, bodyBytes: number): string {
  let body = '';
  let at = 0;
  for (;;) {
    const lineEnd = raw.indexOf('\r\n', at);
    const size = lineEnd < 0 ? 0 : Number.parseInt(raw.slice(at, lineEnd), 16);
    if (size === 0) break;
    body += raw.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
  }
  if (body.length !== bodyBytes)
    throw new Error(`Scanner counted ${bodyBytes} bytes of body, there are ${body.length}`);
  return body;
}
