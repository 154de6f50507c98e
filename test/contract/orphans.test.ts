/** However a server ends, within 2 s nothing of it is left: no process, no port, no file. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { identify } from '../../src/engine/process/identity.ts';
import { gone } from '../../src/engine/process/kill-tree.ts';
import type { ProcessRow } from '../../src/engine/process/platform.ts';
import { type Cli, startCli } from '../support/cli.ts';
import { fixture } from './modes.ts';

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

for (const mode of ['thread', 'fork']) {
  for (const stuck of [false, true]) {
    describe(`${mode} workers, ${stuck ? 'stuck in a loop' : 'idle'}, with children of their own`, () => {
      for (const [how, end] of Object.entries(ENDS)) {
        it(`leave nothing behind after ${how}`, async () => {
          const running = await startBreeding(mode, stuck);
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
    assert.ok(await gone([server], WITHIN_MS), 'the server is gone');
    while (!(await isFree(port))) assert.ok(performance.now() < deadline, `port ${port} is free`);
  });
});

async function startBreeding(mode: string, stuck: boolean): Promise<Running> {
  const cli = startCli([fixture('breeds.cjs'), '--mode', mode, '--workers', '2'], { env });
  const { url } = await cli.ready;
  const children = (await (await fetch(url)).json()) as number[];
  if (stuck) {
    const from = cli.events.length;
    fetch(`${url}stuck`).catch(() => {});
    await cli.waitFor((event) => event.type === 'worker' && event.state === 'blocked', { from });
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
  assert.ok(await gone(processes, WITHIN_MS), 'every process is gone');
  // A killed process counts as dead while its threads still let go of its sockets.
  while (!(await isFree(port))) assert.ok(performance.now() < deadline, `port ${port} is free`);
  await cli.waitForExit();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
