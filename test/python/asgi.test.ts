/** ASGI apps on uvicorn: scopes, streams, WebSockets, clients that disconnect, and the lifespan. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { before, it } from 'node:test';
import WebSocket from 'ws';
import { ask, connect } from '../contract/http-client.ts';
import { forEachMode, type Speech } from '../contract/modes.ts';
import { connectRaw } from '../contract/raw-client.ts';
import type { Cli } from '../support/cli.ts';

const ASGI: Speech[] = ['asgi'];

forEachMode(ASGI, (start) => {
  let cli: Cli;
  before(async () => {
    cli = await start('scope.py');
  });

  it('an app that checks its scope finds no error', async () => {
    const { text } = await ask(`${cli.url}/a%20b?c=d`, { method: 'POST', body: 'x'.repeat(500_000) });
    assert.deepEqual(JSON.parse(text), { path: '/a b', query: 'c=d', size: 500_000 });
    assert.equal((await ask(`${cli.url}/stream`)).text, '012');
  });

  it('WebSockets carry text and bytes in both directions, and close', async () => {
    const socket = new WebSocket(cli.url.replace('http', 'ws'));
    await once(socket, 'open');
    socket.send('hello');
    assert.equal(String((await once(socket, 'message'))[0]), 'echo hello');
    const block = Buffer.alloc(500_000, 'b');
    socket.send(block);
    assert.deepEqual((await once(socket, 'message'))[0], block);
    const from = cli.events.length;
    socket.close();
    await once(socket, 'close');
    await cli.waitFor((e) => e.type === 'log' && e.text.includes('websocket ends'), { from });
  });

  it('the app learns that a client has disconnected', async () => {
    const from = cli.events.length;
    const socket = await connect(cli.url);
    socket.write(`GET /wait HTTP/1.1\r\nHost: ${new URL(cli.url).host}\r\n\r\n`);
    const waits = await cli.waitFor((e) => e.type === 'log' && e.text.includes('waits'), { from });
    assert.ok(waits.type === 'log' && waits.request !== undefined, 'and its output is attributed');
    socket.destroy();
    await cli.waitFor((e) => e.type === 'log' && e.text.includes('the client has left'), { from });
  });

  it('an expectation other than 100-continue is ignored, as uvicorn does it, and gets no 100', async () => {
    const { host } = new URL(cli.url);
    for (const value of ['x', '', '100', '100-continued']) {
      const client = await connectRaw(cli.url);
      client.write(`POST /a HTTP/1.1\r\nHost: ${host}\r\nExpect: ${value}\r\nContent-Length: 5\r\n\r\nhello`);
      const answer = await client.answer();
      assert.deepEqual([answer.status, JSON.parse(answer.body.toString()).size], [200, 5], value);
      client.destroy();
    }
  });

  it('the lifespan ends with the worker', async () => {
    const other = await start('scope.py');
    await other.stop();
    assert.ok(other.ofType('log').some(({ text }) => text.includes('lifespan ends')));
  });
});
