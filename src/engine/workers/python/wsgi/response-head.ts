/** Makes the head of an HTTP/1.1 answer from what a WSGI app gave: what is the server's to say is added here. */
import { ResponseFlag } from './lane-frames.ts';

/** What counts of the request. */
export interface Asked {
  method: string;
  minor: number;
  keepAlive: boolean;
}

export interface WsgiResponseHead {
  /** What follows the app's own headers, with the empty line. */
  rest: string;
  /** Each part of the body is a chunk. */
  chunked: boolean;
  /** There is no body, whatever the app gives (RFC 9110, 6.4.1). */
  bodiless: boolean;
  /** The connection ends after the answer. */
  close: boolean;
}

/**
 * @param flags {@link ResponseFlag}s of the app's headers
 * @param length of the body, where all of it is there
 */
export function wsgiResponseHead(
  asked: Asked,
  status: number,
  flags: number,
  length: number | undefined,
  software: string,
): WsgiResponseHead {
  const bodiless = asked.method === 'HEAD' || status === 204 || status === 304 || status < 200;
  let rest = '';
  if ((flags & ResponseFlag.DATE) === 0) rest += `Date: ${httpDate()}\r\n`;
  if ((flags & ResponseFlag.SERVER) === 0) rest += `Server: ${software}\r\n`;
  let framed = (flags & ResponseFlag.LENGTH) !== 0 || bodiless;
  if (!framed && length !== undefined) {
    rest += `Content-Length: ${length}\r\n`;
    framed = true;
  }
  const chunked = !framed && asked.minor === 1;
  if (chunked) rest += 'Transfer-Encoding: chunked\r\n';
  const close = !asked.keepAlive || (!framed && !chunked);
  if (close) rest += 'Connection: close\r\n';
  else if (asked.minor === 0) rest += 'Connection: keep-alive\r\n';
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
