/** What the source tells about a callback: how its caller will use it. */
import type { AnyNode, CallExpression, Identifier, MemberExpression } from 'acorn';
import { AWAITERS, BUILDERS, TIMERS } from './known-calls.ts';
import { calleeName, isQuery } from './site-names.ts';
import { childrenOf, type FunctionNode, isFunction } from './syntax.ts';

/**
 * The runtime's function for a callback: `c` for one that returns something, `v` for one that returns nothing, `k` for one
 * that runs while its caller waits.
 *
 * @param name of the function that gets it
 */
export function styleOf(node: FunctionNode, name: string): 'c' | 'v' | 'k' {
  if (isAsync(node)) return 'c';
  if (BUILDERS.test(name)) return 'k';
  return returned(node).length > 0 ? 'c' : 'v';
}

/** It returns a promise in any case; compiled for an old target as well. */
export function isAsync(node: FunctionNode): boolean {
  if (node.async) return true;
  return returned(node).some((value) => value.type === 'CallExpression' && AWAITERS.has(calleeName(value)));
}

/** A callback that is handed over by its name, where nobody compares it with another function. */
export function namedCallback(call: CallExpression, name: string): Identifier | MemberExpression | undefined {
  const { length } = call.arguments;
  const isTimer = TIMERS.has(name);
  if (!isTimer && (!isQuery(call) || length < 2)) return undefined;
  const argument = call.arguments[isTimer ? 0 : length - 1];
  return argument?.type === 'Identifier' || argument?.type === 'MemberExpression' ? argument : undefined;
}

/** What the function returns, without functions inside of it. */
function returned({ body }: FunctionNode): AnyNode[] {
  if (body.type !== 'BlockStatement') return [body];
  const found: AnyNode[] = [];
  const look = (node: AnyNode): void => {
    if (isFunction(node)) return;
    if (node.type === 'ReturnStatement' && node.argument) found.push(node.argument);
    for (const child of childrenOf(node)) look(child);
  };
  look(body);
  return found;
}
