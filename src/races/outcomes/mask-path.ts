/** The paths of `# @mask`: `$`, `.name`, `['name']`, `[0]`, `[*]`, `.*`, `..name`, `..*`. */

const STEP = /(\.\.)?\.?(?:\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\d+|\*))\s*\]|([^\s.[\]]+))/gy;

const compiled = new Map<string, RegExp>();

/** Whether the path leads exactly to the value that is reached by these names and indexes. */
export function matchesPath(path: string, keys: readonly (string | number)[]): boolean {
  const known = compiled.get(path) ?? compile(path);
  compiled.set(path, known);
  return known.test(keys.map((key) => `\n${JSON.stringify(String(key))}`).join(''));
}

/** Each key is a line of its own, in quotes, so no key can be taken for two. */
function compile(path: string): RegExp {
  const steps = [...path.slice(1).matchAll(STEP)].map(([, deep, single, double, index, name]) => {
    const key = (single ?? double)?.replace(/\\(.)/gu, '$1') ?? index ?? name!;
    const isAny = key === '*' && single === undefined && double === undefined;
    const line = isAny
      ? String.raw`\n[^\n]*`
      : `\\n${JSON.stringify(key).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
    return `${deep === undefined ? '' : String.raw`(?:\n[^\n]*)*`}${line}`;
  });
  return new RegExp(`^${steps.join('')}$`);
}
