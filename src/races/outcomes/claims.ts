/**
 * What a sentence may say of an observed outcome against the serial ones. A claim is true of the observed outcome and of
 * the nearest serial one; `always` says whether it is true of all serial ones.
 */
import { answered, shown } from './answer-differences.ts';
import type { Comparable } from './comparable.ts';
import { type Difference, differences, memberTitle, type OfAnswer, probeTitle } from './difference.ts';
import type { Form } from './form.ts';
import { leavesOf } from './json.ts';
import type { SerialOutcome, SerialSet } from './serial-set.ts';
import { code, requestsWord, someGet, together, without } from './words.ts';

export interface Claim {
  observed: string;
  serial: string;
  always: boolean;
}

/** What is told of one outcome: the observed form, its nearest serial outcome, and all serial ones. */
export interface Comparison {
  set: SerialSet;
  observed: Form;
  nearest: SerialOutcome;
  /** From the nearest serial outcome. */
  found: readonly Difference[];
}

/** Of the statuses of the group, else of one request. */
export function statusClaim(comparison: Comparison): Claim | undefined {
  const { found, observed } = comparison;
  const changed = found.find(({ of, what }) => of === 'group' && what === 'answer');
  if (changed === undefined || changed.of !== 'group') return undefined;
  const all = [...observed.group.keys()];
  return countClaim(comparison, all, answered, did) ?? single(comparison, changed.index, answered, did);
}

/** Of the Location, the cookies, or a value in the answers of the group. */
export function valueClaim(comparison: Comparison): Claim | undefined {
  const { found, set } = comparison;
  const changed = found.find(({ of, what }) => of === 'group' && what !== 'answer');
  if (changed === undefined || changed.of !== 'group') return undefined;
  const value = sayingOf(changed);
  if (value === undefined) return bodyClaim(comparison, changed);
  const { index } = changed;
  const copies = set.scene.groupKeys.flatMap((key, other) =>
    key === set.scene.groupKeys[index] ? [other] : [],
  );
  const say = (answer: Comparable): string => `answered with ${value(answer)}`;
  return countClaim(comparison, copies, value, say) ?? single(comparison, index, value, say);
}

/** How to say of an answer what it has there; undefined if that has no short form. */
function sayingOf({ what, path, values }: OfAnswer): Say | undefined {
  if (what === 'location')
    return ({ location }) => (location === undefined ? 'no Location' : `the Location ${location}`);
  if (what === 'cookies')
    return ({ cookies }) => (cookies.length === 0 ? 'no cookies' : `the cookies ${cookies.join(', ')}`);
  if (path === undefined || values?.some((value) => typeof value === 'object' && value !== null))
    return undefined;
  return (answer) => `${code(path)} ${valueAt(answer, path)}`;
}

function bodyClaim(comparison: Comparison, changed: OfAnswer): Claim {
  const { set } = comparison;
  return {
    observed: `${code(memberTitle(set.scene, changed.index))} answered ${changed.path === undefined ? '' : `with ${code(changed.path)} `}${changed.to}`,
    serial: `it answers ${changed.path === undefined ? '' : 'with '}${changed.from}`,
    always: isAlways(comparison, changed),
  };
}

type Say = (answer: Comparable) => string;

/** Undefined if the answers are the same ones, given to other requests. */
function countClaim(
  comparison: Comparison,
  places: readonly number[],
  say: Say,
  saidOf: Say,
): Claim | undefined {
  if (places.length < 2) return undefined;
  const { set, observed, nearest } = comparison;
  const words = ({ group }: Form): string[] => places.map((place) => say(group[place]!));
  const seen = words(observed);
  const isMixed = new Set(seen).size > 1;
  // Where all observed answers are one, it is enough to say what the others are.
  const told = (form: Form): string[] => (isMixed ? words(form) : without(words(form), seen)).sort();
  const serial = told(nearest.form);
  if (without(words(nearest.form), seen).length === 0) return undefined;
  return {
    observed: together(
      places.map((place) => set.scene.group[place]!.title),
      places.map((place) => saidOf(observed.group[place]!)),
    ),
    serial: someGet(serial, places.length),
    always: set.outcomes.every(({ form }) => told(form).join('\n') === serial.join('\n')),
  };
}

