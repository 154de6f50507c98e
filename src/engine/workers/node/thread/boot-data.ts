/** The start data of a thread worker. */
import type { MessagePort } from 'node:worker_threads';
import type { TerminalProperties } from '../../../../wire/terminal.ts';

export interface ThreadBootData {
  /** Distinguishes worker threads from the app's own threads, which inherit the same `--require`. */
  concurrentServer: true;
  port: MessagePort;
  claims: Int32Array;
  entry: string;
  /** The app may be moved to processes, because no mode was set. */
  movable: boolean;
  descriptors: Descriptors;
  /** See wire/output-marks.ts. */
  secret: Uint8Array;
  terminal: TerminalProperties;
  /** See {@link RunnerOptions.races}. */
  races: string | undefined;
}

/** By this name, the app's own threads find the {@link Descriptors} of the thread that started them. */
export const DESCRIPTORS = 'concurrent-server descriptors';

/**
 * Descriptors 0, 1 and 2 belong to the process: they carry the protocol or the server's terminal. A thread has these
 * instead.
 */
export interface Descriptors {
  /** Open and silent. */
  stdin: number;
  stdout: number;
  stderr: number;
}
