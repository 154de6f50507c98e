import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HEAD_LIMITS, widened } from '../../../../src/engine/http/parser/head-limits.ts';
import {
  HeadError,
  parseRequestHead,
  type RequestHead,
} from '../../../../src/engine/http/parser/request-head.ts';

const bytesOf = (wire: string) => Buffer.from(wire, 'latin1');
const { bytes: MAX_HEAD_BYTES, fields: MAX_HEADERS } = HEAD_LIMITS;
const read = (wire: string) => parseRequestHead(bytesOf(wire), 0, wire.length);
const lines = (...fields: string[]) => ['GET / HTTP/1.1', 'Host: a', ...fields, '', ''].join('\r\n');

function good(wire: string): RequestHead {
  const head = read(wire);
  assert.ok(head !== undefined && !(head instanceof HeadError), JSON.stringify(head));
  return head;
}

function refused(wire: string): HeadError {
  const head = read(wire);
  assert.ok(head instanceof HeadError, JSON.stringify(head));
  return head;
}

describe('the head of a request', () => {
  it('has all properties that the front needs', () => {
    const wire = [
      'POST /cart?x=%20 HTTP/1.1',
      'HOST: localhost:8000',
      'user-agent:  Mozilla/5.0 (caf\xe9)\t',
      'Accept: text/html, */*;q=0.8',
      'Origin: http://localhost:8000',
      'Content-Length: 12',
      'Expect: 100-continue',
      'Connection: Upgrade, keep-alive',
      'Upgrade: websocket',
      'X-Other: y',
      'MCP-Session-ID: abc',
      'Cookie: a=1; b=2',
      'Cookie: c=3',
      '',
      '',
    ].join('\r\n');
    assert.deepEqual(good(wire), {
      method: 'POST',
      target: '/cart?x=%20',
      minor: 1,
      host: 'localhost:8000',
      contentLength: 12,
      chunked: false,
      keepAlive: true,
      upgrade: 'websocket',
      origin: 'http://localhost:8000',
      userAgent: 'Mozilla/5.0 (caf\xe9)',
      accept: 'text/html, */*;q=0.8',
      mcpSession: 'abc',
      cookie: 'a=1; b=2; c=3',
      end: wire.length,
    });
  });

  it('shows which properties are missing', () => {
    assert.deepEqual(good('GET / HTTP/1.0\r\n\r\n'), {
      method: 'GET',
      target: '/',
      minor: 0,
      host: undefined,
      contentLength: -1,
      chunked: false,
      keepAlive: false,
      upgrade: undefined,
      origin: undefined,
      userAgent: undefined,
      accept: undefined,
      mcpSession: undefined,
      cookie: undefined,
      end: 18,
    });
  });

  it('is read from its start to the end of the bytes, without the bytes around them', () => {
    const wire = `\r\n${lines()}`;
    const around = bytesOf(`X: \n${wire}body\r\n\r\n`);
    const head = parseRequestHead(around, 4, 4 + wire.length);
    assert.ok(head !== undefined && !(head instanceof HeadError));
    assert.equal(head.end, 4 + wire.length);
    assert.equal(parseRequestHead(around, 4, 4 + wire.length - 1), undefined);
    const view = new Uint8Array(around.buffer, around.byteOffset + 4, wire.length);
    assert.deepEqual(parseRequestHead(view, 0, wire.length), { ...head, end: wire.length });
  });

  it('keeps the connection open by the rules of HTTP/1.1 and HTTP/1.0', () => {
    const keeps = (minor: number, ...fields: string[]) =>
      good([`GET / HTTP/1.${minor}`, 'Host: a', ...fields, '', ''].join('\r\n')).keepAlive;
    assert.equal(keeps(1), true);
    assert.equal(keeps(1, 'Connection: close'), false);
    assert.equal(keeps(1, 'Connection: x', 'Connection: y ,\tClose'), false);
    assert.equal(keeps(1, 'Connection: closed'), true);
    assert.equal(keeps(1, 'Proxy-Connection: close'), false);
    assert.equal(keeps(0), false);
    assert.equal(keeps(0, 'Connection: Keep-Alive'), true);
    assert.equal(keeps(0, 'Connection: keep-alive, close'), false);
  });

  it('names an upgrade only when Connection does', () => {
    assert.equal(good(lines('Upgrade: websocket')).upgrade, undefined);
    assert.equal(good(lines('Connection: upgrade')).upgrade, undefined);
    assert.equal(good(lines('Connection: upgrade', 'Upgrade:')).upgrade, undefined);
    assert.equal(good(lines('Upgrade: a', 'Connection: upgrade', 'Upgrade: b')).upgrade, 'a, b');
  });

  it('takes the host from an absolute target', () => {
    assert.equal(good('GET http://a:80/ HTTP/1.0\r\n\r\n').host, 'a:80');
    assert.equal(good('GET http://a:80/ HTTP/1.1\r\nHost: A:80\r\n\r\n').host, 'a:80');
    assert.equal(good('OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n').host, 'a');
  });

  it('has the largest Content-Length that a number holds exactly', () => {
    assert.equal(good(lines('Content-Length: 9007199254740991')).contentLength, Number.MAX_SAFE_INTEGER);
    assert.equal(refused(lines('Content-Length: 9007199254740992')).status, 400);
  });
});

