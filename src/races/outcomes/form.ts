/** An outcome in the form in which it is compared. */
import type { Outcome } from '../types.ts';
import { type Comparable, comparable } from './comparable.ts';
import { partsOf } from './families.ts';
import { canonicalText, type Json } from './json.ts';
import type { LearnedMasks } from './learned-masks.ts';
import { copiesIn, groupKey, probeKey, type RequestKey, type Scene } from './scene.ts';

/** Two values that are equal, though no serial order ever had equal ones there. */
interface Repeat {
  family: string;
  value: string;
}

export interface Form {
  /** In the order of the group. */
  group: readonly Comparable[];
  probes: readonly Comparable[];
  died: boolean;
  repeats: readonly Repeat[];
  /** The masked values by family; see {@link LearnedMasks}. */
  families: ReadonlyMap<string, readonly string[]>;
  /** Equal for equal outcomes; which of several copies gave which answer does not matter. */
  text: string;
}

export function formOf(scene: Scene, outcome: Outcome, masks: LearnedMasks): Form {
  const families = new Map<string, string[]>();
  const onMasked = (family: string, value: string): void => {
    families.set(family, [...(families.get(family) ?? []), value]);
  };
  const masked = (answer: Comparable, key: RequestKey): Comparable => masks.apply(key, answer, onMasked);
  const { group, probes } = comparables(scene, outcome);
  const form = {
    group: group.map((answer, index) => masked(answer, groupKey(scene, index))),
    probes: probes.map((answer, index) => masked(answer, probeKey(index))),
    died: outcome.death !== undefined,
  };
  const repeats = repeatsIn(families, masks.different);
  return { ...form, repeats, families, text: formText(scene.groupKeys, form, repeats) };
}

/** A repeat among copies is one of the whole group as well; it is told once. */
function repeatsIn(
  families: ReadonlyMap<string, readonly string[]>,
  different: ReadonlySet<string>,
): Repeat[] {
  const found = [...families]
    .filter(([family]) => different.has(family))
    .flatMap(([family, values]) => repeated(values).map((value) => ({ family, value, ...partsOf(family) })));
  return found
    .filter(
      ({ key, path, value }) =>
        key !== 'group *' ||
        !found.some((one) => one.key !== key && one.path === path && one.value === value),
    )
    .map(({ family, value }) => ({ family, value }));
}

/** The answers of an outcome before anything learned is masked. */
export function comparables(
  scene: Scene,
  outcome: Outcome,
): { group: readonly Comparable[]; probes: readonly Comparable[] } {
  return {
    group: outcome.answers.map((answer, index) => comparable(answer, scene.group[index]!.masks, scene.nowMs)),
    probes: outcome.probes.map((answer, index) =>
      comparable(answer, scene.probes[index]!.masks, scene.nowMs),
    ),
  };
}

export function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** Equal for equal answers. */
export function answerText({ status, failure, location, cookies, body }: Comparable): string {
  const content: Json = body.kind === 'json' ? body.value : body.kind === 'text' ? body.text : null;
  return canonicalText([status, failure ?? null, location ?? null, [...cookies], body.kind, content]);
}

function formText(
  groupKeys: readonly number[],
  { group, probes, died }: Pick<Form, 'group' | 'probes' | 'died'>,
  repeats: readonly Repeat[],
): string {
  const copies = copiesIn(groupKeys).map((places) => places.map((place) => answerText(group[place]!)).sort());
  const families = repeats.map(({ family }) => family).sort();
  return JSON.stringify([copies, probes.map(answerText), died, families]);
}
