/** How a worker's process ended, told once and only after all that it said was read. */
import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { exitText, type WorkerExit } from './runner.ts';

/**
 * What the worker said last is read to its end, but not for ever: processes that were forked from it may hold the wire.
 */
const WIRE_END_MS = 1000;
/** A child of the app can hold stdout and stderr open, so their end is not waited for as long. */
const PIPES_END_MS = 100;

/**
 * Resolves when the process is gone, or could not be started.
 *
 * @param wire what the worker speaks on
 * @param others like the wire they are destroyed then, and never end the server by an error: the exit says what happened
 */
export function childExit(child: ChildProcess, wire: Duplex, others: readonly Duplex[]): Promise<WorkerExit> {
  const streams = [wire, ...others];
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
      let late = setTimeout(() => finish(code, signal), WIRE_END_MS);
      const wireEnded = (): void => {
        clearTimeout(late);
        late = setTimeout(() => finish(code, signal), PIPES_END_MS);
      };
      if (wire.readableEnded || wire.destroyed) wireEnded();
      else wire.once('close', wireEnded);
      child.once('close', () => {
        clearTimeout(late);
        wire.off('close', wireEnded);
        finish(code, signal);
      });
    });
  });
}
