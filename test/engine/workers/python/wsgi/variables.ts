import assert from 'node:assert/strict';

/** Splits an environ as Python does; each name comes once. */
export function variablesOf(environ: string): Map<string, string> {
  const parts = environ.split('\0');
  const variables = new Map<string, string>();
  for (let at = 0; at < parts.length; at += 2) variables.set(parts[at]!, parts[at + 1]!);
  assert.equal(variables.size * 2, parts.length, 'each name comes once, with a value');
  return variables;
}
