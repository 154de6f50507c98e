import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, it } from 'node:test';
import { parseResponseHead, type ResponseHead } from '../../../../src/engine/http/parser/response-head.ts';

const read = (wire: string) => parseResponseHead(Buffer.from(wire, 'latin1'), 0, wire.length);
const lines = (...fields: string[]) => ['HTTP/1.1 200 OK', ...fields, '', ''].join('\r\n');

function good(wire: string): ResponseHead {
  const head = read(wire);
  assert.ok(head !== undefined && !('error' in head), JSON.stringify(head));
  return head;
}

describe('the head of a response', () => {
  it('has all properties that the front needs', () => {
    const wire = lines(
      'content-type: text/html; charset=utf-8 ',
      'CONTENT-LENGTH: 12',
      'Connection: x, Close',
      'Set-Cookie: a=1; HttpOnly',
      'set-cookie: b=2',
      'Mcp-Session-Id: abc',
      'Location: /not-a-redirect',
    );
    assert.deepEqual(good(`${wire}Hello`), {
      status: 200,
      minor: 1,
      contentLength: 12,
      chunked: false,
      close: true,
      upgrade: false,
      contentType: 'text/html; charset=utf-8',
      location: undefined,
      setCookies: ['a=1; HttpOnly', 'b=2'],
      mcpSession: 'abc',
      insertAt: wire.length - 2,
      end: wire.length,
    });
  });

  it('says where a redirect leads', () => {
    const wire = 'HTTP/1.1 302 Found\r\nLocation: /login?next=%2F\r\n\r\n';
    assert.equal(good(wire).location, '/login?next=%2F');
  });

  it('has a place for another field', () => {
    const wire = lines('X: y');
    const { insertAt, end } = good(wire);
    const longer = `${wire.slice(0, insertAt)}Server-Timing: a;dur=1\r\n${wire.slice(insertAt)}`;
    assert.equal(longer, lines('X: y', 'Server-Timing: a;dur=1'));
    assert.equal(good(longer).end, end + 24);
    const bare = 'HTTP/1.1 204\r\n\r\n';
    assert.equal(good(bare).insertAt, 14);
  });

  it('ends the connection by the rules of HTTP/1.1 and HTTP/1.0', () => {
    assert.equal(good(lines()).close, false);
    assert.equal(good('HTTP/1.0 200 OK\r\n\r\n').close, true);
    assert.equal(good('HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n').close, false);
  });

  it('marks interim and upgrade responses', () => {
    assert.deepEqual(
      [good('HTTP/1.1 100 Continue\r\n\r\n').status, good('HTTP/1.1 100\r\n\r\n').upgrade],
      [100, false],
    );
    assert.equal(good('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n').upgrade, true);
  });

  it('waits for more after every byte', () => {
    const wire = lines('Transfer-Encoding: chunked', 'X: y');
    assert.equal(good(wire).chunked, true);
    for (let end = 0; end < wire.length; end++) {
      const bytes = Buffer.from(`..${wire}`, 'latin1');
      assert.equal(parseResponseHead(bytes, 2, 2 + end), undefined, `${end} bytes`);
    }
  });

  it('is an error if it could be framed in two ways', () => {
    const bad = [
      lines('Content-Length: 5', 'Transfer-Encoding: chunked'),
      lines('Transfer-Encoding: chunked', 'Content-Length: 5'),
      lines('Content-Length: 5', 'Content-Length: 5'),
      lines('Content-Length: 5, 5'),
      lines('Content-Length: +5'),
      lines('Content-Length:'),
      lines('Content-Length: 9007199254740992'),
      lines('Transfer-Encoding: gzip, chunked'),
      lines('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
      'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      lines('Content-Length : 5'),
      lines('X: y', ' Content-Length: 5'),
      lines('X: y\nContent-Length: 5'),
      lines('X: y\rContent-Length: 5'),
      lines('X: \0'),
      lines('X'),
      'HTTP/1.1 200 OK\nX: y\r\n\r\n',
      'HTTP/1.1 200 OK\r\nX: y\r\n\n\r\n',
    ];
    for (const wire of bad) {
      const head = read(wire);
      assert.ok(head !== undefined && 'error' in head, JSON.stringify(wire));
      assert.match(head.error, /^[A-Z].*[^.]$/);
    }
  });

  it('is an error without a status line', () => {
    for (const line of [
      'hello, world!',
      'HTTP/2.0 200 OK',
      'HTTP/1.1  200 OK',
      'HTTP/1.1 20 OK',
      'HTTP/1.1 099 OK',
      'HTTP/1.1 2000 OK',
    ]) {
      const head = read(`${line}\r\n\r\n`);
      assert.ok(head !== undefined && 'error' in head, line);
    }
  });

  it('from node is understood in every framing that node chooses', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/length') response.end('hello');
      else if (request.url === '/chunked') response.write('hello', () => response.end());
      else if (request.url === '/none') response.writeHead(304, { ETag: '"x"' }).end();
      else
        response
          .writeHead(200, { 'Content-Type': 'text/event-stream', Connection: 'close' })
          .end('data: 1\n\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ask = async (target: string) => {
      const socket = connect(port, '127.0.0.1');
      socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      let wire = '';
      for await (const chunk of socket.setEncoding('latin1')) wire += chunk;
      return good(wire);
    };
    try {
      assert.equal((await ask('/length')).contentLength, 5);
      assert.equal((await ask('/chunked')).chunked, true);
      const none = await ask('/none');
      assert.deepEqual([none.status, none.contentLength, none.chunked], [304, -1, false]);
      assert.equal((await ask('/close')).contentType, 'text/event-stream');
    } finally {
      server.close();
    }
  });
});
