import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type net from 'node:net';
import { before, it } from 'node:test';
import { promisify } from 'node:util';
import { descendants } from '../../src/engine/process/os/descendants.ts';
import type { Cli } from '../support/cli.ts';
import { connect } from './http-client.ts';
import { forEachMode, requestsInFlight } from './modes.ts';
import { connectRaw } from './raw-client.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const BLOCK = Buffer.alloc(MIB, 'u');

/** Between two measurements of the memory: each costs a process. */
const LOOK_MS = 250;

/**
 * The memory that the first large body may cost all processes of a server together, in bytes. Nearly all of it is
 * buffers that Node has not collected yet: a bare `node:http` server grows by 56 MiB on Node 20 and by 110 to 130 on
 * Node 24. Measured here: thread mode 75 and 131, fork mode, which has two such processes, 87 and 185.
 */
const FIRST = { thread: 150 * MIB, fork: 220 * MIB };
/** The memory that each later body may cost: 37 MiB were measured, and 65 on a busy machine. */
const FURTHER = 100 * MIB;

forEachMode(['node', 'wsgi'], (start, mode, speech) => {
  // The front is the same for every worker, so less data suffices for a Python worker.
  const size = speech === 'node' ? GIB : GIB / 4;
  const name = `${size / GIB} GiB`;
  let cli: Cli;
  let first: number;
  before(async () => {
    // If a worker takes one request at a time, a second worker takes requests while the first is held up.
    const most = speech === 'wsgi' && mode === 'fork' ? '2' : '1';
    cli = await start('big.cjs', ['--workers', '1', '--max-workers', most]);
    first = await growth(() => upload(GIB / 4));
  });

  /** The most by which all processes of the server together grew while `run` ran, in bytes. */
  async function growth(run: () => Promise<void>): Promise<number> {
    const tree = [cli.pid, ...(await descendants(cli.pid)).map(({ pid }) => pid)];
    const before = await resident(tree);
    let most = before;
    const look = async (): Promise<void> => {
      most = Math.max(most, await resident(tree));
    };
    const looking = setInterval(look, LOOK_MS);
    await run();
    clearInterval(looking);
    await look();
    return most - before;
  }

  async function upload(size: number): Promise<void> {
    const client = await connectRaw(cli.url);
    client.write(`POST /up HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`);
    for (let sent = 0; sent < size; sent += BLOCK.length) {
      if (!client.socket.write(BLOCK)) await once(client.socket, 'drain');
    }
    assert.equal((await client.answer()).body.toString(), `${size}`);
    client.destroy();
  }

  it('a large body costs no more than the buffers that Node itself keeps for one', () => {
    assert.ok(first < FIRST[mode], mib(first));
  });

  it(`${name} up costs no more memory than a quarter of a GiB`, { timeout: 120_000 }, async () => {
    const grown = await growth(() => upload(size));
    assert.ok(grown < FURTHER, mib(grown));
  });

  // Length or chunks only matters to the front, which is the same for every worker.
  const framing = mode === 'thread' ? 'length' : 'chunked';
  it(`${name} down costs no more memory either (${framing})`, { timeout: 120_000 }, async () => {
    const grown = await growth(async () => {
      const socket = await connect(cli.url);
      let bytes = 0;
      socket.on('data', (chunk) => {
        bytes += chunk.length;
      });
      get(socket, `/down?bytes=${size}&${framing}`, 'Connection: close\r\n');
      await once(socket, 'end');
      socket.destroy();
      assert.ok(bytes > size, `${bytes}`);
      assert.ok(bytes < size + MIB, `${bytes}`);
    });
    assert.ok(grown < FURTHER, mib(grown));
  });

  it('a slow reader delays its own answer and no other, and costs limited memory', async () => {
    const slow = await connect(cli.url);
    const grown = await growth(async () => {
      slow.pause();
      get(slow, `/down?bytes=${GIB}`);
      // Many answers of the same worker overtake the delayed one.
      for (let at = 0; at < 20; at++) {
        const client = await connectRaw(cli.url);
        get(client.socket, `/down?bytes=${MIB}&length`);
        assert.equal((await client.answer()).body.length, MIB);
        client.destroy();
      }
    });
    assert.ok(grown < FURTHER, mib(grown));
    slow.destroy();
  });

  for (const what of ['bytes=1000&open', `bytes=${GIB}`]) {
    it(`the app learns within 50 ms that a client has disconnected (${what})`, async () => {
      // On one machine both have the same clock. The best of five counts, because the machine may be busy.
      const took: number[] = [];
      while (took.length < 5 && Math.min(...took) > 50) {
        const from = cli.events.length;
        const socket = await connect(cli.url);
        get(socket, `/down?${what}`);
        await once(socket, 'data');
        const leftAt = Date.now();
        socket.destroy();
        const closed = await cli.waitFor((e) => e.type === 'log' && e.text.startsWith('closed false'), {
          from,
        });
        took.push(Number(closed.type === 'log' && closed.text.split(' ')[2]) - leftAt);
      }
      assert.ok(Math.min(...took) <= 50, `${took} ms`);
    });
  }

  it('the app and the log learn that a client disconnected during its request', async () => {
    // Earlier requests are over, so the open one is this one.
    await requestsInFlight(cli, 0);
    const from = cli.events.length;
    const client = await connectRaw(cli.url);
    client.write('POST /up?left HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nbegin');
    await requestsInFlight(cli, 1);
    client.socket.resetAndDestroy();
    await cli.waitFor((e) => e.type === 'log' && /^cut after 5$/m.test(e.text), { from });
    const event = await cli.waitFor((e) => e.type === 'request' && e.target === '/up?left', { from });
    assert.equal(event.type === 'request' && event.failure, 'client closed');
  });
});

function get(socket: net.Socket, path: string, fields = ''): void {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n`);
}

/** The memory of these processes together, in bytes. */
async function resident(pids: readonly number[]): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', pids.join(',')]);
  return stdout.split('\n').reduce((sum, line) => sum + Number(line) * 1024, 0);
}

function mib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB more`;
}
