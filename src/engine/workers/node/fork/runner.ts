/** The server's half of fork mode: one process per worker, in its own process group. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { killTree } from '../../../process/os/kill-tree.ts';
import { childExit } from '../../child-exit.ts';
import { createSecret, readChild } from '../../output-reader.ts';
import type { RunnerEvents, WorkerRunner } from '../../worker-runner.ts';
import { workerFlags } from '../inside/preloads.ts';
import type { NodeRunnerOptions } from '../node-options.ts';
import {
  BOOT_VARIABLE,
  type ForkBootData,
  GO,
  IN_FD,
  OUT_FD,
  REVOKED_BYTES,
  WATCHDOG_FD,
} from './boot-data.ts';

export function startFork(options: NodeRunnerOptions, events: RunnerEvents): WorkerRunner {
  // Windows must know that the wire is used without blocking.
  const wire = process.platform === 'win32' ? 'overlapped' : 'pipe';
  const secret = createSecret();
  const bootData: ForkBootData = {
    entry: options.entry,
    secret: secret.toString('base64'),
    terminal: options.terminal(),
    races: options.races,
  };
  const { nodeArgs, env, workersDir } = options;
  const half = path.join(workersDir, 'fork/worker.js');
  const child = spawn(
    options.node,
    [
      ...workerFlags(half, nodeArgs, env.NODE_OPTIONS, workersDir, options.races !== undefined),
      options.entry,
      ...options.args,
    ],
    {
      cwd: options.cwd,
      env: { ...env, [BOOT_VARIABLE]: JSON.stringify(bootData) },
      // Its stdin stays open and silent, like a terminal without input.
      stdio: ['pipe', 'pipe', 'pipe', wire, 'pipe', wire],
      // Its own group on POSIX, so that one signal ends all of it; on Windows this would open a console.
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
  const pipes: readonly unknown[] = child.stdio;
  const fromWorker = pipes[OUT_FD] as Duplex;
  const toWorker = pipes[IN_FD] as Duplex;
  const watchdog = pipes[WATCHDOG_FD] as Duplex;
  const revocations = new Map<number, (revoked: boolean) => void>();
  let rest: Buffer = Buffer.alloc(0);

  fromWorker.on('data', (bytes: Buffer) => events.bytes(bytes));
  watchdog.on('data', (chunk: Buffer) => {
    const bytes = Buffer.concat([rest, chunk]);
    let at = 0;
    for (; bytes.length - at >= REVOKED_BYTES; at += REVOKED_BYTES) {
      const slot = bytes.readUInt32LE(at);
      const done = revocations.get(slot);
      if (done === undefined || bytes[at + 4]! > 1) {
        watchdog.pause();
        events.broken('an answer to no question');
        return;
      }
      revocations.delete(slot);
      done(bytes[at + 4] === 1);
    }
    rest = bytes.subarray(at);
  });
  const output = readChild(child, secret, events.output);
  const exited = childExit(child, output, fromWorker, [toWorker, watchdog]).then((exit) => events.exit(exit));
  return {
    mode: 'fork',
    pid: child.pid,
    threadId: undefined,
    signalled: process.platform !== 'win32',
    go: () => void watchdog.write(GO),
    send: (bytes) => void toWorker.write(bytes),
    revoke: (slot, id, done) => {
      revocations.set(slot, done);
      const question = Buffer.alloc(8);
      question.writeUInt32LE(id, 0);
      question.writeUInt32LE(slot, 4);
      watchdog.write(question);
    },
    end: async (graceMs) => {
      if (child.pid !== undefined) await killTree(child.pid, { graceMs });
      await exited;
    },
  };
}
