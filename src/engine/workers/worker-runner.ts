/** The contract of every worker with the engine, for all runtimes; see runtime.ts for how a worker is started. */
import type { Mode } from '../../protocol/config.ts';
import type { TerminalProperties } from '../../wire/terminal.ts';

export interface RunnerOptions {
  /** Absolute path of the app. */
  entry: string;
  cwd: string;
  /** The app's arguments: `process.argv` after the app's own name. */
  args: readonly string[];
  /** The whole environment of the app. */
  env: Readonly<Record<string, string>>;
  /** The properties of the server's terminal that the app sees, as they are now. */
  terminal(): TerminalProperties;
  /** The user set no mode, so the app may be moved from threads to processes. */
  movable: boolean;
  /** Folder of the built workers' halves. */
  workersDir: string;
  /**
   * The race finder observes and holds requests in this worker. Absolute path of the folder in which it keeps the sources
   * that it has marked.
   */
  races?: string;
}

/** How a worker ended. */
export interface WorkerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** For a person: `exit code 1`, `signal SIGKILL`, `out of memory`. */
  text: string;
  /** It has not exited, but does nothing for as long as the server runs. */
  left?: true;
}

export interface RunnerEvents {
  /** Bytes of frames; see wire/frames.ts. */
  bytes(bytes: Buffer): void;
  /** Output of the worker and its children. Children that outlive it may still write after `exit`. */
  output(stream: 'stdout' | 'stderr', text: string, request?: number): void;
  /** The worker's process, if its pid is known only some time after the start. */
  started(pid: number): void;
  /** The worker takes at most this many requests at a time, and sends FREED when it is done with one. */
  capacity(requests: number): void;
  /** The worker violated the protocol on a channel other than its wire. */
  broken(reason: string): void;
  /** Once, when the worker has exited and nothing more will come. */
  exit(exit: WorkerExit): void;
}

export interface WorkerRunner {
  readonly mode: Mode;
  /** Undefined if no process could be started. */
  readonly pid: number | undefined;
  readonly threadId: number | undefined;
  /** SIGTERM asks it to exit. Other workers get a message, since no signal reaches them. */
  readonly signalled: boolean;
  /** The worker's process, if any, is in the ledger: it may run the app. */
  go(): void;
  send(bytes: Buffer): void;
  /**
   * Takes back a request that the worker has not started. Calls back with true if the worker will never start it, false
   * if it has; in thread mode before this returns. Never calls back if the worker exits first.
   */
  revoke(slot: number, id: number, done: (revoked: boolean) => void): void;
  /** The worker's answer to a revocation, if it comes over the wire (REVOKED). */
  revoked?(slot: number, revoked: boolean): void;
  /**
   * Ends the worker and all it started: politely for at most `graceMs`, then by force. Resolves when all of it
   * has ended, or has survived for longer than force needs.
   *
   * @param gentle never by force, which could end the server: see thread/addons.ts
   */
  end(graceMs: number, gentle: boolean): Promise<void>;
  /** The worker does nothing forever; it counts as exited, and `exit` follows. */
  leave?(): void;
}

export function exitText(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}
