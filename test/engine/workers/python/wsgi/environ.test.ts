import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  connectionEnviron,
  type EnvironHead,
  readHead,
} from '../../../../../src/engine/workers/python/wsgi/environ.ts';
import { variablesOf } from './variables.ts';

const CONNECTION = connectionEnviron({
  server: 0,
  localAddress: '127.0.0.1',
  localPort: 8000,
  remoteAddress: '::1',
  remotePort: 54321,
  remoteFamily: 'IPv6',
});

function read(text: string): EnvironHead & { variables: Record<string, string> } {
  const bytes = Buffer.from(`before${text}after`, 'latin1');
  const head = readHead(bytes, 6, bytes.length - 5, CONNECTION);
  return { ...head, variables: Object.fromEntries(variablesOf(head.environ)) };
}

const get = (...fields: string[]): string => ['GET / HTTP/1.1', ...fields, '', ''].join('\r\n');

describe('the environ of a WSGI app', () => {
  it('has the request, both ends of the connection and each header', () => {
    const { method, minor, variables } = read(
      'POST /a/b?x=1&y=2 HTTP/1.1\r\nHost: localhost:8000\r\nAccept:  text/html \r\nX-One-Two: 12\r\n\r\n',
    );
    assert.deepEqual([method, minor], ['POST', 1]);
    assert.deepEqual(variables, {
      REQUEST_METHOD: 'POST',
      SERVER_PROTOCOL: 'HTTP/1.1',
      REQUEST_URI: '/a/b?x=1&y=2',
      SERVER_NAME: '127.0.0.1',
      SERVER_PORT: '8000',
      REMOTE_ADDR: '::1',
      REMOTE_PORT: '54321',
      PATH_INFO: '/a/b',
      QUERY_STRING: 'x=1&y=2',
      HTTP_HOST: 'localhost:8000',
      HTTP_ACCEPT: 'text/html',
      HTTP_X_ONE_TWO: '12',
    });
  });

  it('has Content-Length and Content-Type without HTTP_ (RFC 3875, 4.1)', () => {
    const { bodyLength, variables } = read(get('content-length: 12', 'CONTENT-TYPE: text/plain'));
    assert.equal(bodyLength, 12);
    assert.equal(variables.CONTENT_LENGTH, '12');
    assert.equal(variables.CONTENT_TYPE, 'text/plain');
    assert.equal(variables.HTTP_CONTENT_LENGTH, undefined);
    assert.equal(variables.HTTP_CONTENT_TYPE, undefined);
  });

  it('joins repeated fields: by commas, cookies by semicolons (RFC 9112, 5.2; RFC 6265, 5.4)', () => {
    const { variables } = read(get('X-A: 1', 'Cookie: a=1', 'x-a: 2', 'cookie: b=2'));
    assert.equal(variables.HTTP_X_A, '1,2');
    assert.equal(variables.HTTP_COOKIE, 'a=1; b=2');
  });

  it('excludes a header with an underscore, which could be taken for one with a hyphen', () => {
    const { variables } = read(get('X_User: root', 'X-User: me', 'content_length: 5'));
    assert.equal(variables.HTTP_X_USER, 'me');
    assert.equal(variables.CONTENT_LENGTH, undefined);
    assert.equal(read(get('X_User: root')).variables.HTTP_X_USER, undefined, 'nor the second time');
  });

  it('has bytes above 127 as latin1, and escapes for Python to decode', () => {
    const { variables } = read('GET /caf%C3%A9\xe9 HTTP/1.1\r\nX-Name: J\xf6rg\r\n\r\n');
    assert.equal(variables.PATH_INFO, '/caf%C3%A9\xe9');
    assert.equal(variables.HTTP_X_NAME, 'J\xf6rg');
  });

  for (const [target, path, query] of [
    ['http://other.localhost:81/a?b=c', '/a', 'b=c'],
    ['http://other.localhost:81', '/', ''],
    ['HTTP://other.localhost:81?b', '/', 'b'],
  ] as const) {
    it(`has the host of the absolute target ${target}, whatever Host says (RFC 9112, 3.2.2)`, () => {
      const { variables } = read(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      assert.deepEqual(
        [variables.PATH_INFO, variables.QUERY_STRING, variables.HTTP_HOST],
        [path, query, 'other.localhost:81'],
      );
    });
  }

  it('keeps an asterisk and a second question mark', () => {
    assert.equal(read('OPTIONS * HTTP/1.1\r\n\r\n').variables.PATH_INFO, '*');
    assert.equal(read('GET /a?b?c HTTP/1.1\r\n\r\n').variables.QUERY_STRING, 'b?c');
  });

  it('ignores empty lines before the request line (RFC 9112, 2.2)', () => {
    assert.equal(read('\r\n\r\nGET /x HTTP/1.1\r\n\r\n').variables.PATH_INFO, '/x');
  });

  it('has an empty value if a header has none, and keeps colons in a value', () => {
    const { variables } = read(get('X-Empty:', 'X-Time: 10:20:30'));
    assert.deepEqual([variables.HTTP_X_EMPTY, variables.HTTP_X_TIME], ['', '10:20:30']);
  });
});

describe('the head of a request', () => {
  it('shows how long its body is', () => {
    assert.equal(read(get()).bodyLength, 0);
    assert.equal(read(get('Content-Length: 7')).bodyLength, 7);
    assert.equal(read(get('Transfer-Encoding: chunked')).bodyLength, -1);
  });

  for (const [text, kept] of [
    ['GET / HTTP/1.1\r\n\r\n', true],
    ['GET / HTTP/1.1\r\nConnection: Close\r\n\r\n', false],
    ['GET / HTTP/1.1\r\nConnection: upgrade\r\nConnection: x, close\r\n\r\n', false],
    ['GET / HTTP/1.1\r\nConnection: closed\r\n\r\n', true],
    ['GET / HTTP/1.0\r\n\r\n', false],
    ['GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n', true],
  ] as const) {
    it(`with ${JSON.stringify(text)} ${kept ? 'keeps' : 'ends'} the connection (RFC 9112, 9.3)`, () => {
      assert.equal(read(text).keepAlive, kept);
    });
  }
});
