/** Parsed JSON, walked with the path of each value. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'list' | 'object' | 'missing';

export function typeOf(value: Json | undefined): JsonType {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value as 'boolean' | 'number' | 'string' | 'object';
}

export function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same text for equal values: members of objects are sorted by name. */
export function canonicalText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonicalText(value[name]!)}`).join()}}`;
}

/** The path of a member, in the form of `# @mask`. */
export function memberPath(path: string, name: string): string {
  if (/^[^\s.[\]*'"()?@,:$]+$/u.test(name)) return `${path}.${name}`;
  return `${path}['${name.replace(/['\\]/g, '\\$&')}']`;
}

/** The value with each scalar replaced. The callback gets the names and indexes that lead to it. */
export function mapScalars(
  value: Json,
  change: (scalar: Json, keys: readonly (string | number)[]) => Json,
): Json {
  const visit = (node: Json, keys: readonly (string | number)[]): Json => {
    if (Array.isArray(node)) return node.map((element, index) => visit(element, [...keys, index]));
    if (!isObject(node)) return change(node, keys);
    return Object.fromEntries(
      Object.entries(node).map(([name, member]) => [name, visit(member, [...keys, name])]),
    );
  };
  return visit(value, []);
}

/** The scalars, empty lists and empty objects by their paths, lists with their indexes. */
export function leavesOf(value: Json, path = '$', leaves = new Map<string, Json>()): Map<string, Json> {
  if (Array.isArray(value) && value.length > 0)
    for (const [index, element] of value.entries()) leavesOf(element, `${path}[${index}]`, leaves);
  else if (isObject(value) && Object.keys(value).length > 0)
    for (const [name, member] of Object.entries(value)) leavesOf(member, memberPath(path, name), leaves);
  else leaves.set(path, value);
  return leaves;
}

/** The JSON of a text, or undefined if it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
