/** The server's half of thread mode: a `worker_threads` worker inside the server process. */
import path from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { createClaims, revoke } from '../../../protocol/claims.ts';
import {
  exitText,
  type RunnerEvents,
  type RunnerOptions,
  type WorkerExit,
  type WorkerRunner,
} from '../runner.ts';
import type { ThreadBootData } from './boot-data.ts';

/** How long a thread may take to be gone once it was terminated: JavaScript is interrupted at once, wherever it is. */
const GONE_MS = 500;

export function startThread(options: RunnerOptions, events: RunnerEvents): WorkerRunner {
  const { port1, port2 } = new MessageChannel();
  const claims = createClaims();
  const bootData: ThreadBootData = { concurrentServer: true, port: port2, claims, entry: options.entry };
  const worker = createWorker(options, bootData);
  if (worker instanceof Error) {
    port1.close();
    return neverStarted(worker, events);
  }
  let reason: string | undefined;
  const receive = (bytes: Uint8Array): void => {
    events.bytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  };
  port1.on('message', receive);
  worker.stdout.on('data', (chunk: Buffer) => events.output('stdout', chunk.toString()));
  worker.stderr.on('data', (chunk: Buffer) => events.output('stderr', chunk.toString()));
  worker.on('error', (error: Error & { code?: string }) => {
    reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out of memory' : `uncaught ${error.name}`;
  });
  const gone = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      // What the worker said last may still be in the port, and its output on the way through this event loop.
      setImmediate(() => {
        for (let last = receiveMessageOnPort(port1); last !== undefined; last = receiveMessageOnPort(port1)) {
          receive(last.message as Uint8Array);
        }
        port1.close();
        const exit: WorkerExit = { code, signal: null, text: reason ?? exitText(code, null) };
        events.exit(exit);
        resolve();
      });
    });
  });
  return {
    mode: 'thread',
    pid: process.pid,
    threadId: worker.threadId,
    send: (bytes) => port1.postMessage(bytes, [bytes.buffer as ArrayBuffer]),
    revoke: (slot, id, done) => done(revoke(claims, slot, id)),
    kill: () => void worker.terminate(),
    end: async (graceMs) => {
      // The polite part, the shutdown message, was sent by the caller; a thread knows no signal.
      const force = setTimeout(() => void worker.terminate(), graceMs);
      let late: NodeJS.Timeout | undefined;
      // A thread that waits for a program it called (`execFileSync`) can't be ended before that is.
      const given = new Promise<void>((resolve) => {
        late = setTimeout(resolve, graceMs + GONE_MS);
      });
      await Promise.race([gone, given]);
      clearTimeout(force);
      clearTimeout(late);
    },
  };
}

/** Node checks a worker's options at once: one that it does not know, or not for a worker, is an error to report. */
function createWorker(options: RunnerOptions, bootData: ThreadBootData): Worker | Error {
  try {
    return new Worker(options.entry, {
      argv: [...options.args],
      execArgv: [...options.nodeArgs, '--require', path.join(options.workersDir, 'thread/worker.js')],
      env: { ...options.env },
      workerData: bootData,
      transferList: [bootData.port],
      stdin: false,
      stdout: true,
      stderr: true,
      // With a limit of its own a worker that runs out of memory ends alone; without one the whole process would.
      resourceLimits: {},
      name: 'concurrent-server worker',
    });
  } catch (error) {
    return error as Error;
  }
}

function neverStarted(error: Error, events: RunnerEvents): WorkerRunner {
  setImmediate(() => events.exit({ code: 1, signal: null, text: error.message }));
  return {
    mode: 'thread',
    pid: process.pid,
    threadId: undefined,
    send: () => {},
    revoke: (_slot, _id, done) => done(true),
    kill: () => {},
    end: async () => {},
  };
}
