/** Whatever ends a server, nothing of it is left after 2 s: no process, no port, no file. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { allDead } from '../../src/engine/process/os/kill-tree.ts';
import type { ProcessRow } from '../../src/engine/process/os/parsers.ts';
import { identify } from '../../src/engine/process/os/process-table.ts';
import { MODES, type Mode } from '../../src/protocol/config.ts';
import { type Cli, startCli } from '../support/cli.ts';
import { blockedWorkers, commandLine, idleWorkers, isTested, SPEECHES, type Speech } from './modes.ts';

/** The promised time. */
const WITHIN_MS = 2000;

const state = fs.mkdtempSync(path.join(os.tmpdir(), 'orphans-'));
after(() => fs.rmSync(state, { recursive: true, force: true }));

interface Running {
  /** The server, or its parent. */
  cli: Cli;
  server: number;
  port: number;
  /** A unix path on which the app listens as well; a Python app has none. */
  socket: string | undefined;
  /** Workers that are processes, and processes that the app started. */
  others: number[];
  /** All processes that must end. */
  processes: ProcessRow[];
}

/** Paths that make one worker each unable to notice an end, beside an idle worker. */
const DEAF: Record<Speech, string[]> = {
  // A loop, and a program that it calls and waits for.
  node: ['stuck', 'call'],
  // A loop, and an hour in the kernel.
  wsgi: ['stuck', 'sleep'],
  asgi: ['stuck', 'sleep'],
};

interface End {
  /** Starts the server under its own parent. */
  parent?: boolean;
  /** It matters that all workers could notice the end. */
  idle?: boolean;
  /** Python's workers handle it themselves, so it is tested on each kind. */
  noticed?: boolean;
  end(running: Running): void;
}

const signal = (pids: readonly number[], name: NodeJS.Signals): void => {
  for (const pid of pids) process.kill(pid, name);
};

const ENDS: Record<string, End> = {
  'the command stop': { idle: true, noticed: true, end: ({ cli }) => cli.send({ type: 'stop' }) },
  'the command stop while all but the server is stopped (SIGSTOP)': {
    end: ({ cli, others }) => {
      signal(others, 'SIGSTOP');
      cli.send({ type: 'stop' });
    },
  },
  SIGTERM: { idle: true, end: ({ server }) => signal([server], 'SIGTERM') },
  'SIGKILL of the server process': {
    idle: true,
    noticed: true,
    end: ({ server }) => signal([server], 'SIGKILL'),
  },
  'SIGKILL while all but the server is stopped (SIGSTOP)': {
    end: ({ server, others }) => {
      signal(others, 'SIGSTOP');
      signal([server], 'SIGKILL');
    },
  },
  'SIGKILL of the parent of the command line': {
    parent: true,
    end: ({ cli }) => void cli.child.kill('SIGKILL'),
  },
};

for (const speech of SPEECHES.filter(isTested)) {
  for (const mode of MODES) {
    describe(`${mode} workers (${speech}), some of them deaf, with their own children`, () => {
      for (const [how, end] of Object.entries(ENDS)) {
        const skip = !isNews(speech, mode, end) && 'another kind of Python worker ends by the same code';
        it(`leave nothing behind after ${how}`, { skip }, () => leaves(speech, mode, DEAF[speech], end));
      }
    });
  }
}

for (const mode of MODES) {
  describe(`${mode} workers (node), all idle, with their own children`, () => {
    for (const [how, end] of Object.entries(ENDS)) {
      if (end.idle) it(`leave nothing behind after ${how}`, () => leaves('node', mode, [], end));
    }
  });
}

/**
 * Two of Python's four kinds are tested with every end: one whose process the server starts, and one that a zygote
 * forks.
 */
function isNews(speech: Speech, mode: Mode, { noticed }: End): boolean {
  return speech === 'node' || noticed === true || (speech === 'wsgi') === (mode === 'fork');
}

async function leaves(speech: Speech, mode: Mode, deaf: readonly string[], end: End): Promise<void> {
  const running = await startBreeding(speech, mode, deaf, end.parent);
  end.end(running);
  await nothingLeft(running);
}

let sockets = 0;

async function startBreeding(
  speech: Speech,
  mode: Mode,
  deaf: readonly string[],
  parent = false,
): Promise<Running> {
  const socket = speech === 'node' ? path.join(state, `app ${++sockets}.sock`) : undefined;
  const env = { CONCURRENT_SERVER_STATE_DIR: state, ...(socket === undefined ? {} : { SOCKET: socket }) };
  // A blocked view and a slow one look the same, so a normal stop waits for both, for this long.
  const patience = speech === 'wsgi' ? ['--stop-timeout', '500'] : [];
  const workers = `${1 + deaf.length}`;
  const args = ['--workers', workers, '--max-workers', workers, ...patience];
  const cli = startCli(commandLine('breeds.cjs', args, mode, speech), { env, parent });
  const { url, pid: server } = await cli.ready;
  if (socket !== undefined) {
    await cli.waitForType('listener');
    assert.ok(fs.existsSync(socket));
  }
  const children = (await (await fetch(url)).json()) as number[];
  await idleWorkers(cli, 1 + deaf.length);
  for (const way of deaf) fetch(`${url}${way}`).catch(() => {});
  await blockedWorkers(cli, deaf.length, speech);
  const pids = cli.ofType('worker').flatMap(({ pid }) => pid ?? []);
  const others = [...new Set([...pids, ...children])].filter((pid) => pid !== server);
  const rows = await Promise.all([server, ...others].map((pid) => identify(pid)));
  const processes = rows.filter((row) => row !== undefined);
  assert.ok(processes.length > children.length, 'the server runs, and what the app started');
  return { cli, server, port: Number(new URL(url).port), socket, others, processes };
}

async function nothingLeft({ cli, port, socket, processes }: Running): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  if (!(await allDead(processes, WITHIN_MS))) {
    const left = await Promise.all(processes.map(({ pid }) => identify(pid)));
    assert.fail(`still there: ${JSON.stringify(left.filter((row) => row !== undefined))}`);
  }
  // A killed process counts as dead while its threads still close its sockets, and the reaper cleans up.
  while (!(await isFree(port))) assert.ok(performance.now() < deadline, `port ${port} is free`);
  if (socket !== undefined) await fileGone(socket, deadline - performance.now());
  await cli.waitForExit();
}

/** Fails if a file still exists after this time. */
async function fileGone(file: string, withinMs: number): Promise<void> {
  const watcher = fs.watch(path.dirname(file));
  const late = setTimeout(() => watcher.emit('error', new Error(`still there: ${file}`)), withinMs);
  try {
    while (fs.existsSync(file)) {
      await new Promise((resolve, reject) => watcher.once('change', resolve).once('error', reject));
    }
  } finally {
    clearTimeout(late);
    watcher.close();
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
