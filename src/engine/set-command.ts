/** What `set` does to a running server: changes what is given, and leaves the rest. */
import type { Command } from '../protocol/messages.ts';
import type { Reload } from './reload/reload.ts';
import type { Perturbation } from './requests/perturbation.ts';
import type { Routes } from './requests/route-stats.ts';
import type { WorkerPool } from './supervision/worker-pool.ts';

export interface Settable {
  perturbation: Perturbation;
  routes: Routes;
  pool: WorkerPool;
  reload: Reload;
}

export function applySet(
  { randomDelay, overlap, seed, workers, maxWorkers, mode, reload }: Extract<Command, { type: 'set' }>,
  { perturbation, routes, pool, reload: reloading }: Settable,
): void {
  const before = perturbation.config;
  if (seed !== undefined) routes.restartCounts();
  perturbation.configure({
    randomDelay: { ...before.randomDelay, ...randomDelay },
    overlap: { ...before.overlap, ...overlap },
    seed: seed ?? before.seed,
  });
  if (reload !== undefined) reloading.configure({ ...reloading.config, ...reload });
  if (workers === undefined && maxWorkers === undefined && mode === undefined) return;
  const otherMode = mode !== undefined && mode !== pool.config.mode;
  const base = workers ?? pool.config.workers;
  pool.configure({
    ...pool.config,
    mode: mode ?? pool.config.mode,
    given: mode === undefined ? pool.config.given : [...pool.config.given, 'mode'],
    workers: base,
    maxWorkers: Math.max(base, maxWorkers ?? pool.config.maxWorkers),
  });
  if (otherMode) reloading.restart();
}
