/** How a worker's process ended, told once and only after all that it said was read. */
import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { exitText, type WorkerExit } from './runner.ts';

/** A child of the app can hold the pipes open, so the exit is not made to wait for their end for long. */
const PIPES_END_MS = 100;

/**
 * Resolves when the process is gone, or could not be started.
 *
 * @param streams are destroyed then, and never end the server by an error: the exit says what happened
 */
export function childExit(child: ChildProcess, streams: readonly Duplex[]): Promise<WorkerExit> {
  for (const stream of streams) stream.on('error', () => {});
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
      const late = setTimeout(() => finish(code, signal), PIPES_END_MS);
      child.once('close', () => {
        clearTimeout(late);
        finish(code, signal);
      });
    });
  });
}
