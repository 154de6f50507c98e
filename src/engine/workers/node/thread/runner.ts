/** The server's half of thread mode: a `worker_threads` worker inside the server process. */
import path from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { deferred } from '../../../../common/deferred.ts';
import { createClaims, revoke } from '../../../../wire/claims.ts';
import { openDescriptors } from '../../../process/os/descriptors.ts';
import { SOFT_EXIT_MS } from '../../exit-grace.ts';
import { createSecret, WorkerOutput } from '../../output-reader.ts';
import { exitText, type RunnerEvents, type WorkerExit, type WorkerRunner } from '../../worker-runner.ts';
import { workerFlags } from '../inside/preloads.ts';
import type { NodeRunnerOptions } from '../node-options.ts';
import type { ThreadBootData } from './boot-data.ts';
import { heapLimits } from './heap-limits.ts';

/** How long a thread may take to exit after terminate(), which interrupts JavaScript at once. */
const GONE_MS = 500;

const STREAMS = ['stdout', 'stderr'] as const;

/** Outputs of running threads. A thread that waits for a reader would keep the process from ending. */
const outputs = new Set<WorkerOutput>();
process.once('exit', () => {
  for (const output of outputs) output.destroy();
});

export function startThread(options: NodeRunnerOptions, events: RunnerEvents): WorkerRunner {
  const { port1, port2 } = new MessageChannel();
  const claims = createClaims();
  const { entry, movable } = options;
  const secret = createSecret();
  const output = new WorkerOutput(secret, events.output);
  const own = attempt(() =>
    openDescriptors({
      count: STREAMS.length,
      onStream: (index, stream) => output.read(STREAMS[index]!, stream),
    }),
  );
  if (own instanceof Error) return neverStarted(own, events);
  const [stdout, stderr] = own.fds as [number, number];
  const bootData: ThreadBootData = {
    concurrentServer: true,
    port: port2,
    claims,
    entry,
    movable,
    descriptors: { stdin: stdout, stdout, stderr },
    secret,
    terminal: options.terminal(),
    races: options.races,
  };
  const worker = attempt(() => createWorker(options, bootData));
  if (worker instanceof Error) {
    port1.close();
    own.close();
    return neverStarted(worker, events);
  }
  outputs.add(output);
  let reason: string | undefined;
  const receive = (bytes: Uint8Array): void => {
    events.bytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  };
  port1.on('message', receive);
  // Node's own output, before and after the app.
  output.read('stdout', worker.stdout);
  output.read('stderr', worker.stderr);
  worker.on('error', (error: Error & { code?: string }) => {
    reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out of memory' : `uncaught ${error.name}`;
  });
  const { promise: exit, resolve: finish } = deferred<WorkerExit>();
  const exited = (code: number): void => finish({ code, signal: null, text: reason ?? exitText(code, null) });
  worker.once('exit', exited);
  const leave = (): void => {
    worker.off('exit', exited);
    finish({ code: null, signal: null, text: reason ?? 'a native addon keeps its thread', left: true });
  };
  const finished = exit.then(async (exit) => {
    // The descriptors of a parked thread stay open: it could write to whatever gets their numbers next.
    if (exit.left !== true) {
      own.close();
      await own.opened;
      await output.drained();
    }
    // The worker's last messages may still be in the port, and its output on the way through this event loop.
    for (let last = receiveMessageOnPort(port1); last !== undefined; last = receiveMessageOnPort(port1)) {
      receive(last.message as Uint8Array);
    }
    port1.close();
    outputs.delete(output);
    events.exit(exit);
  });
  return {
    mode: 'thread',
    pid: process.pid,
    threadId: worker.threadId,
    signalled: false,
    go: () => {},
    send: (bytes) => port1.postMessage(bytes, [bytes.buffer as ArrayBuffer]),
    revoke: (slot, id, done) => done(revoke(claims, slot, id)),
    leave,
    end: async (graceMs, gentle) => {
      // The caller has sent the polite request, the shutdown message; threads get no signals.
      const force = setTimeout(
        () => (gentle ? leave() : void worker.terminate()),
        gentle ? graceMs + SOFT_EXIT_MS : graceMs,
      );
      let late: NodeJS.Timeout | undefined;
      // A thread that waits for a program (`execFileSync`) can't be ended before the program exits.
      const given = new Promise<void>((resolve) => {
        late = setTimeout(resolve, graceMs + (gentle ? SOFT_EXIT_MS : 0) + GONE_MS);
      });
      await Promise.race([finished, given]);
      clearTimeout(force);
      clearTimeout(late);
    },
  };
}

/** Node checks a worker's options at once: an unknown or refused option is an error to report. */
function createWorker(options: NodeRunnerOptions, bootData: ThreadBootData): Worker {
  const { nodeArgs, env, workersDir } = options;
  const half = path.join(workersDir, 'thread/worker.js');
  const { limits, rest } = heapLimits(nodeArgs);
  return new Worker(options.entry, {
    argv: [...options.args],
    execArgv: workerFlags(half, rest, env.NODE_OPTIONS, workersDir, options.races !== undefined),
    env: { ...env },
    workerData: bootData,
    transferList: [bootData.port],
    // Open and silent, like a terminal without input.
    stdin: true,
    stdout: true,
    stderr: true,
    // With its own limit, a worker that runs out of memory exits alone; without one the whole process would.
    resourceLimits: limits,
    name: 'concurrent-server worker',
  });
}

function attempt<T>(run: () => T): T | Error {
  try {
    return run();
  } catch (error) {
    return error as Error;
  }
}

function neverStarted(error: Error, events: RunnerEvents): WorkerRunner {
  setImmediate(() => events.exit({ code: 1, signal: null, text: whyNotStarted(error) }));
  return {
    mode: 'thread',
    pid: process.pid,
    threadId: undefined,
    signalled: false,
    go: () => {},
    send: () => {},
    revoke: (_slot, _id, done) => done(true),
    end: async () => {},
  };
}

/** Node's error names the flags that `worker_threads` refuses: those of V8, and those of a whole process. */
function whyNotStarted(error: Error & { code?: string }): string {
  if (error.code !== 'ERR_WORKER_INVALID_EXEC_ARGV') return error.message;
  const flags = error.message.replace(/^.*: /, '');
  return `a thread can't take this --node-arg: ${flags}; use --mode fork`;
}
