/**
 * Parses heads of HTTP/1.1 requests strictly (RFC 9112, RFC 9110). It refuses everything that two parsers could read in
 * two ways, because the app behind the front has its own parser and must see the same requests. It also refuses
 * everything that node's parser refuses; a differential test proves that.
 */

import { CR, LF, SP, TAB, TARGET, TOKEN } from '../../../wire/http-characters.ts';
import {
  bad,
  codingFault,
  HeadError,
  methodFault,
  requestLineFault,
  targetFault,
  tooLong,
  versionFault,
} from './head-error.ts';
import { HEAD_LIMITS } from './head-limits.ts';
import { httpMinor, methodName } from './request-line.ts';
import { authorityOf, isAuthority } from './request-target.ts';
import {
  connectionOptions,
  contentLength,
  FieldLine,
  faultReason,
  INCOMPLETE,
  latin1,
  lineEnd,
  lowerBytes,
  matches,
  Option,
} from './tokens.ts';

export { HeadError };

/** An incomplete head up to this size is checked on every call; a longer one only once it is complete. */
const EARLY_CHECK_BYTES = 4 * 1024;

/** Longer methods are not looked up; node's longest has 11 letters. */
const MAX_METHOD_BYTES = 24;

/** The parts of a request that the front uses. All text is latin1, one character per byte. */
export interface RequestHead {
  readonly method: string;
  /** As sent; visible ASCII only. */
  readonly target: string;
  /** The minor version: HTTP/1.minor. */
  readonly minor: 0 | 1;
  /** The authority of an absolute target, else the Host field; undefined only in HTTP/1.0. May be empty. */
  readonly host: string | undefined;
  /** Bytes of the body; -1 if there is no Content-Length. */
  readonly contentLength: number;
  /** The body is chunked, the only supported transfer coding. Never together with a Content-Length. */
  readonly chunked: boolean;
  /** The client allows the connection to stay open after this request. */
  readonly keepAlive: boolean;
  /**
   * The Upgrade field if Connection names it. A body may come with it: node skips the body's framing if the app has an
   * `upgrade` listener, and follows it if not.
   */
  readonly upgrade: string | undefined;
  readonly origin: string | undefined;
  readonly userAgent: string | undefined;
  readonly accept: string | undefined;
  /** The first `Mcp-Session-Id`. */
  readonly mcpSession: string | undefined;
  /** All Cookie fields, joined as one. */
  readonly cookie: string | undefined;
  /** Index just past the empty line. Empty lines before the request line belong to the head. */
  readonly end: number;
}

/** Undefined: the head is incomplete, and valid so far. */
type HeadResult = RequestHead | HeadError | undefined;

const CHUNKED = lowerBytes('chunked');
const HEAD_END = Buffer.from('\r\n\r\n');

const ACCEPT = lowerBytes('accept');
const CONNECTION = lowerBytes('connection');
const COOKIE = lowerBytes('cookie');
const CONTENT_LENGTH = lowerBytes('content-length');
const HOST = lowerBytes('host');
const MCP_SESSION = lowerBytes('mcp-session-id');
const ORIGIN = lowerBytes('origin');
const PROXY_CONNECTION = lowerBytes('proxy-connection');
const TRANSFER_ENCODING = lowerBytes('transfer-encoding');
const UPGRADE = lowerBytes('upgrade');
const USER_AGENT = lowerBytes('user-agent');

/** One object for all heads: parsing is synchronous. */
const line = new FieldLine();

/**
 * Parses the head that starts at `start` of `bytes[start, end)`. If it returned undefined, call it again with the same
 * start when more bytes have come. Up to 4 KiB, an invalid head is refused as soon as possible.
 * @param searched the end of the bytes at the previous call; the part before it is not searched again
 */