function single({ set, observed, nearest }: Comparison, index: number, say: Say, saidOf: Say): Claim {
  const serial = say(nearest.form.group[index]!);
  return {
    observed: `${code(memberTitle(set.scene, index))} ${saidOf(observed.group[index]!)}`,
    serial: `it gets ${serial}`,
    always: set.outcomes.every(({ form }) => say(form.group[index]!) === serial),
  };
}

function did(answer: Comparable): string {
  if (answer.failure === 'died') return 'lost its worker';
  if (answer.failure === 'timeout') return 'got no answer in time';
  return answer.failure === 'cut' ? `was cut off after ${answer.status}` : `answered ${answer.status}`;
}

function valueAt({ body }: Comparable, path: string): string {
  return body.kind === 'json' ? shown(leavesOf(body.value).get(path)) : 'missing';
}

/** Of what a probe shows: a number first, because it says most. */
export function probeClaim(comparison: Comparison): Claim | undefined {
  const ofProbes = comparison.found.flatMap((one) => (one.of === 'probe' ? [one] : []));
  const isNumber = ({ values }: OfAnswer): boolean =>
    values?.every((value) => typeof value === 'number') ?? false;
  const chosen = ofProbes.find(isNumber) ?? ofProbes[0];
  if (chosen === undefined) return undefined;
  const always = isAlways(comparison, chosen);
  const title = code(probeTitle(comparison.set.scene, chosen.index));
  const { from, to, what, path } = chosen;
  if (what === 'answer') return { observed: `${title} answers ${to}`, serial: `it answers ${from}`, always };
  if (what === 'location')
    return { observed: `${title} has the Location ${to}`, serial: `it has ${from}`, always };
  if (what === 'cookies')
    return { observed: `${title} sets the cookies ${to}`, serial: `it sets ${from}`, always };
  if (path === undefined) return { observed: `${title} shows ${to}`, serial: `it shows ${from}`, always };
  const areLists = chosen.values?.every(Array.isArray) ?? false;
  const verb = areLists ? 'has' : 'is';
  return { observed: `${subject(path, title)} ${verb} ${to}`, serial: `it ${verb} ${from}`, always };
}

/** `the balance`, if the path is one plain word. A plural would need another verb. */
function subject(path: string, title: string): string {
  const [, name] = /^\$\.([a-z]{3,})$/.exec(path) ?? [];
  return name === undefined || name.endsWith('s') ? `${code(path)} of ${title}` : `the ${name}`;
}

/** Of an id that two have. It is kept only where no run of a serial order ever had two equal ones. */
export function repeatClaim({ found, set }: Comparison): Claim | undefined {
  const repeat = found.find(({ what }) => what === 'repeat');
  if (repeat?.what !== 'repeat') return undefined;
  const name = repeat.name.startsWith('$') ? code(repeat.name) : repeat.name;
  const value = JSON.stringify(repeat.value);
  const askers = set.scene.group.map(({ title }) => title).filter((title) => repeat.titles.includes(title));
  const isOfGroup = askers.length > 1 && !repeat.name.includes('[*]');
  return {
    observed: isOfGroup
      ? `${askers.length === 2 ? '' : 'two of '}${requestsWord(askers)} got the same ${name} ${value}`
      : `${code(repeat.titles[0]!)} shows ${name} ${value} twice`,
    serial: 'all are different',
    always: true,
  };
}

/** Whether all serial outcomes have what the nearest one has. */
function isAlways({ set, observed }: Comparison, chosen: Difference): boolean {
  const same = (other: Difference): boolean =>
    other.what === chosen.what && other.of === chosen.of && detail(other) === detail(chosen);
  return set.outcomes.every(({ form }) => differences(set.scene, form, observed).some(same));
}

function detail(difference: Difference): string {
  if (difference.of === 'outcome') return difference.what;
  const path = 'path' in difference ? difference.path : undefined;
  return JSON.stringify([difference.index, path ?? '', difference.from]);
}
