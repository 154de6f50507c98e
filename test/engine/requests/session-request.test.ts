import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SessionHandshake } from '../../../src/engine/requests/session-handshake.ts';
import { isPoll, sessionOf } from '../../../src/engine/requests/session-request.ts';

function text(target: string, header?: string): string {
  const session = sessionOf(target, header);
  if (session === undefined) return 'none';
  const { protocol, id = 'asks', onlyIfGiven } = session;
  return `${protocol} ${id}${onlyIfGiven ? ' if given' : ''}`;
}

describe('a request names its session', () => {
  for (const [target, expected] of [
    ['/socket.io/?EIO=4&transport=polling&t=x', 'socket.io asks'],
    ['/socket.io/?EIO=4&transport=polling&sid=aB_-9', 'socket.io aB_-9'],
    ['/socket.io/?sid=abc&EIO=4&transport=websocket', 'socket.io abc'],
    ['/chat/v2?EIO=3&transport=polling&sid=abc', 'socket.io abc'],
    ['/engine.io/?EIO=4&transport=polling&sid=abc', 'engine.io abc'],
    ['/engine.io/default/?transport=polling&sid=abc', 'engine.io abc'],
    ['/socket.io/?EIO=4&transport=websocket', 'none'],
    ['/socket.io/socket.io.js', 'none'],
    ['/echo/000/abcdefgh/xhr', 'SockJS 000/abcdefgh'],
    ['/echo/000/abcdefgh/xhr_send', 'SockJS 000/abcdefgh'],
    ['/a/b/123/abc/xhr_streaming?t=1', 'SockJS 123/abc'],
    ['/echo/000/abc/jsonp?c=cb', 'SockJS 000/abc'],
    ['/echo/000/abc/htmlfile?c=cb', 'SockJS 000/abc'],
    ['/echo/000/abc/eventsource', 'SockJS 000/abc'],
    ['/echo/000/abc/websocket', 'SockJS 000/abc'],
    ['/echo/info', 'none'],
    ['/echo/iframe-1.0.0.html', 'none'],
    ['/echo/websocket', 'none'],
    ['/messages?sessionId=1-2', 'MCP 1-2 if given'],
    ['/messages/?session_id=12ab', 'MCP 12ab if given'],
    ['/', 'none'],
    ['/?sid=abc', 'none'],
    ['/page?next=/socket.iot', 'none'],
    ['*', 'none'],
  ] as const) {
    it(`${target} → ${expected}`, () => assert.equal(text(target), expected));
  }

  it('by a header, whatever its path is', () => assert.equal(text('/mcp', 'abc'), 'MCP abc'));

  it('or none, and nothing is thrown', () => {
    fc.assert(fc.property(fc.string(), (target) => void sessionOf(`/${target}`, undefined)));
  });
});

describe('a request that waits for news', () => {
  for (const [method, target, expected] of [
    ['GET', '/socket.io/?EIO=4&transport=polling&sid=abc', true],
    ['POST', '/socket.io/?EIO=4&transport=polling&sid=abc', false],
    ['GET', '/socket.io/?EIO=4&transport=polling', false],
    ['POST', '/echo/000/abc/xhr', true],
    ['POST', '/echo/000/abc/xhr_send', false],
    ['POST', '/echo/000/abc/xhr_streaming', true],
    ['POST', '/echo/000/abc/jsonp_send', false],
  ] as const) {
    it(`${method} ${target}: ${expected}`, () => {
      assert.equal(isPoll(method, target, sessionOf(target, undefined)!), expected);
    });
  }
});

describe('an answer gives a session its name', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n';
  const open = (body: string) => new SessionHandshake('open packet').feed(Buffer.from(head + body));

  it('in the open packet of engine.io, in each of its forms', () => {
    assert.equal(open('0{"sid":"aB-_9","upgrades":["websocket"]}'), 'aB-_9');
    assert.equal(open('97:0{"sid":"abc","upgrades":[]}2:40'), 'abc');
    assert.equal(open('___eio[0]("0{\\"sid\\":\\"abc\\",\\"upgrades\\":[]}");'), 'abc');
    assert.equal(open('\u0000\u0009\u0007\u00ff0{"sid":"abc"}'), 'abc');
  });

  it('in the first event of the stream of an MCP server', () => {
    for (const body of [
      'event: endpoint\ndata: /messages?sessionId=abc\n\n',
      'event: endpoint\r\ndata: /messages/?session_id=abc\r\n\r\n',
    ]) {
      assert.equal(new SessionHandshake('endpoint event').feed(Buffer.from(head + body)), 'abc', body);
    }
    const other = 'event: endpoint\ndata: /messages\n\n';
    assert.equal(new SessionHandshake('endpoint event').feed(Buffer.from(head + other)), 'none');
  });

  it('also if its bytes come one by one, and never costs more than some KiB', () => {
    const handshake = new SessionHandshake('open packet');
    const found = [...`${head}0{"sid":"abc"}`].map((char) => handshake.feed(Buffer.from(char)));
    assert.deepEqual([...new Set(found)], [undefined, 'abc']);
    const long = new SessionHandshake('open packet');
    assert.equal(long.feed(Buffer.alloc(100_000, 'x')), 'none');
  });
});
