/** How Node is started for a worker. */
import type { RunnerOptions } from '../worker-runner.ts';

export interface NodeOptions {
  /** The Node that runs fork workers. */
  node: string;
  nodeArgs: readonly string[];
}

export type NodeRunnerOptions = RunnerOptions & NodeOptions;
