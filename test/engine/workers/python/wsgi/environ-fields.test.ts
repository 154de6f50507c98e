/** Unusual requests that the front passes: their variables, and whether the front and the gateway read them alike. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  HeadError,
  parseRequestHead,
  type RequestHead,
} from '../../../../../src/engine/http/parser/request-head.ts';
import {
  connectionEnviron,
  type EnvironHead,
  readHead,
} from '../../../../../src/engine/workers/python/wsgi/environ.ts';
import { corpus } from '../../../http/parser/framing-corpus.ts';
import { variablesOf } from './variables.ts';

const CONNECTION = connectionEnviron({
  server: 0,
  localAddress: '::1',
  localPort: 8000,
  remoteAddress: 'fe80::1%eth0',
  remotePort: 54321,
  remoteFamily: 'IPv6',
});

interface Read {
  front: RequestHead;
  head: EnvironHead;
  variables: Map<string, string>;
}

/** Reads a request on its way: first the front, then the head that the front passes on. */
function read(wire: string): Read | undefined {
  const bytes = Buffer.from(wire, 'latin1');
  const front = parseRequestHead(bytes, 0, bytes.length);
  if (front === undefined || front instanceof HeadError) return undefined;
  const head = readHead(bytes, 0, front.end, CONNECTION);
  return { front, head, variables: variablesOf(head.environ) };
}

function good(lines: string[]): Read {
  const result = read([...lines, '', ''].join('\r\n'));
  assert.ok(result !== undefined, `the front refuses ${JSON.stringify(lines)}`);
  return result;
}

/** The variables of a request with these fields. */
const variables = (...fields: string[]) => good(['GET / HTTP/1.1', 'Host: a', ...fields]).variables;

describe('a header in an environ', () => {
  it('has its whole value, even if that starts or ends with a byte 0xA0, as letters in UTF-8 do', () => {
    const bytesOf = (text: string) => Buffer.from(text).toString('latin1');
    for (const text of ['voilà', '\u0420', '…à la carte à', '\u00a0']) {
      assert.equal(variables(`X: \t${bytesOf(text)}\t `).get('HTTP_X'), bytesOf(text));
    }
    assert.equal(variables('X:\xa0a\xa0').get('HTTP_X'), '\xa0a\xa0');
  });

  it('has no white space around its value, and keeps that within it (RFC 9110, 5.5)', () => {
    for (const field of ['X:a \tb', 'X: a \tb', 'X:\t a \tb\t ', 'X: \t \ta \tb ']) {
      assert.equal(variables(field).get('HTTP_X'), 'a \tb', JSON.stringify(field));
    }
    for (const field of ['X:', 'X: ', 'X:\t \t']) assert.equal(variables(field).get('HTTP_X'), '', field);
  });

  it('that comes three times is joined in order, whatever the case of its name', () => {
    const joined = variables(
      'Cookie: a=1',
      'X-Forwarded-For: 1',
      'COOKIE: b=2',
      'x-forwarded-FOR: 2',
      'cookie: c=3',
    );
    assert.equal(joined.get('HTTP_COOKIE'), 'a=1; b=2; c=3');
    assert.equal(joined.get('HTTP_X_FORWARDED_FOR'), '1,2');
    assert.equal(variables('X:', 'X: b', 'X:').get('HTTP_X'), ',b,', 'an empty one counts too');
  });

  it('cannot replace a variable of the server', () => {
    const names = ['Remote-Addr', 'Path-Info', 'Request-Method', 'wsgi.input', 'Server-Name', 'Remote-User'];
    const seen = variables(...names.map((name) => `${name}: forged`));
    assert.deepEqual(
      [...seen].filter(([, value]) => value === 'forged').map(([name]) => name),
      names.map((name) => `HTTP_${name.toUpperCase().replace('-', '_')}`),
    );
  });

  it('may have a name that has a meaning in JavaScript', () => {
    assert.equal(variables('constructor: a').get('HTTP_CONSTRUCTOR'), 'a');
    assert.equal(variables('toString: a').get('HTTP_TOSTRING'), 'a');
    assert.equal(variables('__proto__: a').size, variables().size, 'an underscore: not passed on');
  });

  it('is recognized by its name however many other names came before', () => {
    for (let at = 0; at < 3000; at++) assert.equal(variables(`X-${at}: a`).get(`HTTP_X_${at}`), 'a');
    assert.equal(variables('X_Late: a').get('HTTP_X_LATE'), undefined);
    assert.equal(variables('Content-TYPE: a').get('CONTENT_TYPE'), 'a');
  });
});

