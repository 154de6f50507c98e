/**
 * The part of JSONPath (RFC 9535) that masks and references need: `$`, `.name`, `['name']`, `[0]`, `[*]`, `.*`,
 * `..name`, `..*`.
 */

/** One step below a value. `deep`: at any depth below it, as `..` says. */
interface Step {
  deep: boolean;
  /** The name of a member, or the index of an element; undefined is any. */
  key: string | number | undefined;
}

export type Path = readonly Step[];

/** The text is no path that is understood. The message is a sentence without its full stop. */
export class PathError extends Error {}

const STEP =
  /(?:(?<deep>\.\.)|\.)(?:(?<any>\*)|(?<name>[^\s.[\]*'"()?@,:$]+))|(?<deepBracket>\.\.)?\[\s*(?:(?<anyBracket>\*)|(?<index>\d+)|'(?<single>(?:[^'\\]|\\.)*)'|"(?<double>(?:[^"\\]|\\.)*)")\s*\]/uy;

export const PATH_FORMS = "A path is made of $, .name, ['name'], [0], [*], .* and ..name.";

/** Throws {@link PathError}. */
export function parsePath(text: string): Path {
  if (!text.startsWith('$')) throw new PathError(`The path ${text} does not start with $`);
  const steps: Step[] = [];
  let at = 1;
  while (at < text.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (match === null) throw new PathError(`The path ${text} is not understood from "${text.slice(at)}" on`);
    steps.push(stepOf(match.groups!));
    at = STEP.lastIndex;
  }
  return steps;
}

function stepOf(groups: Record<string, string | undefined>): Step {
  const { deep, any, name, deepBracket, anyBracket, index, single, double } = groups;
  const isAny = any !== undefined || anyBracket !== undefined;
  const quoted = (single ?? double)?.replace(/\\(.)/gu, '$1');
  return {
    deep: deep !== undefined || deepBracket !== undefined,
    key: isAny ? undefined : index !== undefined ? Number(index) : (name ?? quoted!),
  };
}

/**
 * Whether the path leads exactly to the value that is reached by these names and indexes. What is below such a value
 * does not match, so who masks asks on the way down.
 */
export function pathMatches(path: Path, keys: readonly (string | number)[]): boolean {
  // The steps that may be next, after each key: a set, so that many `..` do not multiply.
  let next = new Set([0]);
  for (const key of keys) {
    const after = new Set<number>();
    for (const at of next) {
      const step = path[at];
      if (step === undefined) continue;
      if (step.deep) after.add(at);
      if (step.key === undefined || String(step.key) === String(key)) after.add(at + 1);
    }
    next = after;
  }
  return next.has(path.length);
}

/** The values that the path leads to, in document order for each step. `value` is parsed JSON. */
export function select(path: Path, value: unknown): unknown[] {
  let found = [value];
  for (const { deep, key } of path) {
    const from = deep ? found.flatMap(withAllBelow) : found;
    found = from.flatMap((parent) => below(parent, key));
  }
  return found;
}

function below(parent: unknown, key: string | number | undefined): unknown[] {
  if (typeof parent !== 'object' || parent === null) return [];
  if (key === undefined) return Object.values(parent);
  if (Array.isArray(parent) && !/^\d+$/.test(String(key))) return [];
  return Object.hasOwn(parent, key) ? [(parent as Record<string | number, unknown>)[key]] : [];
}

function withAllBelow(value: unknown): unknown[] {
  const found: unknown[] = [];
  const open = [value];
  while (open.length > 0) {
    const one = open.pop();
    found.push(one);
    if (typeof one === 'object' && one !== null) open.push(...Object.values(one).reverse());
  }
  return found;
}
