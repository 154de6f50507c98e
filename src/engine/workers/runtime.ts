/**
 * What runs an app's code: Node, or Python. A runtime starts workers in each mode; everything in front of the workers is
 * the same for all runtimes.
 */
import type { Mode, ServerConfig } from '../../protocol/config.ts';
import type { TerminalSize } from '../../wire/terminal.ts';
import type { RunnerEvents, RunnerOptions, WorkerRunner } from './worker-runner.ts';

/** How many workers there are to be, and how many at most. */
export type WorkerLimits = Pick<ServerConfig, 'workers' | 'maxWorkers'>;

export interface Runtime {
  /**
   * Starts a worker. None of the events comes before this has returned.
   * @param generation of the code, from 1: workers of one may share what they were started from
   */
  start(mode: Mode, generation: number, options: RunnerOptions, events: RunnerEvents): WorkerRunner;
  /** What the runtime makes of the numbers that were asked for. */
  limits(mode: Mode, asked: WorkerLimits): WorkerLimits;
  /** The terminal has another size; running workers get it from the supervisor. */
  resize(size: TerminalSize): void;
  /** Ends what is left of the runtime once all workers have exited. */
  close(): Promise<void>;
}
