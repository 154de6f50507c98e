/** Reports the exit of a worker's process once, after all its output and messages were read. */
import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { WorkerOutput } from './output-reader.ts';
import { exitText, type WorkerExit } from './worker-runner.ts';

/**
 * After the exit, the server reads the rest of the worker's messages, but only this long, in ms: processes that were
 * forked from the worker may hold the wire open.
 */
const WIRE_END_MS = 1000;

/**
 * Resolves when the process has exited and all its output and messages were read, or when it could not be started.
 *
 * @param output the process's output; its children may write there after its exit
 * @param wire carries the worker's frames
 * @param others destroyed then, like the wire; their errors are ignored, because the exit says what happened
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
