/** Adds the server's part to the head of a WSGI app's response: date, framing, connection. */
import { ResponseFlag } from './lane-frames.ts';

/** The properties of a request that its response depends on. */
export interface RequestProperties {
  method: string;
  minor: number;
  keepAlive: boolean;
}

export interface WsgiResponseHead {
  /** The lines after the app's own headers, with the empty line. */
  rest: string;
  /** Each part of the body is a chunk. */
  chunked: boolean;
  /** There is no body, whatever the app returns (RFC 9110, 6.4.1). */
  bodiless: boolean;
  /** The connection ends after the response. */
  close: boolean;
}

/**
 * @param flags {@link ResponseFlag}s of the app's headers
 * @param length of the body, if all of it is there
 */
export function wsgiResponseHead(
  request: RequestProperties,
  status: number,
  flags: number,
  length: number | undefined,
  software: string,
): WsgiResponseHead {
  const bodiless = request.method === 'HEAD' || status === 204 || status === 304 || status < 200;
  let rest = '';
  if ((flags & ResponseFlag.DATE) === 0) rest += `Date: ${httpDate()}\r\n`;
  if ((flags & ResponseFlag.SERVER) === 0) rest += `Server: ${software}\r\n`;
  let framed = (flags & ResponseFlag.LENGTH) !== 0 || bodiless;
  if (!framed && length !== undefined) {
    rest += `Content-Length: ${length}\r\n`;
    framed = true;
  }
  const chunked = !framed && request.minor === 1;
  if (chunked) rest += 'Transfer-Encoding: chunked\r\n';
  const close = !request.keepAlive || (!framed && !chunked);
  if (close) rest += 'Connection: close\r\n';
  else if (request.minor === 0) rest += 'Connection: keep-alive\r\n';
  return { rest: `${rest}\r\n`, chunked, bodiless, close };
}

let date = '';
let dateUntil = 0;

/** RFC 9110, 5.6.7; made once a second. */
function httpDate(): string {
  const now = Date.now();
  if (now >= dateUntil) {
    date = new Date(now).toUTCString();
    dateUntil = now - (now % 1000) + 1000;
  }
  return date;
}
