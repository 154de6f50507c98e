/** What a thread worker is started with. */
import type { MessagePort } from 'node:worker_threads';
import type { TerminalProperties } from '../../../../wire/terminal.ts';

export interface ThreadBootData {
  /** Tells our worker threads from the app's own, which inherit the same `--require`. */
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
}

/** Name under which the app's own worker threads find the {@link Descriptors} of the thread that started them. */
export const DESCRIPTORS = 'concurrent-server descriptors';

/**
 * Descriptors 0, 1 and 2 belong to the process, and with them the protocol or the terminal of the server. A thread
 * has these in their place.
 */
export interface Descriptors {
  /** Open and silent. */
  stdin: number;
  stdout: number;
  stderr: number;
}
