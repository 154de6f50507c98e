/** In what two outcomes differ, and the lines for a person. */
import { type AnswerDifference, answerDifferences } from './answer-differences.ts';
import type { Comparable } from './comparable.ts';
import { partsOf, placeName, titlesOf } from './families.ts';
import type { Form } from './form.ts';
import { copiesIn, type Scene } from './scene.ts';

export type OfAnswer = AnswerDifference & { of: 'group' | 'probe'; index: number };

export type Difference =
  | OfAnswer
  | { of: 'outcome'; what: 'death'; from: string; to: string }
  | { of: 'outcome'; what: 'repeat'; titles: readonly string[]; name: string; value: string };

/** Lines of a person's difference for one answer. The rest is counted. */
const MAX_LINES_PER_ANSWER = 4;
/** More copies are matched one by one, in order of likeness, instead of in all ways. */
const MAX_PERMUTED = 5;

/** Copies of a request are matched so that the fewest differences are left. */
export function differences(scene: Scene, from: Form, to: Form): Difference[] {
  const found: Difference[] = [];
  const matched = matchCopies(scene.groupKeys, from.group, to.group);
  for (const [index, answer] of to.group.entries())
    for (const difference of answerDifferences(from.group[matched[index]!]!, answer))
      found.push({ ...difference, of: 'group', index });
  for (const [index, answer] of to.probes.entries())
    for (const difference of answerDifferences(from.probes[index]!, answer))
      found.push({ ...difference, of: 'probe', index });
  if (from.died !== to.died)
    found.push({ of: 'outcome', what: 'death', from: died(from.died), to: died(to.died) });
  for (const { family, value } of to.repeats) found.push(repeatOf(scene, family, value));
  return found;
}

/** The greater, the less alike two outcomes are. A status weighs more than a value. */
export function distance(found: readonly Difference[]): number {
  return found.reduce((sum, { what }) => sum + (what === 'answer' || what === 'death' ? 3 : 1), 0);
}

/** A line each: `POST /apply (2nd): 401 → 200`, `GET /balance: $.balance 1 → 2`. */
export function linesOf(scene: Scene, found: readonly Difference[]): string[] {
  const byAnswer = new Map<string, string[]>();
  for (const difference of found) {
    const title = whoOf(scene, difference);
    byAnswer.set(title, [...(byAnswer.get(title) ?? []), lineOf(title, difference)]);
  }
  return [...byAnswer].flatMap(([title, lines]) => {
    if (lines.length <= MAX_LINES_PER_ANSWER + 1) return lines;
    return [
      ...lines.slice(0, MAX_LINES_PER_ANSWER),
      `${title}: ${lines.length - MAX_LINES_PER_ANSWER} more differences`,
    ];
  });
}

function lineOf(title: string, difference: Difference): string {
  if (difference.what === 'repeat')
    return `${title}: ${difference.name} must differ, but is twice ${JSON.stringify(difference.value)}`;
  return `${title}: ${whatOf(difference)}${difference.from} → ${difference.to}`;
}

function whatOf(difference: Exclude<Difference, { what: 'repeat' }>): string {
  switch (difference.what) {
    case 'answer':
    case 'death':
      return '';
    case 'location':
      return 'Location ';
    case 'cookies':
      return 'cookies ';
    case 'body':
      return difference.path === undefined ? 'text ' : `${difference.path} `;
  }
}

function whoOf(scene: Scene, difference: Difference): string {
  if (difference.of === 'outcome')
    return difference.what === 'repeat' ? difference.titles.join(' and ') : 'worker';
  if (difference.of === 'probe') return probeTitle(scene, difference.index);
  return memberTitle(scene, difference.index);
}

/** `POST /apply (2nd)` if several requests of the group have this title. */
export function memberTitle({ group }: { group: ReadonlyArray<{ title: string }> }, index: number): string {
  const { title } = group[index]!;
  const alike = [...group.keys()].filter((other) => group[other]!.title === title);
  return alike.length === 1 ? title : `${title} (${ordinal(alike.indexOf(index) + 1)})`;
}

/** `probe GET /a` if a request of the group has this title as well. */
export function probeTitle({ group, probes }: Scene, index: number): string {
  const { title } = probes[index]!;
  const isAmbiguous = group.some((other) => other.title === title);
  const alike = [...probes.keys()].filter((other) => probes[other]!.title === title);
  const number = alike.length === 1 ? '' : ` (${ordinal(alike.indexOf(index) + 1)})`;
  return `${isAmbiguous ? 'probe ' : ''}${title}${number}`;
}

function ordinal(number: number): string {
  const isTeen = number % 100 >= 11 && number % 100 <= 13;
  return `${number}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')}`;
}

function died(has: boolean): string {
  return has ? 'died' : 'lives on';
}

function repeatOf(scene: Scene, family: string, value: string): Difference {
  const { key, path } = partsOf(family);
  return { of: 'outcome', what: 'repeat', titles: titlesOf(scene, key), name: placeName(path), value };
}

/** For each answer, the place of the other outcome's answer that it is compared with. */
function matchCopies(
  groupKeys: readonly number[],
  from: readonly Comparable[],
  to: readonly Comparable[],
): number[] {
  const matched = [...groupKeys.keys()];
  for (const places of copiesIn(groupKeys)) {
    if (places.length === 1) continue;
    const cost = (place: number, other: number): number =>
      answerDifferences(from[other]!, to[place]!).reduce(
        (sum, { what }) => sum + (what === 'answer' ? 3 : 1),
        0,
      );
    const best = places.length <= MAX_PERMUTED ? cheapest(places, cost) : greedy(places, cost);
    for (const [at, place] of places.entries()) matched[place] = best[at]!;
  }
  return matched;
}

type Cost = (place: number, other: number) => number;

function cheapest(places: readonly number[], cost: Cost): number[] {
  let best: { order: number[]; sum: number } = { order: [...places], sum: Number.POSITIVE_INFINITY };
  const visit = (chosen: number[], left: readonly number[], sum: number): void => {
    if (sum >= best.sum) return;
    if (left.length === 0) best = { order: chosen, sum };
    for (const other of left)
      visit(
        [...chosen, other],
        left.filter((one) => one !== other),
        sum + cost(places[chosen.length]!, other),
      );
  };
  visit([], places, 0);
  return best.order;
}

function greedy(places: readonly number[], cost: Cost): number[] {
  const left = new Set(places);
  return places.map((place) => {
    const other = [...left].reduce((best, one) => (cost(place, one) < cost(place, best) ? one : best));
    left.delete(other);
    return other;
  });
}
