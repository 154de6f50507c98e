/** The effect of each command on a running server; docs/protocol.md has the promise to its sender. */
import type { Command } from '../protocol/messages.ts';
import type { Perturbation } from './requests/perturbation.ts';
import type { Routes } from './requests/route-stats.ts';
import type { Scheduler } from './scheduling/scheduler.ts';
import type { Supervisor } from './supervision/supervisor.ts';

/** How long the first request of an `overlapNext` waits for the others, by default. */
const OVERLAP_NEXT_MS = 10_000;

export interface CommandTargets {
  scheduler: Pick<Scheduler, 'setAffinity'>;
  supervisor: Supervisor;
  perturbation: Perturbation;
  routes: Routes;
  stop(now: boolean | undefined): Promise<void>;
  reportStatus(id: number | undefined): void;
}

/**
 * Resolves when it is done; for `restart` and commands about one worker, when it has started.
 * @throws ServerError for an invalid command; it has then changed nothing
 */
export async function runCommand(command: Command, targets: CommandTargets): Promise<void> {
  const { supervisor, perturbation } = targets;
  const { pool, reload } = supervisor;
  switch (command.type) {
    case 'stop':
      await targets.stop(command.now);
      return;
    case 'restart':
      reload.restart();
      return;
    case 'restartWorker':
      pool.restartWorker(command.worker);
      return;
    case 'killWorker':
      pool.killWorker(command.worker);
      return;
    case 'set':
      applySet(command, targets);
      return;
    case 'overlapNext': {
      const { size, maxMs = OVERLAP_NEXT_MS, routes: matched = [] } = command;
      await perturbation.overlapNext({ size, maxMs, routes: matched });
      return;
    }
    case 'status':
      targets.reportStatus(command.id);
      // For the next answer, and only on request: a worker that wakes every second for a measurement is not idle.
      for (const worker of pool.workers) if (worker.accepting) worker.upstream.measure();
  }
}

/** Changes the given settings, and keeps the others. */
function applySet(
  {
    affinity,
    randomDelay,
    overlap,
    seed,
    workers,
    maxWorkers,
    mode,
    reload,
  }: Extract<Command, { type: 'set' }>,
  { scheduler, supervisor, perturbation, routes }: CommandTargets,
): void {
  const { pool, reload: reloading } = supervisor;
  if (affinity !== undefined) scheduler.setAffinity(affinity);
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
