/** However a server ends, within 2 s nothing of it is left: no process, no port, no file. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { identify } from '../../src/engine/process/identity.ts';
import type { ProcessRow } from '../../src/engine/process/platform.ts';
import type { Mode } from '../../src/protocol/config.ts';
import { type Cli, startCli } from '../support/cli.ts';
import { commandLine, fixture, type Speech } from './modes.ts';

/** The promise, plus what it takes to look. */
const WITHIN_MS = 2000;

const state = fs.mkdtempSync(path.join(os.tmpdir(), 'orphans-'));
after(() => fs.rmSync(state, { recursive: true, force: true }));
const env = { CONCURRENT_SERVER_STATE_DIR: state };

interface Running {
  cli: Cli;
  port: number;
  /** Everything that is to be gone. */
  processes: ProcessRow[];
}

const ENDS: Record<string, (running: Running) => Promise<void> | void> = {
  'the command stop': ({ cli }) => cli.send({ type: 'stop' }),
  SIGTERM: ({ cli }) => void cli.child.kill('SIGTERM'),
  'SIGKILL of the server process': ({ cli }) => void cli.child.kill('SIGKILL'),
  'SIGKILL while its workers are stopped (SIGSTOP)': ({ cli }) => {
    for (const pid of workerPids(cli)) if (pid !== cli.child.pid) process.kill(pid, 'SIGSTOP');
    cli.child.kill('SIGKILL');
  },
};

const KINDS: Array<[speech: Speech, mode: Mode, stuck: string[]]> = [
  ['node', 'thread', ['', 'stuck']],
  ['node', 'fork', ['', 'stuck']],
  ['wsgi', 'thread', ['', 'stuck', 'sleep']],
  ['wsgi', 'fork', ['', 'stuck', 'sleep']],
  ['asgi', 'thread', ['stuck', 'sleep']],
  ['asgi', 'fork', ['stuck', 'sleep']],
];

for (const [speech, mode, doing] of KINDS) {
  for (const what of doing) {
    const state = what === '' ? 'idle' : what === 'stuck' ? 'stuck in a loop' : 'asleep for an hour';
    describe(`${mode} workers (${speech}), ${state}, with children of their own`, () => {
      for (const [how, end] of Object.entries(ENDS)) {
        it(`leave nothing behind after ${how}`, async () => {
          const running = await startBreeding(speech, mode, what);
          await end(running);
          await nothingLeft(running);
        });
      }
    });
  }
}

describe('the parent of the command line', () => {
  it('takes the server with it when it is killed', async () => {
    const script = `require('node:child_process').spawn(process.execPath, ${JSON.stringify([
      'dist/cli.js',
      fixture('breeds.cjs'),
      '0',
      '--mode',
      'fork',
    ])}, { stdio: ['ignore', 'inherit', 'inherit'] }).once('spawn', function () { console.log('pid', this.pid) })`;
    const parent = spawn(process.execPath, ['-e', script], { env: { ...process.env, ...env } });
    let text = '';
    parent.stdout.on('data', (chunk) => {
      text += chunk;
    });
    const seen = async (pattern: RegExp): Promise<string> => {
      const signal = AbortSignal.timeout(15_000);
      for (;;) {
        const match = pattern.exec(text);
        if (match !== null) return match[1]!;
        await once(parent.stdout, 'data', { signal }).catch(() =>
          assert.fail(`never printed ${pattern}: ${text}`),
        );
      }
    };
    const server = await identify(Number(await seen(/pid (\d+)/)));
    const port = Number(await seen(/http:\/\/127\.0\.0\.1:(\d+)/));
    assert.ok(server !== undefined);
    parent.kill('SIGKILL');
    const deadline = performance.now() + WITHIN_MS;
    await gone(server, deadline);
    while (!(await isFree(port))) assert.ok(performance.now() < deadline, `port ${port} is free`);
  });
});

async function startBreeding(speech: Speech, mode: Mode, what: string): Promise<Running> {
  // Nobody can tell a view that is stuck from one that takes long, so a stop that is asked for waits for it, so long.
  const args = speech === 'wsgi' ? ['--workers', '2', '--stop-timeout', '500'] : ['--workers', '2'];
  const cli = startCli(commandLine('breeds.cjs', args, mode, speech), { env });
  const { url } = await cli.ready;
  const children = (await (await fetch(url)).json()) as number[];
  if (what !== '') {
    const from = cli.events.length;
    fetch(`${url}${what}`).catch(() => {});
    const state = speech === 'wsgi' ? 'busy' : 'blocked';
    await cli.waitFor((event) => event.type === 'worker' && event.state === state, { from });
  }
  const pids = new Set([cli.child.pid ?? 0, ...workerPids(cli), ...children]);
  const rows = await Promise.all([...pids].map((pid) => identify(pid)));
  const processes = rows.filter((row) => row !== undefined);
  assert.ok(processes.length >= 3, 'the server and two children of the app run');
  return { cli, port: Number(new URL(url).port), processes };
}

function workerPids(cli: Cli): number[] {
  return cli.ofType('worker').flatMap(({ pid }) => pid ?? []);
}

async function nothingLeft({ cli, port, processes }: Running): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  for (const row of processes) await gone(row, deadline);
  // A killed process counts as dead while its threads still let go of its sockets.
  while (!(await isFree(port))) assert.ok(performance.now() < deadline, `port ${port} is free`);
  await cli.waitForExit();
}

async function gone(row: ProcessRow, deadline = performance.now() + WITHIN_MS): Promise<void> {
  for (;;) {
    const now = await identify(row.pid);
    if (now === undefined || now.startTime !== row.startTime) return;
    assert.ok(performance.now() < deadline, `still alive: ${row.pid} ${row.command}`);
    await delay(10);
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
