/**
 * Makes the environ of a WSGI app (PEP 3333) from a request's head, which the front has checked. It is sent as
 * `NAME NUL value NUL NAME …` in latin1, which Python splits in a few calls; no header contains a NUL.
 */
import type { OpenInfo } from '../../../../wire/frames.ts';

export interface EnvironHead {
  method: string;
  environ: string;
  /** HTTP/1.minor. */
  minor: number;
  /** Bytes of the body; -1 if it is chunked. */
  bodyLength: number;
  /** The client keeps its connection open after this request. */
  keepAlive: boolean;
  /** The client expects something other than `100 Continue`, which is not supported (RFC 9110, 10.1.1). */
  expectsTooMuch: boolean;
}

/** The most header names whose environ name is cached. Only an attack has more. */
const MAX_NAMES = 1000;
const names = new Map<string, string>();

/** The variables that all requests of a connection share. */
export function connectionEnviron(info: OpenInfo): string {
  return [
    `SERVER_NAME\0${info.localAddress}\0SERVER_PORT\0${info.localPort}`,
    `\0REMOTE_ADDR\0${info.remoteAddress}\0REMOTE_PORT\0${info.remotePort}`,
  ].join('');
}

/** @param connection the result of {@link connectionEnviron} */
export function readHead(bytes: Buffer, start: number, end: number, connection: string): EnvironHead {
  const lines = bytes.toString('latin1', start, end).split('\r\n');
  let at = 0;
  // Empty lines before the request line belong to the head (RFC 9112, 2.2).
  while (lines[at] === '' && at < lines.length - 1) at++;
  const line = lines[at++]!;
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  const method = line.slice(0, first);
  const protocol = line.slice(last + 1);
  const target = line.slice(first + 1, last);
  const minor = protocol.endsWith('0') ? 0 : 1;
  let bodyLength = 0;
  let connectionField = '';
  let environ = `REQUEST_METHOD\0${method}\0SERVER_PROTOCOL\0${protocol}\0REQUEST_URI\0${target}\0${connection}`;
  const { path, query, host } = splitTarget(target);
  environ += `\0PATH_INFO\0${path}\0QUERY_STRING\0${query}`;
  const seen = new Map<string, string>();
  for (; at < lines.length; at++) {
    const field = lines[at]!;
    const colon = field.indexOf(':');
    if (colon < 0) continue;
    const name = environName(field.slice(0, colon));
    // A name with an underscore would look like the same name with a hyphen.
    if (name === '') continue;
    const value = trimmed(field, colon + 1);
    if (name === 'CONTENT_LENGTH') bodyLength = Number(value);
    else if (name === 'HTTP_TRANSFER_ENCODING') bodyLength = -1;
    else if (name === 'HTTP_CONNECTION') connectionField += `,${value.toLowerCase()}`;
    const before = seen.get(name);
    seen.set(name, before === undefined ? value : before + (name === 'HTTP_COOKIE' ? '; ' : ',') + value);
  }
  // RFC 9112, 3.2.2: the host of an absolute target replaces the Host field.
  if (host !== undefined) seen.set('HTTP_HOST', host);
  for (const [name, value] of seen) environ += `\0${name}\0${value}`;
  // RFC 9112, 9.3: close comes before keep-alive.
  const keepAlive =
    !hasOption(connectionField, 'close') && (minor === 1 || hasOption(connectionField, 'keep-alive'));
  const expected = seen.get('HTTP_EXPECT');
  // HTTP/1.0 has no interim responses, so servers ignore its expectations.
  const expectsTooMuch = minor === 1 && expected !== undefined && !expectsContinue(expected);
  return { method, environ, minor, bodyLength, keepAlive, expectsTooMuch };
}

function hasOption(field: string, option: string): boolean {
  return field !== '' && field.split(',').some((part) => trimmed(part, 0) === option);
}

/** Without spaces and tabs around it. `trim` would also remove 0xA0, the last byte of `à` in UTF-8. */
function trimmed(text: string, from: number): string {
  let start = from;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function splitTarget(target: string): { path: string; query: string; host?: string } {
  // A fragment is for the client only; gunicorn and waitress remove it too.
  let rest = target.split('#', 1)[0]!;
  let host: string | undefined;
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?]*)/i.exec(target);
  if (absolute !== null) {
    host = absolute[1]!;
    rest = rest.slice(absolute[0].length);
    if (!rest.startsWith('/')) rest = `/${rest}`;
  }
  const at = rest.indexOf('?');
  const parts = at < 0 ? { path: rest, query: '' } : { path: rest.slice(0, at), query: rest.slice(at + 1) };
  return host === undefined ? parts : { ...parts, host };
}

/** The environ name of a header; empty if it is not passed on. */
function environName(field: string): string {
  const known = names.get(field);
  if (known !== undefined) return known;
  const upper = field.toUpperCase().replaceAll('-', '_');
  let name = upper === 'CONTENT_LENGTH' || upper === 'CONTENT_TYPE' ? upper : `HTTP_${upper}`;
  if (field.includes('_')) name = '';
  if (names.size < MAX_NAMES) names.set(field, name);
  return name;
}

/** Space or tab. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Whether an Expect field, or several joined by commas, asks for `100 Continue`; read as node reads it. */
function expectsContinue(value: string): boolean {
  return CONTINUE.test(value);
}

const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;
