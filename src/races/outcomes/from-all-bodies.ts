/** What chance may hide in each pair of runs, but not in all bodies together. */
import { isObject, type Json, leavesOf, memberPath } from './json.ts';

/** Times within so many ms of each other that differ come from a clock. */
const CLOCK_SPAN_MS = 600_000;
/** Lists in random order are all sorted, as likely as this or less: then they are sorted on purpose. */
const MAX_CHANCE = 1 / 16;

/**
 * Paths of times that are not near the run, such as an expiry, with their values. They may be equal in all runs of an order
 * because they have no milliseconds. They are taken for a clock's if all that stood at the path lie close together, are not
 * equal, and not all on whole minutes.
 */
export function clockPaths(bodies: readonly Json[]): Array<[path: string, values: string[]]> {
  const times = new Map<string, Set<string>>();
  for (const body of bodies)
    for (const [path, value] of leavesOf(body))
      if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value)) {
        const anyElement = path.replace(/\[\d+\]/g, '[*]');
        times.set(anyElement, (times.get(anyElement) ?? new Set()).add(value));
      }
  const isClock = (values: ReadonlySet<string>): boolean => {
    const ms = [...values].map((value) => Date.parse(value));
    const apart = Math.max(...ms) - Math.min(...ms);
    return apart > 0 && apart <= CLOCK_SPAN_MS && ms.some((time) => time % 60_000 !== 0);
  };
  return [...times].filter(([, values]) => isClock(values)).map(([path, values]) => [path, [...values]]);
}

/**
 * Paths of lists that were always sorted by a masked text, such as a random id. Few elements may have stood in one order in
 * all runs; they will not in the next.
 */
export function sortedLists(bodies: readonly Json[], masked: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of masked) {
    const at = path.lastIndexOf('[*]');
    if (at < 0) continue;
    const [list, rest] = [path.slice(0, at), path.slice(at + 3)];
    const columns = bodies
      .flatMap((body) => listsAt(body, list))
      .map((elements) => elements.map((one) => textAt(one, rest)));
    const long = columns.filter(({ length }) => length > 1);
    const chance = long.reduce((product, { length }) => product / factorial(length), 1);
    if (chance > MAX_CHANCE) continue;
    const isUp = long.every((texts) => isSorted(texts));
    if (isUp || long.every((texts) => isSorted(texts.toReversed()))) found.add(list);
  }
  return [...found];
}

function factorial(number: number): number {
  return number < 2 ? 1 : number * factorial(Math.min(number, 100) - 1);
}

/** The lists at a path with `[*]`. */
function listsAt(value: Json, wanted: string, path = '$'): Json[][] {
  if (path === wanted) return Array.isArray(value) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((element) => listsAt(element, wanted, `${path}[*]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => listsAt(member, wanted, memberPath(path, name)));
}

function textAt(element: Json, rest: string): string | undefined {
  const text = leavesOf(element, '').get(rest);
  return typeof text === 'string' ? text : undefined;
}

function isSorted(texts: ReadonlyArray<string | undefined>): boolean {
  return texts.every((text, index) => {
    const before = texts[index - 1];
    return text !== undefined && (index === 0 || (before !== undefined && before < text));
  });
}
