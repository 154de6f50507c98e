/** The schedules of one place, in the order in which they are tried. */
import { freeForms, type Place, severalPauses, singlePauses } from '../schedules/pauses.ts';
import { type Boundary, isSameSite, type Schedule, type TrialResult } from '../types.ts';
import type { Explored } from './coverage.ts';
import type { SerialRuns } from './serial-runs.ts';

/** So many schedules with several pauses; what more of them find is rare. */
const SEVERAL = 24;

interface Exploring {
  serial: SerialRuns;
  explored: Explored;
  random(): number;
  /** Resolves with undefined if it was not run. */
  explore(schedule: Schedule): Promise<TrialResult | undefined>;
}

export async function explorePlace(
  place: Place,
  { serial, explored, random, explore }: Exploring,
): Promise<void> {
  const keys = serial.groupKeys;
  const single = singlePauses(place, serial.passed(place), keys);
  const queue: Schedule[] = [...single, { ...place, free: true, pauses: [] }, ...freeForms(single)];
  for (const schedule of queue) explored.plan(schedule);
  const met = serial.passed(place);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const result = await explore(next);
    // Boundaries that only a concurrent run has passed.
    const passed = result === undefined || result.impossible ? [] : result.boundaries;
    for (const schedule of singlePauses(place, passed, keys))
      if (explored.plan(schedule)) queue.push(schedule);
    for (const [member, boundaries] of passed.entries()) met[member] = known(met[member] ?? [], boundaries);
  }
  let count = 0;
  for (const schedule of severalPauses(place, met, random)) {
    if (count === SEVERAL) return;
    count += 1;
    await explore(schedule);
  }
}

function known(before: readonly Boundary[], more: readonly Boundary[]): Boundary[] {
  const isNew = (boundary: Boundary): boolean => !before.some((other) => isSameSite(other, boundary));
  return [...before, ...more.filter(isNew)];
}
