/** The errors of a request head. They are off the fast path, so a clear message matters more than speed. */

import { CR, LF, SP } from '../../../wire/http-characters.ts';
import type { HeadLimits } from './head-limits.ts';
import { faultReason, latin1 } from './tokens.ts';

/** Why a head is refused. The connection can't be used any more, because its framing is lost. */
export class HeadError {
  readonly status: 400 | 414 | 431 | 501 | 505;
  /** One short sentence for a person. */
  readonly reason: string;

  constructor(status: HeadError['status'], reason: string) {
    this.status = status;
    this.reason = reason;
  }
}

/** The first byte of a TLS connection: a handshake record (RFC 8446 section 5.1). */
const TLS_HANDSHAKE = 0x16;

/** The byte at `at` neither belongs to a method nor ends it. */
export function methodFault(bytes: Uint8Array, start: number, at: number): HeadError {
  const byte = bytes[at]!;
  if (at === start && byte === TLS_HANDSHAKE) return bad('The client sent TLS (https) to an http address');
  if (byte === LF) return bad('A line ends with a bare LF instead of CRLF');
  if (byte === CR)
    return bad(at === start ? 'There is a CR before the request line' : 'The request line has no target');
  return bad(
    at === start && byte === SP ? 'The request line starts with a space' : 'The method is not a token',
  );
}

/** The byte at `at` neither belongs to a target nor ends it. */
export function targetFault(bytes: Uint8Array, start: number, at: number): HeadError {
  const byte = bytes[at]!;
  if (byte === SP) return bad('There are two spaces in a row in the request line');
  if (byte === LF) return bad('A line ends with a bare LF instead of CRLF');
  if (byte === CR)
    return bad(at === start ? 'The request line has no target' : 'The request line has no HTTP version');
  return bad('The request target has a character that must be percent-encoded');
}

const VERSION_PREFIX = 'HTTP/';

/** The version at `at` is not 1.0 or 1.1. Undefined if it is incomplete and may still become one. */
export function versionFault(bytes: Uint8Array, at: number, end: number): HeadError | undefined {
  for (let i = 0; i < 8 && at + i < end; i++) {
    const char = latin1(bytes, at + i, at + i + 1);
    const good = i === 6 ? char === '.' : i < 5 ? char === VERSION_PREFIX[i] : char >= '0' && char <= '9';
    if (!good) return bad('The request line does not end in an HTTP version');
  }
  if (at + 8 <= end) return new HeadError(505, `HTTP/${latin1(bytes, at + 5, at + 8)} is not supported`);
  return undefined;
}

/** An invalid line end cuts the line at `at`. */
export function requestLineFault(code: number, bytes: Uint8Array, at: number): HeadError {
  const byte = bytes[at]!;
  return bad(
    byte === CR || byte === LF
      ? faultReason(code)
      : 'There is text after the HTTP version in the request line',
  );
}

/** A Transfer-Encoding other than a plain `chunked` (RFC 9112 section 6.1). */
export function codingFault(value: string): HeadError {
  const codings = value.split(',').map((coding) => coding.trim().toLowerCase());
  const chunked = codings.indexOf('chunked');
  if (codings.includes('')) return bad('The Transfer-Encoding has an empty element');
  if (chunked >= 0 && chunked < codings.length - 1) return bad('Chunked is not the last transfer coding');
  if (codings.length === 1 && chunked === 0) return bad('There is a tab after the transfer coding');
  return new HeadError(501, 'The only supported transfer coding is chunked');
}

/** The first `end - start` bytes contain no end of the head, and more are not allowed. */
export function tooLong(bytes: Uint8Array, start: number, end: number, limits: HeadLimits): HeadError {
  const kib = `${Math.floor(limits.bytes / 1024)} KiB`;
  if (!bytes.subarray(start, end).includes(LF))
    return new HeadError(414, `The request line is longer than ${kib}`);
  return new HeadError(431, `The request head is longer than ${kib}`);
}

export function bad(reason: string): HeadError {
  return new HeadError(400, reason);
}
