/** In what two answers differ. */
import type { Body, Comparable } from './comparable.ts';
import { canonicalText, isObject, type Json, memberPath } from './json.ts';
import { shownDifferences } from './spans.ts';

export interface AnswerDifference {
  what: 'answer' | 'location' | 'cookies' | 'body';
  /** Of a JSON body. */
  path?: string;
  /** For a person. */
  from: string;
  to: string;
  /** The values at the path; undefined if there was none. */
  values?: readonly [from: Json | undefined, to: Json | undefined];
}

export function answerDifferences(from: Comparable, to: Comparable): AnswerDifference[] {
  const parts = [
    { what: 'answer' as const, from: answered(from), to: answered(to) },
    { what: 'location' as const, from: from.location ?? 'none', to: to.location ?? 'none' },
    { what: 'cookies' as const, from: listed(from.cookies), to: listed(to.cookies) },
  ].filter((part) => part.from !== part.to);
  return [...parts, ...bodyDifferences(from.body, to.body)];
}

/** Such as `200` or `no answer in time`. */
export function answered({ status, failure }: Pick<Comparable, 'status' | 'failure'>): string {
  switch (failure) {
    case undefined:
      return String(status);
    case 'died':
      return 'no answer: its worker died';
    case 'timeout':
      return 'no answer in time';
    case 'cut':
      return `${status}, cut off`;
  }
}

function listed(cookies: readonly string[]): string {
  return cookies.length === 0 ? 'none' : cookies.join(', ');
}

function bodyDifferences(from: Body, to: Body): AnswerDifference[] {
  if (from.kind === 'masked' || to.kind === 'masked') return [];
  if (from.kind === 'json' && to.kind === 'json') return jsonDifferences(from.value, to.value, '$');
  const [before, after] = [textOf(from), textOf(to)];
  if (from.kind !== to.kind && before === after)
    return [{ what: 'body', from: whichKind(from), to: whichKind(to) }];
  if (before === after) return [];
  const units = from.kind === to.kind ? shownDifferences(before, after) : undefined;
  if (units !== undefined && units.length <= 4)
    return units.map(([one, other]) => ({
      what: 'body',
      from: short(quoted(one)),
      to: short(quoted(other)),
    }));
  const [line, otherLine] = firstDifference(before, after);
  return [{ what: 'body', from: short(quoted(line)), to: short(quoted(otherLine)) }];
}

function whichKind({ kind }: Body): string {
  return kind === 'json' ? 'JSON' : 'no JSON';
}

function textOf(body: Exclude<Body, { kind: 'masked' }>): string {
  return body.kind === 'json' ? canonicalText(body.value) : body.text;
}

/** What stands in the first line that differs, from shortly before the difference on. */
function firstDifference(before: string, after: string): [string, string] {
  let at = 0;
  while (at < before.length && before[at] === after[at]) at++;
  const start = Math.max(before.lastIndexOf('\n', at - 1) + 1, at - 12);
  return [before, after].map((text) => text.slice(start).split('\n', 1)[0]!) as [string, string];
}

function jsonDifferences(from: Json | undefined, to: Json | undefined, path: string): AnswerDifference[] {
  if (from !== undefined && to !== undefined && canonicalText(from) === canonicalText(to)) return [];
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length)
    return from.flatMap((element, index) => jsonDifferences(element, to[index], `${path}[${index}]`));
  if (isObject(from) && isObject(to))
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name) =>
      jsonDifferences(memberOf(from, name), memberOf(to, name), memberPath(path, name)),
    );
  const areLists = Array.isArray(from) && Array.isArray(to);
  const show = areLists ? elements : shown;
  return [{ what: 'body', path, from: show(from), to: show(to), values: [from, to] }];
}

function memberOf(object: { [name: string]: Json }, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function elements(value: Json | undefined): string {
  const { length } = value as Json[];
  return length === 1 ? '1 element' : `${length} elements`;
}

/** A value of JSON for a person, short. */
export function shown(value: Json | undefined): string {
  return value === undefined ? 'missing' : short(canonicalText(value));
}

function quoted(text: string): string {
  return `"${text.replace(/\s+/g, ' ')}"`;
}

function short(text: string): string {
  return text.length > 48 ? `${text.slice(0, 45)}…${text.startsWith('"') ? '"' : ''}` : text;
}