describe('an address in an environ', () => {
  it('of IPv6 is complete: in Host, in an absolute target, at both ends of the connection', () => {
    const seen = good(['GET / HTTP/1.1', 'Host: [::1]:8000']).variables;
    assert.equal(seen.get('HTTP_HOST'), '[::1]:8000');
    assert.deepEqual([seen.get('SERVER_NAME'), seen.get('SERVER_PORT')], ['::1', '8000']);
    assert.deepEqual([seen.get('REMOTE_ADDR'), seen.get('REMOTE_PORT')], ['fe80::1%eth0', '54321']);
    const absolute = good(['GET http://[::1]:8000/a?b HTTP/1.1', 'Host: [::1]:8000']).variables;
    assert.deepEqual(
      ['HTTP_HOST', 'PATH_INFO', 'QUERY_STRING'].map((name) => absolute.get(name)),
      ['[::1]:8000', '/a', 'b'],
    );
  });

  it('of an absolute target is present if HTTP/1.0 has no Host', () => {
    assert.equal(good(['GET http://a.localhost/ HTTP/1.0']).variables.get('HTTP_HOST'), 'a.localhost');
    assert.equal(good(['GET / HTTP/1.0']).variables.get('HTTP_HOST'), undefined);
  });
});

describe('a query in an environ', () => {
  for (const [target, path, query] of [
    ['/', '/', ''],
    ['/a?', '/a', ''],
    ['/?a=%3F&b=//x', '/', 'a=%3F&b=//x'],
    ['//a//b?c', '//a//b', 'c'],
    ['/http://b/?c', '/http://b/', 'c'],
    ['/a?b?c?', '/a', 'b?c?'],
    ['/a#?b', '/a', ''],
    ['/a?b#c?d#', '/a', 'b'],
  ] as const) {
    it(`of ${target} is ${query === '' ? 'empty, not missing' : query}`, () => {
      const seen = good([`GET ${target} HTTP/1.1`, 'Host: a']).variables;
      assert.deepEqual([seen.get('PATH_INFO'), seen.get('QUERY_STRING')], [path, query]);
      assert.equal(seen.get('REQUEST_URI'), target);
    });
  }
});

describe('the head of a request', () => {
  it('has the same end of request and connection for the gateway as for the front', () => {
    let count = 0;
    for (const { name, wire } of corpus) {
      const result = read(wire);
      // Node's parser treats it like Connection, but RFC 9112, C.2.2 does not, and it ends no connection here.
      if (result === undefined || /^proxy-connection:/im.test(wire)) continue;
      const { front, head, variables } = result;
      assert.deepEqual(
        [head.method, head.minor, head.bodyLength, head.keepAlive, variables.get('HTTP_HOST')],
        [
          front.method,
          front.minor,
          front.chunked ? -1 : Math.max(0, front.contentLength),
          front.keepAlive,
          front.host,
        ],
        name,
      );
      count++;
    }
    assert.ok(count > 30, `${count} requests`);
  });

  for (const option of ['keep-alive, close', 'close, keep-alive', 'Close,Keep-Alive']) {
    it(`with the option ${option} ends the connection, in HTTP/1.0 as well (RFC 9112, 9.3)`, () => {
      for (const version of ['1.0', '1.1']) {
        const { head, front } = good([`GET / HTTP/${version}`, 'Host: a', `Connection: ${option}`]);
        assert.deepEqual([head.keepAlive, front.keepAlive], [false, false], version);
      }
    });
  }

  it('ignores a word that only looks like an option', () => {
    for (const option of ['close\xa0', 'close;', 'x close', '"close"']) {
      const { head, front } = good(['GET / HTTP/1.1', 'Host: a', `Connection: ${option}`]);
      assert.deepEqual([head.keepAlive, front.keepAlive], [true, true], option);
    }
  });
});
