/** Turns one response of a WSGI app from frames into HTTP/1.1. */
import { FrameError } from '../../../../wire/frames.ts';
import { type RequestProperties, wsgiResponseHead } from './response-head.ts';

const VERSION = Buffer.from('HTTP/1.1 ');
const CRLF = Buffer.from('\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const NOTHING = Buffer.alloc(0);

/**
 * The response to an expectation other than `100 Continue` (RFC 9110, 15.5.18), the same as of Node's server: WSGI has no
 * interim responses, so the app can't decide. It ends the connection, because the body will not be read.
 */
export function expectationFailed(method: string, software: string): Buffer {
  const body = method === 'HEAD' ? '' : 'The only supported expectation is 100-continue.\n';
  const { rest } = wsgiResponseHead({ method, minor: 1, keepAlive: false }, 417, 0, body.length, software);
  return Buffer.from(`HTTP/1.1 417 Expectation Failed\r\nContent-Type: text/plain\r\n${rest}${body}`);
}

export class WsgiResponse {
  /** The connection ends after this response. */
  close = false;
  /** Its head was made, so no interim response can come before it any more. */
  started = false;
  #request: RequestProperties;
  #software: string;
  #chunked = false;
  #bodiless = false;

  /** @param software value of the `Server` header */
  constructor(request: RequestProperties, software: string) {
    this.#request = request;
    this.#software = software;
  }

  /** Payload of an ANSWER frame → the whole response. */
  whole(bytes: Buffer, start: number, end: number): Buffer {
    const headAt = start + 5;
    const bodyAt = headAt + bytes.readUInt32LE(start);
    if (bodyAt > end) throw new FrameError('a head that is longer than its frame');
    return this.#head(bytes, headAt, bodyAt, end, bytes[start + 4]!, end - bodyAt);
  }

  /** Payload of a START frame → the head. */
  start(bytes: Buffer, start: number, end: number): Buffer {
    return this.#head(bytes, start + 1, end, end, bytes[start]!, undefined);
  }

  /** Payload of a DATA frame → a part of the body. */
  data(bytes: Buffer, start: number, end: number): Buffer {
    if (this.#bodiless) return NOTHING;
    // A copy: it may wait for a slow client, and would keep a large buffer with many other frames alive.
    const part = bytes.subarray(start, end);
    if (!this.#chunked) return Buffer.from(part);
    return Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, CRLF]);
  }

  end(): Buffer {
    return this.#chunked ? LAST_CHUNK : NOTHING;
  }

  #head(
    bytes: Buffer,
    from: number,
    to: number,
    end: number,
    flags: number,
    length: number | undefined,
  ): Buffer {
    const status = (bytes[from]! - 0x30) * 100 + (bytes[from + 1]! - 0x30) * 10 + bytes[from + 2]! - 0x30;
    const head = wsgiResponseHead(this.#request, status, flags, length, this.#software);
    this.started = true;
    this.close = head.close;
    this.#chunked = head.chunked;
    this.#bodiless = head.bodiless;
    const bodyEnd = head.bodiless ? to : end;
    const out = Buffer.allocUnsafe(VERSION.length + (bodyEnd - from) + head.rest.length);
    let at = VERSION.copy(out);
    at += bytes.copy(out, at, from, to);
    at += out.write(head.rest, at, 'latin1');
    bytes.copy(out, at, to, bodyEnd);
    return out;
  }
}
