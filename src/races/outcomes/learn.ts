/** Learns from repeated runs of the serial orders what is not to be compared. */
import type { Comparable } from './comparable.ts';
import { partsOf, placeName } from './families.ts';
import { comparables, formOf, repeated } from './form.ts';
import { LearnedMasks } from './learned-masks.ts';
import { drifts, isSequence, isTime, looksRandom, namesIdentifier, namesMeasurement } from './mask-names.ts';
import { Observed } from './observed.ts';
import { groupKey, probeKey, type RequestKey, type Scene } from './scene.ts';
import { rowsOf, type SerialRun } from './serial-run.ts';
import { undecidedLines } from './undecided.ts';

export interface Learned {
  masks: LearnedMasks;
  /** Why runs of one serial order can't be made equal, and the line that would help; empty if they are. */
  undecided: readonly string[];
}

/** Runs of a whole group, or of some of its requests. */
export interface RunsOf {
  scene: Scene;
  runs: readonly SerialRun[];
}

/**
 * @param runs in the order in which they ran; each order at least twice per topology and warmth. What a value did in any
 * of them holds for all. Learn again with more runs before a finding is shown: what is equal in two may differ in the next.
 * @param parts the same, for parts of the group that have run alone
 */
export function learn(scene: Scene, runs: readonly SerialRun[], parts: readonly RunsOf[] = []): Learned {
  const all = [{ scene, runs }, ...parts];
  const observed = observe(all);
  const tentative = new LearnedMasks(new Map([...observed].map(([key, one]) => [key, one.masks(new Set())])));
  const seen = seenIn(all, tentative);
  const different = neverEqual(seen, observed);
  const identifiers = identifiersIn(seen);
  const inTime = seenIn([{ scene, runs }], tentative);
  const drifting = new Map(
    [...observed].map(([key, one]) => [key, driftingIn(key, one, different, identifiers, inTime)]),
  );
  const requests = [...observed].map(([key, one]) => [key, one.masks(drifting.get(key)!)] as const);
  const listed = [...observed].flatMap(([key, one]) => one.list(scene, key, drifting.get(key)!, different));
  const masks = new LearnedMasks(new Map(requests), different, [...new Set(listed)]);
  const drifted = new Map([...drifting].filter(([, families]) => families.size > 0));
  const undecided = all.map((part) =>
    undecidedLines(part.scene, rowsOf(part.scene, part.runs), masks, drifted),
  );
  return { masks, undecided: undecided.find(({ length }) => length > 0) ?? [] };
}

/** Copies are interchangeable: the one that ran second is compared with the one that ran second. */
function observe(parts: readonly RunsOf[]): Map<RequestKey, Observed> {
  const observed = new Map<RequestKey, Observed>();
  const add = (key: RequestKey, answers: readonly Comparable[]): void => {
    const known = observed.get(key) ?? new Observed();
    observed.set(key, known);
    known.add(answers);
  };
  for (const { scene, row } of parts.flatMap((part) =>
    rowsOf(part.scene, part.runs).map((row) => ({ ...part, row })),
  )) {
    const all = row.map(({ order, outcome }) => ({ order, ...comparables(scene, outcome) }));
    for (const [place, index] of row[0]!.order.entries())
      add(
        groupKey(scene, index),
        all.map(({ order, group }) => group[order[place]!]!),
      );
    for (const index of scene.probes.keys())
      add(
        probeKey(index),
        all.map(({ probes }) => probes[index]!),
      );
  }
  for (const one of observed.values()) one.addFromAll();
  return observed;
}

/** The masked values of each family, run by run. */
function seenIn(parts: readonly RunsOf[], masks: LearnedMasks): Map<string, string[][]> {
  const seen = new Map<string, string[][]>();
  for (const { scene, runs } of parts)
    for (const { outcome } of runs)
      for (const [family, values] of formOf(scene, outcome, masks).families)
        seen.set(family, [...(seen.get(family) ?? []), [...values]]);
  return seen;
}

/**
 * Families of masked values that were never equal, within a run or between runs, and that identify something. Times and
 * measured values are left out: requests that ran one after the other differ in them, and together they may not.
 */
function neverEqual(
  seen: ReadonlyMap<string, readonly string[][]>,
  observed: ReadonlyMap<RequestKey, Observed>,
): Set<string> {
  const holds = ([family, perRun]: readonly [string, readonly string[][]]): boolean => {
    const values = perRun.flat();
    return (
      perRun.filter(({ length }) => length > 1).length > 1 &&
      repeated(values).length === 0 &&
      !values.some(isTime) &&
      identifies(family, perRun, observed)
    );
  };
  return new Set([...seen].filter(holds).map(([family]) => family));
}

/** Values that some answer has as an id, by the name of the member or as a part of a Location. */
function identifiersIn(seen: ReadonlyMap<string, readonly string[][]>): Set<string> {
  const families = [...seen].filter(([family]) => {
    const { path } = partsOf(family);
    return path.startsWith('header Location ') || namesIdentifier(lastName(path));
  });
  return new Set(families.flatMap(([, perRun]) => perRun.flat()));
}

function identifies(
  family: string,
  perRun: readonly string[][],
  observed: ReadonlyMap<RequestKey, Observed>,
): boolean {
  const { key, path } = partsOf(family);
  const one = observed.get(key as RequestKey);
  const name = one?.contextOf(path) ?? lastName(path);
  if (path.startsWith('header Location ') || namesIdentifier(name)) return true;
  if (namesMeasurement(name)) return false;
  const areNumbers = perRun.flat().every((value) => /^-?[\d.]+$/.test(value));
  return areNumbers ? isSequence(perRun.map((run) => run.map(Number))) : perRun.flat().every(looksRandom);
}

function lastName(path: string): string {
  return /([^.[\]']+)'?\]?(?:\[\*\])*$/.exec(placeName(path))?.[1] ?? '';
}

/** Where state of the app grows from run to run. An id that does so is no state. */
function driftingIn(
  key: RequestKey,
  observed: Observed,
  different: ReadonlySet<string>,
  identifiers: ReadonlySet<string>,
  inTime: ReadonlyMap<string, readonly string[][]>,
): Set<string> {
  const drifting = [...observed.sequences()].filter(([path, sequences]) => {
    const name = observed.contextOf(path) ?? lastName(path);
    if (namesIdentifier(name) || namesMeasurement(name) || different.has(`${key} ${path}`)) return false;
    const series = (inTime.get(`${key} ${path}`) ?? []).map((values) => Math.max(...values.map(Number)));
    return drifts(sequences, series) && !sequences.flat().every((value) => identifiers.has(String(value)));
  });
  return new Set(drifting.map(([path]) => path));
}
