import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import type net from 'node:net';
import { before, it } from 'node:test';
import type { Cli } from '../support/cli.ts';
import { connect } from './http-client.ts';
import { forEachMode, requestsInFlight } from './modes.ts';
import { connectRaw } from './raw-client.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
/** For each process; what was sent is four times as much. */
const LIMIT = 256 * MIB;
const BLOCK = Buffer.alloc(MIB, 'u');

forEachMode(['node', 'wsgi'], (start, mode, speech) => {
  let cli: Cli;
  before(async () => {
    // Where a worker has one request at a time, a second one takes what comes while that is held up.
    const most = speech === 'wsgi' && mode === 'fork' ? '2' : '1';
    cli = await start('big.cjs', ['--workers', '1', '--max-workers', most]);
  });

  /** How much the server and its worker grew at most while `run` ran, in bytes a process. */
  async function growth(run: () => Promise<void>): Promise<number> {
    const pids = [cli.pid, ...cli.workerPids()];
    const first = resident(pids);
    let most = first;
    const samples = setInterval(() => {
      most = Math.max(most, resident(pids));
    }, 100);
    await run();
    clearInterval(samples);
    return (most - first) / pids.length;
  }

  it('1 GiB up takes bounded memory', { timeout: 120_000 }, async () => {
    const grown = await growth(async () => {
      const client = await connectRaw(cli.url);
      client.write(`POST /up HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${GIB}\r\n\r\n`);
      for (let sent = 0; sent < GIB; sent += BLOCK.length) {
        if (!client.socket.write(BLOCK)) await once(client.socket, 'drain');
      }
      assert.equal((await client.answer()).body.toString(), `${GIB}`);
      client.destroy();
    });
    assert.ok(grown < LIMIT, `${Math.round(grown / MIB)} MiB more`);
  });

  for (const framing of ['length', 'chunked']) {
    it(`1 GiB down takes bounded memory (${framing})`, { timeout: 120_000 }, async () => {
      const grown = await growth(async () => {
        const socket = await connect(cli.url);
        let bytes = 0;
        socket.on('data', (chunk) => {
          bytes += chunk.length;
        });
        get(socket, `/down?bytes=${GIB}&${framing}`, 'Connection: close\r\n');
        await once(socket, 'end');
        socket.destroy();
        assert.ok(bytes > GIB, `${bytes}`);
        assert.ok(bytes < GIB + MIB, `${bytes}`);
      });
      assert.ok(grown < LIMIT, `${Math.round(grown / MIB)} MiB more`);
    });
  }

  it('a slow reader holds up its own answer, no other, and takes bounded memory', async () => {
    const slow = await connect(cli.url);
    const grown = await growth(async () => {
      slow.pause();
      get(slow, `/down?bytes=${GIB}`);
      // Many answers of the same worker pass by the one that is held up.
      for (let at = 0; at < 20; at++) {
        const client = await connectRaw(cli.url);
        get(client.socket, `/down?bytes=${MIB}&length`);
        assert.equal((await client.answer()).body.length, MIB);
        client.destroy();
      }
    });
    assert.ok(grown < LIMIT, `${Math.round(grown / MIB)} MiB more`);
    slow.destroy();
  });

  for (const what of ['bytes=1000&open', `bytes=${GIB}`]) {
    it(`a client that leaves is known to the app within 50 ms (${what})`, async () => {
      // On one machine both have the same clock. The best of five, because the machine may be busy with others.
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

  it('a client that leaves in the middle of its request is known to the app, and to the log', async () => {
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

/** Memory that processes take, in bytes. */
function resident(pids: readonly number[]): number {
  const lines = execFileSync('ps', ['-o', 'rss=', '-p', pids.join(',')], { encoding: 'utf8' });
  return lines.split('\n').reduce((sum, line) => sum + Number(line) * 1024, 0);
}
