/** Many schedules show one race: findings with one cause are told once, by the smallest schedule. */
import { type Finding, KINDS, type Schedule } from '../types.ts';

export interface Candidate {
  finding: Finding;
  /** See {@link shapeOf}. */
  shape: string;
  /** How many requests its group has. */
  requests: number;
}

export interface Cause {
  finding: Finding;
  /** Other findings with this cause. */
  others: number;
}

/**
 * The causes, the worst first. A cause is a kind, a shape of the difference, and the places in the code where requests are
 * held. A schedule that holds at more places than another one shows the same; one that holds nowhere in the code (a free
 * run, a body, the head of an answer) has the cause of those that do.
 */
export function groupFindings(candidates: readonly Candidate[]): Cause[] {
  const causes: Array<{ first: Candidate; places: ReadonlySet<string>; others: number }> = [];
  for (const candidate of [...candidates].sort(bySize)) {
    const places = placesOf(candidate.finding.schedule);
    const known = causes.find(
      ({ first, places: held }) => isSame(first, candidate) && overlaps(held, places),
    );
    if (known === undefined) causes.push({ first: candidate, places, others: 0 });
    else known.others++;
  }
  return causes
    .map(({ first, others }) => ({ finding: first.finding, others }))
    .sort((a, b) => KINDS.indexOf(a.finding.kind) - KINDS.indexOf(b.finding.kind));
}

function isSame(one: Candidate, other: Candidate): boolean {
  return one.finding.kind === other.finding.kind && one.shape === other.shape;
}

function placesOf({ pauses }: Schedule): Set<string> {
  return new Set(pauses.filter(({ file }) => file !== '').map(({ fn, file }) => `${fn}\n${file}`));
}

/** `held` is the smaller schedule's. */
function overlaps(held: ReadonlySet<string>, places: ReadonlySet<string>): boolean {
  return places.size === 0 || [...held].every((place) => places.has(place));
}

/**
 * Fewest requests, then fewest pauses, then one worker before many. A free run comes after one pause: without a pause there
 * is no place in the code to show.
 */
function bySize(a: Candidate, b: Candidate): number {
  const topologies = ['one', 'many'];
  const [one, other] = [a.finding.schedule, b.finding.schedule];
  return (
    a.requests - b.requests ||
    pauseRank(one) - pauseRank(other) ||
    topologies.indexOf(one.topology) - topologies.indexOf(other.topology) ||
    placesOf(one).size - placesOf(other).size
  );
}

function pauseRank(schedule: Schedule): number {
  if (placesOf(schedule).size === 0)
    return schedule.pauses.length === 0 ? 1.75 : schedule.pauses.length + 0.5;
  return schedule.pauses.length;
}
