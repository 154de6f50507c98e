/**
 * Where JSON bodies differ that should be equal, by path. All elements of a list share one path: the element in which a
 * random value stands is itself chance.
 */
import { canonicalText, isObject, type Json, type JsonType, memberPath, typeOf } from './json.ts';
import { looksRandom } from './mask-names.ts';

/** What was seen at a path. */
export interface PathDifference {
  types: Set<JsonType>;
  /** The values that should be equal, in the order of the runs; once per place at which they differed. */
  rows: (Json | undefined)[][];
}

export class JsonDifferences {
  readonly paths = new Map<string, PathDifference>();
  /** Paths of lists whose order differs, but not what is in them. */
  readonly unordered = new Set<string>();
  /** Paths of objects whose names are random: a list of their values stands for them. */
  readonly keyed = new Set<string>();
  /** What differs, but is not to be masked: a mask over a boolean would hide all that it can say. */
  readonly booleans = new Set<string>();

  /** Values that should be equal, in the order of the runs. */
  add(row: readonly (Json | undefined)[], path = '$'): void {
    const first = row[0];
    const types = new Set(row.map(typeOf));
    if (types.size > 1) this.#note(path, row, types);
    else if (Array.isArray(first)) this.#addLists(row as Json[][], path);
    else if (isObject(first)) this.#addObjects(row as Array<{ [name: string]: Json }>, path);
    else if (row.some((value) => value !== first)) {
      if (types.has('boolean')) this.booleans.add(path);
      else this.#note(path, row, types);
    }
  }

  #note(path: string, row: readonly (Json | undefined)[], types: Set<JsonType>): void {
    const known = this.paths.get(path);
    if (known === undefined) {
      this.paths.set(path, { types: new Set(types), rows: [[...row]] });
      return;
    }
    for (const type of types) known.types.add(type);
    known.rows.push([...row]);
  }

  #addObjects(row: ReadonlyArray<{ [name: string]: Json }>, path: string): void {
    if (hasRandomNames(row)) {
      this.keyed.add(path);
      this.#addLists(row.map(valuesOf), path);
      return;
    }
    for (const name of new Set(row.flatMap((object) => Object.keys(object))))
      this.add(
        row.map((object) => (Object.hasOwn(object, name) ? object[name] : undefined)),
        memberPath(path, name),
      );
  }

  #addLists(row: readonly Json[][], path: string): void {
    const { length } = row[0]!;
    if (row.some((list) => list.length !== length)) {
      this.#note(path, row, new Set(['list']));
      return;
    }
    const [text, ...others] = row.map(canonicalText);
    if (others.every((other) => other === text)) return;
    const sorted = row.map((list) => sortedByWhatStays(row, list));
    const isShuffled =
      sorted.some(({ order }) => order.some((index, place) => index !== sorted[0]!.order[place])) &&
      sorted.every(({ text }) => text === sorted[0]!.text) &&
      row.some((list) => inPlace(row, list) !== inPlace(row, row[0]!));
    if (isShuffled) this.unordered.add(path);
    for (let place = 0; place < length; place++)
      this.add(
        row.map((list, run) => list[isShuffled ? sorted[run]!.order[place]! : place]),
        `${path}[*]`,
      );
  }
}

/** Objects that share no random name, such as orders by their ids. */
function hasRandomNames(row: ReadonlyArray<{ [name: string]: Json }>): boolean {
  const differing = new Set(
    row.flatMap((object) =>
      Object.keys(object).filter((name) => !row.every((other) => Object.hasOwn(other, name))),
    ),
  );
  const size = Object.keys(row[0]!).length;
  return (
    differing.size > 0 &&
    row.every((object) => Object.keys(object).length === size) &&
    [...differing].every(looksRandom)
  );
}

/** Sorted, so that names that are random do not make their order. */
function valuesOf(object: { [name: string]: Json }): Json[] {
  return sortedByText(Object.values(object));
}

export function sortedByText(list: readonly Json[]): Json[] {
  const texts = list.map((value) => [canonicalText(value), value] as const);
  return texts.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}

/** The leaves of an element by path, lists in it without their indexes. */
function leavesByPath(
  element: Json,
  path = '',
  leaves: Array<[string, string]> = [],
): Array<[string, string]> {
  if (Array.isArray(element)) for (const inner of element) leavesByPath(inner, `${path}[*]`, leaves);
  else if (isObject(element))
    for (const [name, member] of Object.entries(element))
      leavesByPath(member, memberPath(path, name), leaves);
  else leaves.push([path, canonicalText(element)]);
  return leaves;
}

/** All values of a list by path, sorted, as texts. */
function contentsByPath(list: readonly Json[]): Map<string, string> {
  const values = new Map<string, string[]>();
  for (const element of list)
    for (const [path, value] of leavesByPath(element)) values.set(path, [...(values.get(path) ?? []), value]);
  return new Map([...values].map(([path, all]) => [path, all.sort().join()]));
}

/** Each element without the values that differ over the whole list, such as random ids. */
function whatStays(row: readonly Json[][], list: readonly Json[]): string[] {
  const contents = row.map(contentsByPath);
  const stays = (path: string): boolean => contents.every((one) => one.get(path) === contents[0]!.get(path));
  return list.map((element) =>
    leavesByPath(element)
      .filter(([path]) => stays(path))
      .map((leaf) => leaf.join('='))
      .sort()
      .join('\n'),
  );
}

function inPlace(row: readonly Json[][], list: readonly Json[]): string {
  return whatStays(row, list).join('\n\n');
}

function sortedByWhatStays(row: readonly Json[][], list: readonly Json[]): { order: number[]; text: string } {
  const kept = whatStays(row, list);
  const order = [...kept.keys()].sort((a, b) => (kept[a]! < kept[b]! ? -1 : kept[a]! > kept[b]! ? 1 : a - b));
  return { order, text: order.map((index) => kept[index]!).join('\n\n') };
}
