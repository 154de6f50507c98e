/**
 * Parses heads of HTTP/1.1 responses. They come from the user's own app, mostly through node's http server, so it
 * checks only one thing: the message must have a single possible framing. Otherwise it is an error, and the answer is
 * not passed on.
 */
import { CR, FIELD_VALUE, SP } from '../../../wire/http-characters.ts';
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

export interface ResponseHead {
  readonly status: number;
  /** The minor version: HTTP/1.minor. */
  readonly minor: 0 | 1;
  /** The Content-Length; -1 if there is none. Status and method can still mean that there is no body. */
  readonly contentLength: number;
  /** The only transfer coding is chunked. Never together with a Content-Length. */
  readonly chunked: boolean;
  /** The app ends the connection after this response: `Connection: close`, or 1.0 without keep-alive. */
  readonly close: boolean;
  /** Status 101: another protocol follows the head. */
  readonly upgrade: boolean;
  readonly contentType: string | undefined;
  /** Where a redirect leads. */
  readonly location: string | undefined;
  /** The values of all Set-Cookie fields; undefined if there are none. */
  readonly setCookies: readonly string[] | undefined;
  /** The first `Mcp-Session-Id`. */
  readonly mcpSession: string | undefined;
  /** Index of the empty line, where another `Name: value CRLF` can be inserted. */
  readonly insertAt: number;
  /** Index just past the empty line. */
  readonly end: number;
}

const HTTP_1 = Buffer.from('HTTP/1.');
const CONNECTION = lowerBytes('connection');
const CONTENT_LENGTH = lowerBytes('content-length');
const CONTENT_TYPE = lowerBytes('content-type');
const LOCATION = lowerBytes('location');
const MCP_SESSION = lowerBytes('mcp-session-id');
const SET_COOKIE = lowerBytes('set-cookie');
const TRANSFER_ENCODING = lowerBytes('transfer-encoding');
const CHUNKED = lowerBytes('chunked');

/** One object for all heads: parsing is synchronous. */
const line = new FieldLine();

/**
 * Parses the head that starts at `start` of `bytes[start, end)`; undefined if it is incomplete and valid so far. Sets
 * no limit to its size.
 */
export function parseResponseHead(
  bytes: Uint8Array,
  start: number,
  end: number,
): ResponseHead | { error: string } | undefined {
  // `HTTP/1.1 200`, then a reason phrase that may be missing (RFC 9112 section 4).
  if (end - start < 13) return undefined;
  for (let i = 0; i < HTTP_1.length; i++) if (bytes[start + i] !== HTTP_1[i]) return error(NO_STATUS_LINE);
  const minor = bytes[start + 7]! - 0x30;
  if ((minor !== 0 && minor !== 1) || bytes[start + 8] !== SP) return error(NO_STATUS_LINE);
  const status = statusCode(bytes, start + 9);
  if (status < 0) return error('The status is not a number from 100 to 999');
  let at = start + 12;
  if (bytes[at] === SP) while (at < end && FIELD_VALUE[bytes[at]!] === 1) at++;
  at = lineEnd(bytes, at, end);
  if (at < 0) return at === INCOMPLETE ? undefined : error(NO_STATUS_LINE);

  let length = -1;
  let chunked = false;
  let options = 0;
  let location: string | undefined;
  let setCookies: string[] | undefined;
  let mcpSession: string | undefined;
  let contentType: string | undefined;
  while (at < end && bytes[at] !== CR) {
    const name = at;
    at = line.scan(bytes, at, end);
    if (at < 0) return at === INCOMPLETE ? undefined : error(faultReason(at));
    const { valueStart, valueEnd } = line;
    switch (line.nameEnd - name) {
      case 8:
        if (status >= 300 && matches(bytes, name, LOCATION)) location ??= latin1(bytes, valueStart, valueEnd);
        break;
      case 10:
        if (matches(bytes, name, CONNECTION)) options |= connectionOptions(bytes, valueStart, valueEnd);
        else if (matches(bytes, name, SET_COOKIE)) {
          setCookies ??= [];
          setCookies.push(latin1(bytes, valueStart, valueEnd));
        }
        break;
      case 12:
        if (contentType === undefined && matches(bytes, name, CONTENT_TYPE)) {
          contentType = latin1(bytes, valueStart, valueEnd);
        }
        break;
      case 14:
        if (!matches(bytes, name, CONTENT_LENGTH)) {
          if (matches(bytes, name, MCP_SESSION)) mcpSession ??= latin1(bytes, valueStart, valueEnd);
          break;
        }
        if (length >= 0) return error('There are two Content-Length fields');
        length = contentLength(bytes, valueStart, valueEnd);
        if (length < 0) return error('The Content-Length is not a number of bytes');
        break;
      case 17:
        if (!matches(bytes, name, TRANSFER_ENCODING)) break;
        if (chunked || valueEnd - valueStart !== CHUNKED.length || !matches(bytes, valueStart, CHUNKED)) {
          return error('The only supported transfer coding is chunked');
        }
        chunked = true;
        break;
    }
  }
  const insertAt = at;
  at = lineEnd(bytes, at, end);
  if (at < 0) return at === INCOMPLETE ? undefined : error(faultReason(at));
  if (chunked && length >= 0) return error('There are both a Content-Length and a Transfer-Encoding');
  if (chunked && minor === 0) return error('HTTP/1.0 has no Transfer-Encoding');
  return {
    status,
    minor,
    contentLength: length,
    chunked,
    close: (options & Option.CLOSE) !== 0 || (minor === 0 && (options & Option.KEEP_ALIVE) === 0),
    upgrade: status === 101,
    contentType,
    location,
    setCookies,
    mcpSession,
    insertAt,
    end: at,
  };
}

const NO_STATUS_LINE = 'The response does not start with an HTTP/1 status line';

/** Three digits, the first not 0; otherwise -1. */
function statusCode(bytes: Uint8Array, at: number): number {
  const hundreds = bytes[at]! - 0x30;
  const tens = bytes[at + 1]! - 0x30;
  const ones = bytes[at + 2]! - 0x30;
  if (hundreds < 1 || hundreds > 9 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return -1;
  return hundreds * 100 + tens * 10 + ones;
}

function error(reason: string): { error: string } {
  return { error: reason };
}
