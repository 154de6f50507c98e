import assert from 'node:assert/strict';
import { once } from 'node:events';
import { before, it } from 'node:test';
import WebSocket from 'ws';
import { forEachMode, idleWorkers } from '../contract/modes.ts';
import type { Cli } from '../support/cli.ts';

const DEADLINE = { timeout: 15_000 };

forEachMode((start) => {
  let cli: Cli;
  before(async () => {
    const args = ['--workers', '2', '--max-workers', '2', '--stop-timeout', '1000'];
    cli = await start('apps/websocket.cjs', args);
    await idleWorkers(cli, 2);
  });

  /** A connection that has received a greeting. */
  async function connect(): Promise<WebSocket> {
    const socket = new WebSocket(cli.url.replace('http', 'ws'), { perMessageDeflate: true });
    const [greeting] = (await once(socket, 'message')) as [Buffer];
    assert.equal(greeting.toString(), 'hello 127.0.0.1');
    return socket;
  }

  async function echo(socket: WebSocket, message: string | Buffer): Promise<[Buffer, boolean]> {
    socket.send(message);
    return (await once(socket, 'message')) as [Buffer, boolean];
  }

  it('text and binary messages come back, in order', DEADLINE, async () => {
    const socket = await connect();
    assert.deepEqual(await echo(socket, 'grüße'), [Buffer.from('grüße'), false]);
    assert.deepEqual(await echo(socket, Buffer.from([0, 255, 1])), [Buffer.from([0, 255, 1]), true]);
    const received: string[] = [];
    socket.on('message', (data: Buffer) => received.push(data.toString()));
    const sent = Array.from({ length: 500 }, (_, at) => `message ${at}`);
    for (const message of sent) socket.send(message);
    while (received.length < sent.length) await once(socket, 'message');
    assert.deepEqual(received, sent);
    socket.terminate();
  });

  it('a message of 5 MB comes back', DEADLINE, async () => {
    const socket = await connect();
    const message = Buffer.alloc(5_000_000, 'abcdefg');
    const [data] = await echo(socket, message);
    assert.ok(data.equals(message));
    socket.terminate();
  });

  it('close codes pass in both directions', DEADLINE, async () => {
    const socket = await connect();
    socket.send('close 4001');
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    assert.deepEqual([code, reason.toString()], [4001, 'as asked']);
    const other = await connect();
    other.close(4002);
    await once(other, 'close');
    await cli.waitFor((e) => e.type === 'log' && e.text.includes('closed 4002'));
  });

  it('the app learns that a client has disconnected', DEADLINE, async () => {
    const socket = await connect();
    const from = cli.events.length;
    socket.terminate();
    await cli.waitFor((e) => e.type === 'log' && e.text.includes('closed 1006'), { from });
  });

  it('many connections live side by side, on all workers', DEADLINE, async () => {
    const sockets: WebSocket[] = [];
    // One after another: each goes to the worker with fewer connections, unless that one looks blocked just then.
    while (sockets.length < 30) sockets.push(await connect());
    const answers = await Promise.all(sockets.map((socket, at) => echo(socket, `${at}`)));
    assert.deepEqual(
      answers.map(([data]) => data.toString()),
      sockets.map((_, at) => `${at}`),
    );
    const status = await cli.ask({ type: 'status' });
    assert.ok(status.type === 'status');
    const connections = status.workers.map(({ inFlight }) => inFlight);
    assert.equal(connections.length, 2);
    assert.ok(Math.min(...connections) > 0, `${connections}`);
    for (const socket of sockets) socket.terminate();
  });

  it('a stop does not wait for a WebSocket to end', DEADLINE, async () => {
    const socket = await connect();
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    assert.deepEqual(await cli.stop(), { code: 0, signal: null });
    await closed;
  });
});
