import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import type { Cli } from '../support/cli.ts';
import { ask, timing } from './http-client.ts';
import { forEachMode } from './modes.ts';
import { connectRaw } from './raw-client.ts';

forEachMode(['node', 'wsgi'], (start, _mode, speech) => {
  const beyondWsgi = { skip: speech === 'wsgi' && 'WSGI can not express it (PEP 3333)' };

  let cli: Cli;
  before(async () => {
    cli = await start('http.cjs', ['--workers', '2']);
  });

  it('pipelined requests are answered in order, even if the first takes longest', async () => {
    const client = await connectRaw(cli.url);
    const paths = ['/slow', ...Array.from({ length: 20 }, (_, at) => `/${at}`)];
    client.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''));
    assert.equal((await client.answer()).body.toString(), 'slow');
    for (const path of paths.slice(1)) assert.equal((await client.answer()).body.toString(), `GET ${path}`);
    client.destroy();
  });

  it('a request may come byte by byte', async () => {
    const client = await connectRaw(cli.url);
    const request = 'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello';
    for (const byte of request) {
      client.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal((await client.answer()).body.toString(), 'hello');
    client.destroy();
  });

  it('HEAD, 204 and 304 have no body, and the connection continues', async () => {
    const client = await connectRaw(cli.url);
    client.write('HEAD /chunks HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.equal((await client.answer('HEAD')).status, 200);
    client.write('HEAD /what HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.equal((await client.answer('HEAD')).status, 200);
    client.write('GET /empty HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.equal((await client.answer()).status, 204);
    client.write('GET /same HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const same = await client.answer();
    assert.deepEqual([same.status, same.headers.etag], [304, '"1"']);
    client.write('GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.equal((await client.answer()).body.toString(), 'GET /next');
    client.destroy();
  });

  it('bodies are chunked in both directions', async () => {
    const client = await connectRaw(cli.url);
    client.write('GET /chunks HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const answer = await client.answer();
    assert.deepEqual(
      [answer.headers['transfer-encoding'], answer.body.toString()],
      ['chunked', 'one,two,three'],
    );
    client.write('POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
    client.write('3\r\nabc\r\n');
    client.write('A;ext="x"\r\n0123456789\r\n');
    client.write('0\r\n\r\n');
    assert.equal((await client.answer()).body.toString(), 'abc0123456789');
    client.destroy();
  });

  it('trailers pass in both directions', beyondWsgi, async () => {
    const client = await connectRaw(cli.url);
    client.write('GET /trailers HTTP/1.1\r\nHost: localhost\r\nTE: trailers\r\n\r\n');
    const answer = await client.answer();
    assert.deepEqual([answer.body.toString(), answer.trailers], ['body', { 'x-sum': '42' }]);
    client.write(
      'POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTrailer: X-Hash\r\n\r\n',
    );
    client.write('2\r\nhi\r\n0\r\nX-Hash: abc\r\n\r\n');
    const echoed = await client.answer();
    assert.deepEqual([echoed.body.toString(), echoed.headers['x-trailers']], ['hi', '{"x-hash":"abc"}']);
    client.destroy();
  });

  it('the app answers Expect: 100-continue', async () => {
    const client = await connectRaw(cli.url);
    const head = 'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n';
    client.write(`${head}\r\n`);
    assert.equal((await client.answer()).status, 100);
    client.write('ok');
    const answer = await client.answer();
    assert.deepEqual([answer.status, answer.body.toString()], [200, 'ok']);
    client.write(`${head}X-Refuse: 1\r\n\r\n`);
    assert.equal((await client.answer()).status, 417);
    client.destroy();
  });

  it('early hints precede the answer', beyondWsgi, async () => {
    const client = await connectRaw(cli.url);
    client.write('GET /early HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const hints = await client.answer();
    assert.deepEqual([hints.status, hints.headers.link], [103, '</style.css>; rel=preload']);
    assert.equal((await client.answer()).body.toString(), 'late');
    client.destroy();
  });

  it('an answer without a length ends with the connection', async () => {
    const client = await connectRaw(cli.url);
    client.write('GET /until-close HTTP/1.0\r\nHost: localhost\r\n\r\n');
    const answer = await client.answer();
    assert.equal(answer.headers['content-length'], undefined);
    assert.equal(answer.body.toString(), 'all of it');
    assert.equal(await client.ending(), 'end');
  });

  it('an answer before the end of the request reaches the client', async () => {
    const client = await connectRaw(cli.url);
    client.write('POST /no-body-read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nbegin');
    const answer = await client.answer();
    assert.deepEqual([answer.status, answer.body.toString()], [413, 'too much']);
    client.destroy();
  });

  it('Connection: close is obeyed', async () => {
    const client = await connectRaw(cli.url);
    client.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    assert.equal((await client.answer()).headers.connection, 'close');
    assert.equal(await client.ending(), 'end');
  });

  it(
    'an upgraded connection carries bytes in both directions, including those sent with the request',
    beyondWsgi,
    async () => {
      const client = await connectRaw(cli.url);
      client.write(
        'GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nahead',
      );
      const answer = await client.answer();
      assert.deepEqual([answer.status, answer.headers.upgrade], [101, 'echo']);
      assert.equal((await client.take(5)).toString(), 'ahead');
      const block = Buffer.alloc(4 * 1024 * 1024, 'x');
      client.write(block);
      assert.deepEqual(await client.take(block.length), block);
      client.socket.end();
      assert.equal(await client.ending(), 'end');
    },
  );

  it(
    'a paused reader does not make the server keep the bytes that it does not take',
    beyondWsgi,
    async () => {
      const upgrade = 'GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';
      const clients = [await connectRaw(cli.url), await connectRaw(cli.url)] as const;
      for (const client of clients) client.write(upgrade);
      for (const client of clients) assert.equal((await client.answer()).status, 101);
      const [paused, reading] = clients;
      paused.socket.pause();
      const limit = 64 * 1024 * 1024;
      const block = Buffer.alloc(64 * 1024, 'y');
      let taken = 0;
      const send = (): void => {
        paused.socket.write(block, () => {
          taken += block.length;
          if (taken < limit) send();
        });
      };
      send();
      // While the same amount passes for a client that reads, there is time to take it all from this one.
      const large = Buffer.alloc(limit / 8, 'z');
      for (let at = 0; at < 8; at++) {
        reading.write(large);
        await reading.take(large.length);
      }
      assert.ok(taken < limit, 'the server took all of it');
      const before = taken;
      paused.socket.resume();
      // It continues with the delayed bytes, and loses nothing.
      assert.equal((await paused.take(before + block.length)).length, before + block.length);
      for (const client of clients) client.destroy();
    },
  );

  it(
    'the request reaches the app unchanged, even with fields that look like the server’s own',
    beyondWsgi,
    async () => {
      const fields = [
        'Host: localhost',
        'X-Forwarded-For: 1.2.3.4',
        'X-Concurrent-Server-Worker: 9',
        'x-odd:  CaSe ',
        'Cookie: a=1',
        'Cookie: b=2',
      ];
      const client = await connectRaw(cli.url);
      client.write(`GET /headers HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`);
      const { body } = await client.answer();
      const expected = fields.flatMap((field) => {
        const colon = field.indexOf(':');
        return [field.slice(0, colon), field.slice(colon + 1).trim()];
      });
      assert.deepEqual(JSON.parse(body.toString()), expected);
      client.destroy();
    },
  );

  it('Server-Timing names worker, queue and delay on every answer', async () => {
    for (const path of ['/', '/empty', '/same', '/chunks', '/until-close']) {
      const { headers } = await ask(`${cli.url}${path}`);
      assert.match(timing(headers, 'worker').desc ?? '', /^[12]$/, path);
      assert.ok(Number(timing(headers, 'queue').dur) >= 0, path);
      assert.equal(timing(headers, 'delay').dur, '0', path);
      assert.deepEqual(timing(headers, 'overlap'), {});
    }
  });

  it('every request is in the request log, with its status and its bytes', async () => {
    const from = cli.events.length;
    await ask(`${cli.url}/logged?a=b`, { method: 'PUT', body: 'x'.repeat(1000) });
    const event = await cli.waitFor((e) => e.type === 'request' && e.target === '/logged?a=b', { from });
    assert.ok(event.type === 'request');
    assert.deepEqual([event.method, event.status, event.nth, event.failure], ['PUT', 200, 1, undefined]);
    assert.ok(event.bytesIn > 1000 && event.bytesOut > 100);
    assert.ok(event.totalMs >= (event.firstByteMs ?? Number.NaN));
  });
});
