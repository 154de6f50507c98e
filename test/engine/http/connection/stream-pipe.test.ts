import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, describe, it } from 'node:test';
import { StreamPipe } from '../../../../src/engine/http/connection/stream-pipe.ts';
import { WorkerStream } from '../../../../src/engine/requests/worker-stream.ts';
import { STREAM_WINDOW_BYTES } from '../../../../src/wire/frames.ts';
import { FakeClient, FakeWorker } from '../../scheduling/fake-worker.ts';

const server = net.createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
const open: net.Socket[] = [];
after(() => {
  for (const socket of open) socket.destroy();
  server.close();
});

interface Setup {
  pipe: StreamPipe;
  /** The server's end of the client's connection. */
  socket: net.Socket;
  client: net.Socket;
  /** A stream to its own worker, with room for `window` bytes. */
  worker(window?: number): { stream: WorkerStream; received(): string; ended(): boolean; credit(): number };
}

async function setUp(): Promise<Setup> {
  if (!server.listening) await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[net.Socket]>;
  const client = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
  const [socket] = await accepted;
  open.push(client, socket);
  const owner = new FakeClient();
  let workers = 0;
  const worker = (window = STREAM_WINDOW_BYTES) => {
    const made = new FakeWorker(++workers);
    const { wire } = made.upstream;
    const stream = new WorkerStream(1, wire, owner, window);
    wire.streams.set(stream.id, stream);
    const now = <T>(look: () => T): T => {
      wire.flush();
      return look();
    };
    return {
      stream,
      received: () => now(() => made.received.get(stream.id) ?? ''),
      ended: () => now(() => made.ended.includes(stream.id)),
      credit: () => now(() => made.credit),
    };
  };
  return { pipe: new StreamPipe(socket), socket, client, worker };
}

describe('the bytes of a client', () => {
  it('are kept until there is a worker, and go to the first one', async () => {
    const { pipe, worker } = await setUp();
    pipe.enqueue(Buffer.from('early '));
    const first = worker();
    pipe.attach(first.stream);
    pipe.pump();
    pipe.enqueue(Buffer.from('late'));
    assert.equal(first.received(), 'early late');
  });

  it('are sent again, from the start, to another worker if no worker has started the request', async () => {
    const { pipe, worker } = await setUp();
    const [first, second, third] = [worker(), worker(), worker()];
    pipe.attach(first.stream);
    for (const part of ['one ', 'two ']) pipe.enqueue(Buffer.from(part));
    pipe.attach(second.stream);
    pipe.enqueue(Buffer.from('three '));
    pipe.pump();
    assert.deepEqual([first.received(), second.received()], ['one two ', 'one two three ']);
    pipe.markStarted();
    pipe.enqueue(Buffer.from('four'));
    assert.equal(second.received(), 'one two three four');
    // That worker started the request, so it must not run a second time.
    pipe.attach(third.stream);
    pipe.pump();
    assert.equal(third.received(), '');
  });

  it('are copied, because the next bytes come in the same buffer', async () => {
    const { pipe, worker } = await setUp();
    const shared = Buffer.from('good');
    const [first, second] = [worker(), worker()];
    pipe.attach(first.stream);
    pipe.enqueue(shared);
    shared.fill('x');
    pipe.attach(second.stream);
    pipe.pump();
    assert.equal(second.received(), 'good');
  });

  it('are sent only as far as the worker has room, in order, and the client is paused when it is far ahead', async () => {
    const { pipe, socket, worker } = await setUp();
    const { stream, received } = worker(10);
    pipe.attach(stream);
    pipe.markStarted();
    pipe.enqueue(Buffer.from('0123456789abcdef'));
    assert.equal(received(), '0123456789');
    assert.equal(socket.isPaused(), false, 'a little ahead');
    const rest = 'z'.repeat(100_000);
    pipe.enqueue(Buffer.from(rest));
    assert.equal(received(), '0123456789');
    assert.equal(socket.isPaused(), true);
    stream.acknowledge(6);
    pipe.pump();
    assert.deepEqual([received(), socket.isPaused()], ['0123456789abcdef', true]);
    while (stream.acknowledge(10)) pipe.pump();
    assert.equal(received(), `0123456789abcdef${rest}`);
    assert.equal(socket.isPaused(), false);
  });

  it("are followed by the client's end, never preceded by it", async () => {
    const { pipe, worker } = await setUp();
    const { stream, received, ended } = worker(3);
    pipe.attach(stream);
    pipe.enqueue(Buffer.from('abcdef'));
    pipe.end();
    assert.deepEqual([received(), ended()], ['abc', false]);
    stream.acknowledge(3);
    pipe.pump();
    assert.deepEqual([received(), ended()], ['abcdef', true]);
  });

  it('of a finished request are forgotten, and the client may continue', async () => {
    const { pipe, socket, worker } = await setUp();
    pipe.enqueue(Buffer.alloc(100_000));
    assert.equal(socket.isPaused(), true);
    pipe.clear();
    assert.equal(socket.isPaused(), false);
    const { stream, received } = worker();
    pipe.attach(stream);
    pipe.pump();
    assert.equal(received(), '');
  });
});

describe('the bytes of a worker', () => {
  /** Larger than any system's buffers, and each piece is large enough to be worth a CREDIT frame. */
  const BLOCK = Buffer.alloc(1024 * 1024, 'a');

  it('earn new credit when the client takes them, and not before', { timeout: 10_000 }, async () => {
    const { pipe, client, socket, worker } = await setUp();
    const { stream, credit } = worker();
    pipe.attach(stream);
    client.pause();
    let written = 0;
    while (!socket.writableNeedDrain) {
      pipe.write(BLOCK, BLOCK.length);
      written += BLOCK.length;
    }
    const taken = credit();
    assert.equal(taken, written - BLOCK.length, 'all but the last, which the client did not take');
    const drained = once(socket, 'drain');
    client.resume();
    await drained;
    assert.equal(credit(), written);
  });

  it('that the client has not taken are not counted for the next worker', { timeout: 10_000 }, async () => {
    const { pipe, client, socket, worker } = await setUp();
    const [first, second] = [worker(), worker()];
    pipe.attach(first.stream);
    client.pause();
    let written = 0;
    while (!socket.writableNeedDrain) {
      pipe.write(BLOCK, BLOCK.length);
      written += BLOCK.length;
    }
    pipe.attach(second.stream);
    assert.equal(first.credit(), written);
    const drained = once(socket, 'drain');
    client.resume();
    await drained;
    assert.equal(second.credit(), 0);
  });
});
