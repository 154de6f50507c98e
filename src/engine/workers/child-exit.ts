/** How a worker's process ended, told once and only after all that it said was read. */
import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { WorkerOutput } from './output-reader.ts';
import { exitText, type WorkerExit } from './worker-runner.ts';

/**
 * What the worker said last is read to its end, but not for ever: processes that were forked from it may hold the wire.
 */
const WIRE_END_MS = 1000;

/**
 * Resolves when the process is gone and all it said was read, or when it could not be started.
 *
 * @param output what it writes; children that outlive it may still write there
 * @param wire what the worker speaks on
 * @param others like the wire they are destroyed then, and never end the server by an error: the exit says what happened
 */
export function childExit(
  child: ChildProcess,
  output: WorkerOutput,
  wire: Duplex,
  others: readonly Duplex[],
): Promise<WorkerExit> {
  const streams = [wire, ...others];
  for (const stream of streams) stream.on('error', () => {});
  child.stdin?.on('error', () => {});
  return new Promise((resolve) => {
    let spawnError: Error | undefined;
    const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
      for (const stream of streams) stream.destroy();
      const text =
        spawnError === undefined ? exitText(code, signal) : `could not start: ${spawnError.message}`;
      resolve({ code, signal, text });
    };
    child.once('error', (error) => {
      spawnError = error;
      if (child.pid === undefined) finish(null, null);
    });
    child.once('exit', (code, signal) => {
      void Promise.all([output.drained(), ended(wire)]).then(() => finish(code, signal));
    });
  });
}

/** Resolves when the stream has come to its end, or is not going to. */
function ended(stream: Duplex): Promise<void> {
  if (stream.readableEnded || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(resolve, WIRE_END_MS);
    stream.once('close', () => {
      clearTimeout(late);
      resolve();
    });
  });
}