describe('an incomplete head', () => {
  const wire = lines('Content-Length: 5', 'X: y');

  it('waits for more after every byte', () => {
    for (let end = 0; end < wire.length; end++) {
      assert.equal(parseRequestHead(bytesOf(wire), 0, end), undefined, `${end} bytes`);
    }
  });

  it("is refused as soon as it can't become valid", () => {
    const bad = [
      '\n',
      'G\r',
      ' ',
      'GET \r',
      'GET /\xe9',
      'GET / F',
      'GET / HTTP/1.x',
      'GET / HTTP/2.0',
      'GET / HTTP/1.1\n',
    ];
    for (const start of bad) assert.equal(read(start) instanceof HeadError, true, JSON.stringify(start));
    for (const field of ['X\n', 'X ', ' X', 'X: \0', 'Content-Length: x\r\n', 'Host: b\r\n']) {
      assert.equal(
        read(`GET / HTTP/1.1\r\nHost: a\r\n${field}`) instanceof HeadError,
        true,
        JSON.stringify(field),
      );
    }
  });

  it('waits for more up to its limit, and is refused beyond it', () => {
    const start = 'GET / HTTP/1.1\r\nX: ';
    const filled = (bytes: number) => start + 'y'.repeat(bytes - start.length);
    assert.equal(read(filled(MAX_HEAD_BYTES)), undefined);
    assert.equal(refused(filled(MAX_HEAD_BYTES + 1)).status, 431);
    assert.equal(refused(`GET /${'y'.repeat(MAX_HEAD_BYTES)}`).status, 414);
  });

  it('cannot consist of endless empty lines', () => {
    const empty = '\r\n'.repeat(MAX_HEAD_BYTES / 2);
    assert.equal(read(empty), undefined);
    assert.equal(read(empty + lines()) instanceof HeadError, true);
    assert.equal(read(`\r\n${'\r\n'.repeat(MAX_HEAD_BYTES)}`) instanceof HeadError, true);
  });
});

describe('the limits of a head', () => {
  it('allow a head of 128 KiB, and ignore the bytes after it', () => {
    const wire = lines(`X: ${'y'.repeat(MAX_HEAD_BYTES - lines('X: ').length)}`);
    assert.equal(wire.length, MAX_HEAD_BYTES);
    assert.equal(good(wire + 'z'.repeat(MAX_HEAD_BYTES)).end, MAX_HEAD_BYTES);
    assert.equal(refused(wire.replace('X:', 'XX:')).status, 431);
  });

  it('allow 1,000 fields, as node does', () => {
    const fields = Array.from({ length: MAX_HEADERS - 1 }, () => 'X: y');
    good(lines(...fields));
    const error = refused(lines(...fields, 'X: y'));
    assert.deepEqual([error.status, error.reason], [431, 'There are more than 1000 header fields']);
  });

  it('grow up to 16 MiB for an app with wider limits, and never shrink', () => {
    const wide = widened(HEAD_LIMITS, { bytes: 200_000, fields: 2 * MAX_HEADERS + 2 });
    assert.deepEqual(wide, { bytes: 200_000, fields: 2 * MAX_HEADERS + 2 });
    assert.deepEqual(widened(wide, { bytes: 1000, fields: 10 }), wide);
    assert.deepEqual(widened(wide, { bytes: 2 ** 40, fields: 0 }), {
      bytes: 16 * 1024 * 1024,
      fields: Number.POSITIVE_INFINITY,
    });
    const wire = lines(...Array.from({ length: 2 * MAX_HEADERS }, () => 'X: y'), `X: ${'y'.repeat(150_000)}`);
    assert.equal((parseRequestHead(bytesOf(wire), 0, wire.length, wide) as RequestHead).end, wire.length);
  });
});
