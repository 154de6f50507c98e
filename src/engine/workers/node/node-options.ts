/** The options with which Node starts a worker. */
import type { RunnerOptions } from '../worker-runner.ts';

export interface NodeOptions {
  /** The Node binary that runs fork workers. */
  node: string;
  nodeArgs: readonly string[];
}

export type NodeRunnerOptions = RunnerOptions & NodeOptions;