export function parseRequestHead(
  bytes: Uint8Array,
  start: number,
  end: number,
  limits = HEAD_LIMITS,
  searched = start,
): HeadResult {
  const limit = Math.min(end, start + limits.bytes);
  let at = start;
  // RFC 9112 section 2.2: empty lines before a request line are ignored.
  while (at + 1 < limit && bytes[at] === CR && bytes[at + 1] === LF) at += 2;
  if (at + 1 === limit && bytes[at] === CR)
    return limit < end ? tooLong(bytes, at, limit, limits) : undefined;
  // A client that sends a long head byte by byte must not make the front parse it again for each byte.
  if (end - start > EARLY_CHECK_BYTES && !hasHeadEnd(bytes, Math.max(at, searched - 3), limit)) {
    return limit < end ? tooLong(bytes, at, limit, limits) : undefined;
  }

  const methodStart = at;
  while (at < limit && TOKEN[bytes[at]!] === 1) at++;
  if (at - methodStart > MAX_METHOD_BYTES) return new HeadError(501, UNKNOWN_METHOD);
  if (at >= limit) return undefined;
  if (bytes[at] !== SP || at === methodStart) return methodFault(bytes, methodStart, at);
  const method = methodName(bytes, methodStart, at);

  const targetStart = ++at;
  while (at < limit && TARGET[bytes[at]!] === 1) at++;
  if (at >= limit) return undefined;
  if (bytes[at] !== SP || at === targetStart) return targetFault(bytes, targetStart, at);
  const target = latin1(bytes, targetStart, at);

  const minor = httpMinor(bytes, at + 1, limit);
  if (minor === -1) return versionFault(bytes, at + 1, limit);
  const versionEnd = at + 9;
  at = lineEnd(bytes, versionEnd, limit);
  if (at < 0) return at === INCOMPLETE ? undefined : requestLineFault(at, bytes, versionEnd);
  if (method === undefined) return new HeadError(501, UNKNOWN_METHOD);

  const slashed = target.charCodeAt(0) === SLASH && method !== 'CONNECT';
  const authority = slashed ? undefined : authorityOf(method, target);
  if (authority === false) return bad('The request target does not fit the method');

  let host: string | undefined;
  let length = -1;
  let chunked = false;
  let options = 0;
  let upgrade: string | undefined;
  let origin: string | undefined;
  let userAgent: string | undefined;
  let accept: string | undefined;
  let mcpSession: string | undefined;
  let cookie: string | undefined;
  let count = 0;

  for (;;) {
    if (at >= limit) return undefined;
    if (bytes[at] === CR) {
      at = lineEnd(bytes, at, limit);
      if (at < 0) return at === INCOMPLETE ? undefined : bad(faultReason(at));
      break;
    }
    const name = at;
    at = line.scan(bytes, at, limit);
    if (at < 0) return at === INCOMPLETE ? undefined : bad(faultReason(at));
    if (++count > limits.fields)
      return new HeadError(431, `There are more than ${limits.fields} header fields`);
    const { valueStart, valueEnd } = line;
    switch (line.nameEnd - name) {
      case 4:
        if (!matches(bytes, name, HOST)) break;
        if (host !== undefined) return bad('There are two Host fields');
        host = latin1(bytes, valueStart, valueEnd);
        if (host !== '' && !isAuthority(host)) return bad('The Host field is not a host and port');
        break;
      case 6:
        if (accept === undefined && matches(bytes, name, ACCEPT)) {
          accept = latin1(bytes, valueStart, valueEnd);
        } else if (matches(bytes, name, ORIGIN)) {
          // The front decides by one Origin and the app might read the other, so two are refused.
          if (origin !== undefined) return bad('There are two Origin fields');
          origin = latin1(bytes, valueStart, valueEnd);
        } else if (matches(bytes, name, COOKIE)) {
          cookie = (cookie === undefined ? '' : `${cookie}; `) + latin1(bytes, valueStart, valueEnd);
        }
        break;
      case 7:
        if (valueStart === valueEnd || !matches(bytes, name, UPGRADE)) break;
        upgrade = (upgrade === undefined ? '' : `${upgrade}, `) + latin1(bytes, valueStart, valueEnd);
        break;
      case 10:
        if (matches(bytes, name, CONNECTION)) {
          options |= connectionOptions(bytes, valueStart, valueEnd);
        } else if (userAgent === undefined && matches(bytes, name, USER_AGENT)) {
          userAgent = latin1(bytes, valueStart, valueEnd);
        }
        break;
      case 14:
        if (!matches(bytes, name, CONTENT_LENGTH)) {
          if (matches(bytes, name, MCP_SESSION)) mcpSession ??= latin1(bytes, valueStart, valueEnd);
          break;
        }
        if (length >= 0) return bad('There are two Content-Length fields');
        if (chunked) return bad(BOTH_FRAMINGS);
        if (endsInTab(bytes, valueEnd)) return bad('There is a tab after the Content-Length');
        length = contentLength(bytes, valueStart, valueEnd);
        if (length < 0) return bad('The Content-Length is not a number of bytes');
        break;
      case 16:
        // Not a standard field, but node's parser treats it like Connection, and the front must agree with it.
        if (matches(bytes, name, PROXY_CONNECTION)) options |= connectionOptions(bytes, valueStart, valueEnd);
        break;
      case 17: {
        if (!matches(bytes, name, TRANSFER_ENCODING)) break;
        if (length >= 0) return bad(BOTH_FRAMINGS);
        if (minor === 0) return bad('HTTP/1.0 has no Transfer-Encoding');
        if (chunked) return bad('There are two Transfer-Encoding fields');
        if (!isChunked(bytes, valueStart, valueEnd)) return codingFault(latin1(bytes, valueStart, valueEnd));
        chunked = true;
        break;
      }
    }
  }

  if (host === undefined && minor === 1) return bad('The Host field is missing');
  if (authority !== undefined) {
    if (host !== undefined && host.toLowerCase() !== authority.toLowerCase()) {
      return bad('The Host field and the request target name different hosts');
    }
    host = authority;
  }
  if (method === 'CONNECT' && (chunked || length > 0)) {
    return bad('A CONNECT request has no body');
  }
  return {
    method,
    target,
    minor,
    host,
    contentLength: length,
    chunked,
    keepAlive: (options & Option.CLOSE) === 0 && (minor === 1 || (options & Option.KEEP_ALIVE) !== 0),
    upgrade: (options & Option.UPGRADE) !== 0 ? upgrade : undefined,
    origin,
    userAgent,
    accept,
    mcpSession,
    cookie,
    end: at,
  };
}

const SLASH = 0x2f;
const BOTH_FRAMINGS = 'There are both a Content-Length and a Transfer-Encoding';
const UNKNOWN_METHOD = 'The method is unknown';

/** `chunked` alone. */
function isChunked(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === CHUNKED.length && matches(bytes, start, CHUNKED) && !endsInTab(bytes, end);
}

/**
 * Whether the white space after a value contains a tab. That is legal, but node reads it as part of a transfer coding,
 * and llhttp 9.3 (in node 20) as part of a Content-Length.
 */
function endsInTab(bytes: Uint8Array, valueEnd: number): boolean {
  let at = valueEnd;
  while (bytes[at] === SP) at++;
  return bytes[at] === TAB;
}

function hasHeadEnd(bytes: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return false;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).includes(HEAD_END);
}
