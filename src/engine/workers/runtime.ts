/**
 * A runtime runs an app's code: Node or Python. It starts workers in each mode; everything in front of the workers is
 * the same for all runtimes.
 */
import type { Mode, ServerConfig } from '../../protocol/config.ts';
import type { TerminalSize } from '../../wire/terminal.ts';
import type { RunnerEvents, RunnerOptions, WorkerRunner } from './worker-runner.ts';

/** The number of workers, and its upper limit. */
export type WorkerLimits = Pick<ServerConfig, 'workers' | 'maxWorkers'>;

export interface Runtime {
  /**
   * Starts a worker. No event comes before this function has returned.
   * @param generation of the code, from 1: workers of one generation may be forked from the same process
   */
  start(mode: Mode, generation: number, options: RunnerOptions, events: RunnerEvents): WorkerRunner;
  /** The limits that the runtime uses for the limits of the configuration. */
  limits(mode: Mode, asked: WorkerLimits): WorkerLimits;
  /** The terminal has a new size. The supervisor informs running workers. */
  resize(size: TerminalSize): void;
  /** Ends the rest of the runtime once all workers have exited. */
  close(): Promise<void>;
}
