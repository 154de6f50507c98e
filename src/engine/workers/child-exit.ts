/** How a worker's process exited. Reported once, after all its output and messages were read. */
import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { WorkerOutput } from './output-reader.ts';
import { exitText, type WorkerExit } from './worker-runner.ts';

/**
 * A worker's last messages are read to their end, but not forever: processes that were forked from it may hold the wire.
 */
const WIRE_END_MS = 1000;

/**
 * Resolves when the process has exited and everything from it was read, or when it could not be started.
 *
 * @param output its output; children that outlive it may still write there
 * @param wire carries the worker's frames
 * @param others destroyed like the wire; their errors never end the server, because the exit explains them
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

/** Resolves when the stream has ended, or can't end any more. */
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
