/** However a server ends, within 2 s nothing of it is left: no process, no port, no file. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { identify } from '../../src/engine/process/identity.ts';
import { gone } from '../../src/engine/process/kill-tree.ts';
import type { ProcessRow } from '../../src/engine/process/platform.ts';
import { MODES, type Mode } from '../../src/protocol/config.ts';
import { type Cli, startCli } from '../support/cli.ts';
import { commandLine, isTested, SPEECHES, type Speech } from './modes.ts';

/** The promise. */
const WITHIN_MS = 2000;

const state = fs.mkdtempSync(path.join(os.tmpdir(), 'orphans-'));
after(() => fs.rmSync(state, { recursive: true, force: true }));

interface Running {
  /** The server, or its parent. */
  cli: Cli;
  server: number;
  port: number;
  /** A unix path that the app listens on as well; a Python app has none. */
  socket: string | undefined;
  /** Workers that are processes, and what the app started. */
  others: number[];
  /** Everything that is to be gone. */
  processes: ProcessRow[];
}

/** What the app's two workers do as the server ends. */
const DOING = {
  idle: { path: '', name: 'idle' },
  stuck: { path: 'stuck', name: 'one idle, one stuck in a loop' },
  asleep: { path: 'sleep', name: 'one idle, one asleep for an hour' },
  calling: { path: 'call', name: 'one idle, one in a program that it calls and waits for' },
} as const;

type Doing = keyof typeof DOING;

interface End {
  /** Starts the server under a parent of its own. */
  parent?: boolean;
  /** Beside stuck: where it makes a difference that all workers could hear of it, or that one sleeps in the kernel. */
  also?: readonly Doing[];
  end(running: Running): void;
}

const signal = (pids: readonly number[], name: NodeJS.Signals): void => {
  for (const pid of pids) process.kill(pid, name);
};

const ENDS: Record<string, End> = {
  'the command stop': { also: ['idle', 'asleep', 'calling'], end: ({ cli }) => cli.send({ type: 'stop' }) },
  'the command stop while all but the server is stopped (SIGSTOP)': {
    end: ({ cli, others }) => {
      signal(others, 'SIGSTOP');
      cli.send({ type: 'stop' });
    },
  },
  SIGTERM: { also: ['idle'], end: ({ server }) => signal([server], 'SIGTERM') },
  'SIGKILL of the server process': {
    also: ['idle', 'asleep', 'calling'],
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
    also: ['calling'],
    end: ({ cli }) => void cli.child.kill('SIGKILL'),
  },
};

/** Python can sleep in the kernel, and its idle workers end as Node's do: by what the other tests of it show. */
const STATES: Record<Speech, Doing[]> = {
  node: ['idle', 'stuck', 'calling'],
  wsgi: ['stuck', 'asleep'],
  asgi: ['stuck', 'asleep'],
};

for (const speech of SPEECHES.filter(isTested)) {
  for (const mode of MODES) {
    for (const doing of STATES[speech]) {
      describe(`${mode} workers (${speech}), ${DOING[doing].name}, with children of their own`, () => {
        for (const [how, { parent = false, also = [], end }] of Object.entries(ENDS)) {
          if (doing !== 'stuck' && !also.includes(doing)) continue;
          it(`leave nothing behind after ${how}`, async () => {
            const running = await startBreeding(speech, mode, DOING[doing].path, parent);
            end(running);
            await nothingLeft(running);
          });
        }
      });
    }
  }
}

let sockets = 0;

async function startBreeding(speech: Speech, mode: Mode, what: string, parent: boolean): Promise<Running> {
  const socket = speech === 'node' ? path.join(state, `app ${++sockets}.sock`) : undefined;
  const env = { CONCURRENT_SERVER_STATE_DIR: state, ...(socket === undefined ? {} : { SOCKET: socket }) };
  // Nobody can tell a view that is stuck from one that takes long, so a stop that is asked for waits for it, so long.
  const args = speech === 'wsgi' ? ['--workers', '2', '--stop-timeout', '500'] : ['--workers', '2'];
  const cli = startCli(commandLine('breeds.cjs', args, mode, speech), { env, parent });
  const { url, pid: server } = await cli.ready;
  if (socket !== undefined) {
    await cli.waitForType('listener');
    assert.ok(fs.existsSync(socket));
  }
  const children = (await (await fetch(url)).json()) as number[];
  if (what !== '') {
    const from = cli.events.length;
    fetch(`${url}${what}`).catch(() => {});
    const busy = speech === 'wsgi' ? 'busy' : 'blocked';
    await cli.waitFor((event) => event.type === 'worker' && event.state === busy, { from });
  }
  const workers = cli.ofType('worker').flatMap(({ pid }) => pid ?? []);
  const others = [...new Set([...workers, ...children])].filter((pid) => pid !== server);
  const rows = await Promise.all([server, ...others].map((pid) => identify(pid)));
  const processes = rows.filter((row) => row !== undefined);
  assert.ok(processes.length > children.length, 'the server runs, and what the app started');
  return { cli, server, port: Number(new URL(url).port), socket, others, processes };
}

async function nothingLeft({ cli, port, socket, processes }: Running): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  if (!(await gone(processes, WITHIN_MS))) {
    const left = await Promise.all(processes.map(({ pid }) => identify(pid)));
    assert.fail(`still there: ${JSON.stringify(left.filter((row) => row !== undefined))}`);
  }
  // A killed process counts as dead while its threads still let go of its sockets, and the sentinel tidies up.
  while (!(await isFree(port))) assert.ok(performance.now() < deadline, `port ${port} is free`);
  if (socket !== undefined) await fileGone(socket, deadline - performance.now());
  await cli.waitForExit();
}

/** Fails where a file is still there after so long. */
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
