/** Node apps: each worker is a thread of the server or a process. Workers share nothing. */
import type { Mode } from '../../../protocol/config.ts';
import type { Runtime, WorkerLimits } from '../runtime.ts';
import type { RunnerEvents, RunnerOptions, WorkerRunner } from '../worker-runner.ts';
import { startFork } from './fork/runner.ts';
import type { NodeOptions } from './node-options.ts';
import { startThread } from './thread/runner.ts';

export class NodeRuntime implements Runtime {
  #options: NodeOptions;

  constructor(options: NodeOptions) {
    this.#options = options;
  }

  start(mode: Mode, _generation: number, options: RunnerOptions, events: RunnerEvents): WorkerRunner {
    const start = mode === 'thread' ? startThread : startFork;
    return start({ ...options, ...this.#options }, events);
  }

  limits(_mode: Mode, asked: WorkerLimits): WorkerLimits {
    return asked;
  }

  resize(): void {}

  async close(): Promise<void> {}
}
