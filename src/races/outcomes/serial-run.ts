/** Runs of the group's requests one after the other. */
import type { Outcome, Topology } from '../types.ts';
import type { Scene } from './scene.ts';

/** One run of a serial order. */
export interface SerialRun {
  topology: Topology;
  warm: boolean;
  /** Indexes of the group, in the order in which they ran. */
  order: readonly number[];
  outcome: Outcome;
}

/** Runs that should have one outcome, each with the places of the group in the order in which they ran. */
export function rowsOf(scene: Scene, runs: readonly SerialRun[]): SerialRun[][] {
  const rows = new Map<string, SerialRun[]>();
  for (const run of runs) {
    const order = run.order.map((index) => scene.groupKeys[index]).join();
    const row = `${run.topology} ${run.warm} ${order}`;
    rows.set(row, [...(rows.get(row) ?? []), run]);
  }
  return [...rows.values()];
}
