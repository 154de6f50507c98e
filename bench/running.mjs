/**
 * Starts and stops subjects. Every started process is known here by pid and has exited after {@link stopAll}, which
 * also runs when the benchmark fails or is interrupted.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection, getRequest, HOST } from './connection.mjs';
import { isAlive, treeOf } from './process-tree.mjs';
import { root, SUBJECTS } from './subjects.mjs';

const START_DEADLINE_MS = 20_000;
const STOP_DEADLINE_MS = 6_000;
const started = new Set();
let stopping = false;

/** A port without a listener. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Runs a subject's command and resolves when it answers 200, with `firstAnswerMs` counted from the spawn. Rejects,
 * with nothing left running, if the command ends or the deadline passes before that.
 */
export async function startSubject(name, { node, workers, env, nodeArgv = [], subject = SUBJECTS[name] }) {
  throwIfInterrupted();
  const port = await freePort();
  const home = subject.daemon && mkdtempSync(join(tmpdir(), 'bench-'));
  const options = {
    env: {
      ...process.env,
      ...env,
      ...{ PORT: String(port), HOST, BENCH_WORKERS: String(workers), NO_COLOR: '1' },
      // Without this, PM2 asks its maker's server for news.
      ...(home && { [subject.daemon.homeVariable]: home, PM2_DISABLE_VERSION_CHECK: 'true' }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  const startedAt = performance.now();
  const child = spawn(node, [...nodeArgv, ...subject.argv({ port, workers })], options);
  const running = { name, port, node, child, home, options, daemon: subject.daemon, stderr: '' };
  started.add(running);
  child.once('error', (error) => {
    running.stderr += error.message;
  });
  child.stdout.resume();
  child.stderr.on('data', (text) => {
    running.stderr = (running.stderr + text).slice(-2000);
  });
  try {
    await firstAnswer(running);
  } catch (error) {
    await stopSubject(running);
    throw error;
  }
  running.firstAnswerMs = performance.now() - startedAt;
  return running;
}

async function firstAnswer(running) {
  const { port, child, daemon } = running;
  const request = getRequest(port, '/');
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    if (child.pid === undefined || (child.exitCode ?? 0) !== 0 || (child.exitCode === 0 && !daemon)) {
      throw new Error(`ended with ${child.exitCode ?? child.signalCode} before it answered${words(running)}`);
    }
    let connection;
    try {
      connection = await Connection.open(port);
      if ((await connection.get(request)) === 200) return;
    } catch {
      // There is no listener yet, or it is not ready to answer.
    } finally {
      connection?.close();
    }
    await delay(1);
  }
  throw new Error(`did not answer within ${START_DEADLINE_MS / 1000} s${words(running)}`);
}

/**
 * The error output of a failed subject, in one line and without this machine's folders, because the report may contain
 * it.
 */
function words({ stderr }) {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((each) => /error/i.test(each)) ?? lines[0];
  return line === undefined ? '' : `: ${line.trim().replaceAll(root, '')}`;
}

/** The root of the serving processes: the daemon if there is one, otherwise the command itself. */
export function rootPid({ child, home, daemon }) {
  return daemon ? Number(readFileSync(join(home, daemon.pidFile), 'utf8')) : child.pid;
}

/** Asks a subject to stop, waits until its whole tree has exited, and ends the rest by force. */
export async function stopSubject(running) {
  const { child, daemon, home, node, options } = running;
  if (!started.delete(running) || child.pid === undefined) return;
  let tree = [];
  try {
    tree = treeOf(rootPid(running));
  } catch {
    // The daemon did not get to writing its pid.
  }
  if (daemon) await exit(spawn(node, daemon.stopArgv(), { ...options, stdio: 'ignore' }));
  else child.kill('SIGTERM');
  const deadline = performance.now() + STOP_DEADLINE_MS;
  while (tree.some(isAlive) && performance.now() < deadline) await delay(10);
  running.leftBehind = tree.filter(isAlive);
  for (const pid of running.leftBehind) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just exited.
    }
  }
  if (home) rmSync(home, { recursive: true, force: true });
}

/** Stops all running subjects; safe to call at any time. */
export async function stopAll() {
  await Promise.all([...started].map(stopSubject));
}

/** Throws after an interrupt, so that no further round starts and no incomplete report is written. */
export function throwIfInterrupted() {
  if (stopping) throw new Error('Interrupted.');
}

/** On an interrupt: starts nothing more, stops all subjects, then ends the benchmark. */
export function stopOnSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, async () => {
      stopping = true;
      await stopAll();
      process.exit(1);
    });
  }
}

function exit(child) {
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
}
