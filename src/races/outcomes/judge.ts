/** Whether a serial order explains what a trial showed. */
import type { Answer, Outcome } from '../types.ts';
import { headerOf } from './comparable.ts';
import type { Scene } from './scene.ts';
import type { SerialSet } from './serial-set.ts';

/** Statuses that mean "turned away because another one is under way": conflict, locked, too many requests. */
const BUSY: readonly number[] = [409, 423, 429];
/** More answers that may be busy are left out all together or one by one, not in all combinations. */
const MAX_COMBINED = 4;

export type Judgement =
  | { verdict: 'serial' }
  /**
   * The answers of these requests say "busy", and the rest is a serial outcome of the group without them. `declared`: the
   * scenario says so of all their statuses, so there is nothing to note.
   */
  | { verdict: 'busy'; without: readonly number[]; declared: boolean }
  | { verdict: 'violation' }
  /** Judge again once the serial orders of these requests of the group alone are known. It may be none of them. */
  | { verdict: 'ask'; subgroup: readonly number[] };

/** The serial outcomes of some requests of the group alone, for the same topology and warmth, if they are known. */
export type SubgroupSets = (subgroup: readonly number[]) => SerialSet | undefined;

/** An answer counts as busy only where the outcome is not a serial one as it is. */
export function judge(outcome: Outcome, set: SerialSet, subgroups: SubgroupSets): Judgement {
  if (set.contains(outcome)) return { verdict: 'serial' };
  let unknown: number[] | undefined;
  for (const without of combinations(busyIn(set.scene, outcome))) {
    const subgroup = restOf(outcome, without);
    const smaller = subgroups(subgroup);
    if (smaller?.contains(reduced(outcome, subgroup)))
      return {
        verdict: 'busy',
        without,
        declared: without.every((index) => isDeclared(set.scene, outcome, index)),
      };
    if (smaller === undefined) unknown ??= subgroup;
  }
  return unknown === undefined ? { verdict: 'violation' } : { verdict: 'ask', subgroup: unknown };
}

/** The requests of the group that were turned away, by their answers. */
export function busyIn(scene: Scene, { answers }: Outcome): number[] {
  return [...answers.keys()].filter((index) => {
    const answer = answers[index]!;
    return (
      answer.failure === undefined && (isBusy(answer) || scene.group[index]!.busy.includes(answer.status))
    );
  });
}

function isBusy(answer: Answer): boolean {
  return (
    BUSY.includes(answer.status) || (answer.status === 503 && headerOf(answer, 'retry-after') !== undefined)
  );
}

function isDeclared({ group }: Scene, { answers }: Outcome, index: number): boolean {
  return group[index]!.busy.includes(answers[index]!.status);
}

/** The other requests of the group. */
export function restOf({ answers }: Outcome, without: readonly number[]): number[] {
  return [...answers.keys()].filter((index) => !without.includes(index));
}

/** The outcome as if only these requests had been sent. */
export function reduced(outcome: Outcome, subgroup: readonly number[]): Outcome {
  return { ...outcome, answers: subgroup.map((index) => outcome.answers[index]!) };
}

/** All non-empty subsets, the largest first: it is the likeliest. */
function combinations(indexes: readonly number[]): number[][] {
  if (indexes.length === 0) return [];
  if (indexes.length > MAX_COMBINED) return [[...indexes], ...indexes.map((index) => [index])];
  const subsets = Array.from({ length: 2 ** indexes.length - 1 }, (_, bits) =>
    indexes.filter((__, place) => ((bits + 1) >> place) & 1),
  );
  return subsets.sort((a, b) => b.length - a.length);
}
