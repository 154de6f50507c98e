/** What kind of finding a violation is, and how it is told. */
import type { FindingKind, Outcome, Severity } from '../types.ts';
import type { Comparison } from './claims.ts';
import { differences, linesOf, type OfAnswer } from './difference.ts';
import { type Form, formOf } from './form.ts';
import { canonicalText, type Json, leavesOf } from './json.ts';
import { busyIn, reduced, restOf, type SubgroupSets } from './judge.ts';
import { leakedValue } from './leaked-value.ts';
import { copiesIn, type Scene } from './scene.ts';
import { type SentenceOptions, sentenceOf } from './sentence.ts';
import type { SerialOutcome, SerialSet } from './serial-set.ts';
import { shapeOf } from './shape.ts';

export interface Classified {
  kind: FindingKind;
  severity: Severity;
  sentence: string;
  /** From the nearest serial outcome, a line each. */
  difference: string[];
  nearest: SerialOutcome;
  /** The same for violations with one cause; see {@link shapeOf}. */
  shape: string;
}

export interface ClassifyOptions {
  onlyWithSeveralWorkers: boolean;
  /** The serial outcomes of smaller groups, as far as they are known: without those that failed, and without all. */
  subgroups: SubgroupSets;
}

function severityOf(kind: FindingKind): Severity {
  if (kind === 'busy' || kind === 'state-per-process') return 'note';
  return kind === 'error-only' || kind === 'extra-work' ? 'warning' : 'error';
}

/** Requests of the group that failed without being turned away: 5xx, no answer in time, or an answer without an end. */
export function failedIn(scene: Scene, outcome: Outcome): number[] {
  const busy = busyIn(scene, outcome);
  return [...outcome.answers.keys()].filter((index) => {
    const { status, failure } = outcome.answers[index]!;
    return (failure !== undefined && failure !== 'died') || (status >= 500 && !busy.includes(index));
  });
}

/** @param outcome one that is outside of the set */
export function classify(outcome: Outcome, set: SerialSet, options: ClassifyOptions): Classified {
  const observed = formOf(set.scene, outcome, set.masks);
  const { serial: nearest, differences: found } = set.nearest(outcome);
  const comparison: Comparison = { set, observed, nearest, found };
  const { kind, ...told } = kindOf(outcome, comparison, options);
  const { onlyWithSeveralWorkers } = options;
  const sentence: SentenceOptions = { onlyWithSeveralWorkers, ...told };
  return {
    kind,
    severity: severityOf(kind),
    sentence: sentenceOf(kind, comparison, sentence),
    difference: linesOf(set.scene, found),
    nearest,
    shape: shapeOf(set.scene, found),
  };
}

type Kind = { kind: FindingKind } & Omit<SentenceOptions, 'onlyWithSeveralWorkers'>;

function kindOf(outcome: Outcome, comparison: Comparison, { subgroups }: ClassifyOptions): Kind {
  const { set, observed } = comparison;
  const { death } = outcome;
  const isDead = death !== undefined || outcome.answers.some(({ failure }) => failure === 'died');
  if (isDead) return { kind: 'crash', ...(death === undefined ? {} : { death }) };
  const leaked = leakedValue(set, observed);
  if (leaked !== undefined) return { kind: 'other-users-data', leaked };
  if (hasMoreSuccesses(set, observed) || isDoubled(comparison, subgroups)) return { kind: 'double-effect' };
  const rest = restOfFailed(outcome, comparison, subgroups);
  if (rest !== undefined) return { kind: 'error-only', rest };
  return { kind: isExtraWork(set, observed) ? 'extra-work' : 'wrong-state' };
}

/** More requests succeed than in any serial order: of copies of one, or of all that change something. */
function hasMoreSuccesses({ scene, outcomes }: SerialSet, observed: Form): boolean {
  const groups = [
    ...copiesIn(scene.groupKeys).filter(({ length }) => length > 1),
    [...scene.group.keys()].filter((index) => !/^(?:GET|HEAD|OPTIONS) /.test(scene.group[index]!.title)),
  ];
  return groups.some((places) => {
    const successes = ({ group }: Form): number =>
      places.filter((place) => group[place]!.status >= 200 && group[place]!.status < 400).length;
    return outcomes.every(({ form }) => successes(form) < successes(observed));
  });
}

/** Copies of one request left their effect once more than in any serial order. */
function isDoubled({ set, found }: Comparison, subgroups: SubgroupSets): boolean {
  if (!copiesIn(set.scene.groupKeys).some(({ length }) => length > 1)) return false;
  const none = subgroups([])?.outcomes[0]?.form;
  return found.some((difference) => {
    if (difference.of !== 'probe' || difference.values === undefined) return false;
    const [from, to] = difference.values;
    if (Array.isArray(from) && Array.isArray(to)) return from.length < to.length && repeatsMore(from, to);
    if (typeof from !== 'number' || typeof to !== 'number' || none === undefined) return false;
    const before = valueBefore(none, difference);
    const effect = typeof before === 'number' ? from - before : 0;
    const times = effect === 0 ? 0 : (to - (before as number)) / effect;
    return Number.isInteger(times) && times >= 2;
  });
}

function repeatsMore(from: readonly Json[], to: readonly Json[]): boolean {
  const repeats = (list: readonly Json[]): number => list.length - new Set(list.map(canonicalText)).size;
  return repeats(to) > repeats(from);
}

/** What the probe shows where none of the group was sent. */
function valueBefore(none: Form, { index, path }: OfAnswer): Json | undefined {
  const body = none.probes[index]?.body;
  if (body?.kind !== 'json' || path === undefined) return undefined;
  return leavesOf(body.value).get(path);
}

function restOfFailed(
  outcome: Outcome,
  { set, observed }: Comparison,
  subgroups: SubgroupSets,
): SentenceOptions['rest'] {
  const failed = failedIn(set.scene, outcome);
  if (failed.length === 0) return undefined;
  const isRestSerial = set.outcomes.some(({ form }) =>
    differences(set.scene, form, observed).every((one) => one.of === 'group' && failed.includes(one.index)),
  );
  if (isRestSerial) return { is: 'serial', failed: failed.length };
  const subgroup = restOf(outcome, failed);
  const isRest = subgroups(subgroup)?.contains(reduced(outcome, subgroup)) ?? false;
  return isRest ? { is: 'not-sent', failed: failed.length } : undefined;
}

/** Names of counts of work, as a word of the name: `dbCalls`, `cache_misses`. */
const WORK =
  /(?:^|_|(?<=[a-z]))(?:calls?|miss(?:es)?|quer(?:y|ies)|loads?|loaded|renders?|rendered|comput(?:es|ed|ations?)|fetch(?:es|ed)?|lookups?|builds?|built|compil(?:es|ed|ations?)|refresh(?:es|ed)?|invocations?|executions?|upstream)(?:_?count)?$/i;

/** The answers are those of a serial order, and the probes show only that more work was done. */
function isExtraWork({ scene, outcomes }: SerialSet, observed: Form): boolean {
  return outcomes.some(({ form }) =>
    differences(scene, form, observed).every((difference) => {
      if (difference.of !== 'probe' || difference.path === undefined) return false;
      const [from, to] = difference.values ?? [];
      return typeof from === 'number' && typeof to === 'number' && to > from && WORK.test(difference.path);
    }),
  );
}
