/** The input and the events of a pool of workers; see worker-pool.ts. */
import type { Mode, ServerConfig } from '../../protocol/config.ts';
import type { ServerError } from '../../protocol/errors.ts';
import type { WorkerStatus } from '../../protocol/messages.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { Upstream } from '../scheduling/upstream.ts';
import type { WorkerLimits } from '../workers/runtime.ts';
import type { ManagedWorker, WorkerEvents, WorkerParts } from './managed-worker.ts';

export interface PoolEvents extends Omit<WorkerEvents, 'exited' | 'broken'> {
  /** The set of workers that may get requests changed. */
  available(upstreams: Upstream[]): void;
  status(status: WorkerStatus): void;
  /** A worker crashed with these requests. */
  died(worker: ManagedWorker, exchanges: readonly Exchange[]): void;
  /** A problem that a person should know, reported once: a failed start, a crash loop. */
  problem(error: ServerError, worker: ManagedWorker): void;
  /** This worker could not start because another one runs, so the pool goes on with one. */
  alone(worker: ManagedWorker): void;
  /** A worker has exited: its descendants must end; see process-guard.ts. */
  ended(worker: ManagedWorker): Promise<void>;
  /** The first worker of a generation accepts, or the generation's code does not start. */
  generation(outcome: 'accepted' | 'failed', generation: number): void;
}

export type PoolConfig = Pick<ServerConfig, 'mode' | 'workers' | 'maxWorkers' | 'stopTimeoutMs' | 'given'>;

export interface PoolParts extends WorkerParts {
  /** The runtime's limits for the configured numbers; see runtime.ts. */
  limits(mode: Mode, asked: WorkerLimits): WorkerLimits;
}
