/** Generates good requests, together with their meaning. */
import fc from 'fast-check';

export interface GoodRequest {
  method: string;
  target: string;
  body: string;
  /** One character per byte. */
  wire: string;
}

const TCHAR = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const TARGET_CHARS = '!"$%&\'()*+,-./:;<=>?@[\\]^_`{|}~0123456789abcdefghijklmnopqrstuvwxyzABCXYZ';
const FRAMING =
  /^(?:connection|content-length|expect|host|origin|proxy-connection|transfer-encoding|upgrade)$/i;

const text = (unit: fc.Arbitrary<string>, minLength: number, maxLength: number) =>
  fc.array(unit, { minLength, maxLength }).map((chars) => chars.join(''));
export const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const valueChar = byte.filter((char) => /[\t\x20-\x7e\x80-\xff]/.test(char));
const token = text(fc.constantFrom(...TCHAR), 1, 12);
const ows = fc.constantFrom('', ' ', '\t', '  ', ' \t');

const method = fc.constantFrom(
  'GET',
  'POST',
  'PUT',
  'HEAD',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'M-SEARCH',
  'QUERY',
  'PROPFIND',
);
const target = text(fc.constantFrom(...TARGET_CHARS), 0, 20).map((path) => `/${path}`);
const host = fc.constantFrom(
  'localhost',
  'localhost:8000',
  '127.0.0.1:1',
  '[::1]:8000',
  'a.b-c.example',
  'x_y',
  '%41',
  '',
);

const plainField = fc
  .tuple(
    token.filter((name) => !FRAMING.test(name)),
    ows,
    text(valueChar, 0, 20),
    ows,
  )
  .map(([name, before, value, after]) => `${name}:${before}${value}${after}`);
const knownField = fc.constantFrom(
  'Connection: keep-alive',
  'Connection: x, keep-alive',
  'Upgrade: websocket',
  'Expect: 100-continue',
  'Origin: http://localhost:8000',
  'User-Agent: Mozilla/5.0',
  'Accept: */*',
  'TE: trailers',
  'Cookie: a=b; c=d',
);
const fields = fc
  .array(fc.oneof(plainField, knownField), { maxLength: 6 })
  .filter((lines) => lines.filter((line) => line.startsWith('Origin')).length < 2);

const payload = text(byte, 0, 30);
const quoted = text(
  valueChar.filter((char) => char !== '"' && char !== '\\'),
  0,
  6,
).map((inner) => `"${inner}\\""`);
const extension = fc
  .tuple(token, fc.option(fc.oneof(token, quoted)))
  .map(([name, value]) => (value === null ? `;${name}` : `;${name}=${value}`));
const extensions = fc.array(extension, { maxLength: 2 }).map((list) => list.join(''));
const size = (length: number, padding: number) => `${'0'.repeat(padding)}${length.toString(16)}`;
export const chunk = fc
  .tuple(text(byte, 1, 20), fc.nat(3), extensions)
  .map(([data, padding, more]) => ({ data, wire: `${size(data.length, padding)}${more}\r\n${data}\r\n` }));
const trailers = fc
  .array(
    plainField.filter((line) => !/^(?:te|trailer|cookie)\s*:/i.test(line)),
    { maxLength: 2 },
  )
  .map((lines) => lines.map((line) => `${line}\r\n`).join(''));
const chunkedBody = fc
  .tuple(fc.array(chunk, { maxLength: 4 }), fc.nat(3), extensions, trailers)
  .map(([chunks, padding, more, end]) => ({
    field: 'Transfer-Encoding: chunked',
    body: chunks.map(({ data }) => data).join(''),
    wire: `${chunks.map(({ wire }) => wire).join('')}${size(0, padding)}${more}\r\n${end}\r\n`,
  }));
const body = fc.oneof(
  fc.constant({ field: undefined, body: '', wire: '' }),
  payload.map((data) => ({ field: `Content-Length: ${data.length}`, body: data, wire: data })),
  chunkedBody,
);

export const goodRequest: fc.Arbitrary<GoodRequest> = fc
  .tuple(method, target, host, fields, body, fc.boolean(), fc.nat())
  .map(([verb, path, name, lines, content, capitals, position]) => {
    const all = [`Host: ${name}`, ...lines];
    if (content.field !== undefined) all.splice(position % (all.length + 1), 0, content.field);
    const head = all.map((line) =>
      capitals ? line : line.replace(/^[^:]+/, (field) => field.toLowerCase()),
    );
    const wire = [`${verb} ${path} HTTP/1.1`, ...head, '', ''].join('\r\n') + content.wire;
    return { method: verb, target: path, body: content.body, wire };
  });
