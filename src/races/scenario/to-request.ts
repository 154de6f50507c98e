/** Makes the request that is sent, from what the scenario says and what has been answered so far. Pure. */
import { type ExpandContext, ExpandError, expand } from './expand.ts';
import { FORBIDDEN, forbidden } from './header.ts';
import { percentEncoded, readTarget } from './target.ts';
import type { BodyPart, Place, ScenarioRequest } from './types.ts';

export interface HttpRequest {
  method: string;
  /** The request target: a path with its query. */
  path: string;
  headers: [name: string, value: string][];
  body: Buffer;
}

/** The sender sets these: one connection per request, to the server under test, with the body's length. */
const OF_SENDER = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'expect',
]);

/** Methods whose requests say that they have no body: RFC 9110, section 8.6. */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** Throws {@link ExpandError} if a reference has no value, or a value can't be sent. */
export function buildRequest(request: ScenarioRequest, context: ExpandContext): HttpRequest {
  const { method, file } = request;
  const target = readTarget(expand(request.target, context));
  if (!('path' in target)) throw new ExpandError(request, target.what);
  const headers: [string, string][] = [];
  for (const { name, value, line } of request.headers) {
    if (OF_SENDER.has(name.toLowerCase())) continue;
    headers.push([name, headerValue(name, expand(value, context), { file, line })]);
  }
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const body = buildBody(request.body, type, context, file);
  if (body.length > 0 || WITH_BODY.has(method)) headers.push(['Content-Length', String(body.length)]);
  return { method, path: target.path, headers, body };
}

function headerValue(name: string, value: string, place: Place): string {
  const text = name.toLowerCase() === 'authorization' ? basic(value) : value;
  if (FORBIDDEN.test(text)) throw new ExpandError(place, forbidden(name)[0]);
  return text;
}

/** `Basic user:password` and `Basic user password` are encoded, as in all clients. */
function basic(value: string): string {
  const [, user, password] = /^basic\s+([^\s:]+)(?:\s*:\s*|\s+)(.*)$/i.exec(value) ?? [];
  return user === undefined ? value : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function buildBody(parts: readonly BodyPart[], type: string, context: ExpandContext, file: string): Buffer {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(type);
  const isMultipart = /^multipart\//i.test(type);
  const pieces = parts.map((part) => {
    if (part.type === 'file' && part.template === undefined) {
      if (part.bytes !== undefined) return part.bytes;
      throw new ExpandError({ file, line: part.line }, `The file ${part.path} has not been read`);
    }
    const text = expand(part.type === 'text' ? part.text : part.template!, context);
    if (part.type === 'file') return Buffer.from(text);
    if (isForm) return Buffer.from(formText(text));
    // RFC 2046, section 5.1.1: boundaries stand between CRLFs.
    return Buffer.from(isMultipart ? text.replace(/\r?\n/g, '\r\n') : text);
  });
  if (isMultipart && parts.at(-1)?.type === 'text') pieces.push(Buffer.from('\r\n'));
  return Buffer.concat(pieces);
}

/** A form may be written with a field in each line, with `&` at the end or at the start of a line. */
function formText(text: string): string {
  const joined = text.replace(/[ \t]*&[ \t]*\r?\n[ \t]*|[ \t]*\r?\n[ \t]*&[ \t]*/g, '&');
  return percentEncoded(joined);
}
