/** What a place in a person's source is called in tokens and reports, and whether it waits for a database. */
import type { AnyNode, CallExpression, NewExpression } from 'acorn';
import { CHAINS } from './known-calls.ts';
import type { FunctionNode } from './syntax.ts';

export type SourceKind = 'await' | 'callback' | 'query';

export interface SiteEntry {
  /** From 1, in `source`. */
  line: number;
  /** From 1, in UTF-16 units. */
  column: number;
  /** Name of the function; letters, digits and `_-./`, at most 40; empty at the top level or if it has none. */
  fn: string;
  /** What runs there, in the words of the source; at most 80 characters. */
  label: string;
  kind: SourceKind;
  /** Absolute path of the file that a person wrote, if the code was made from another one. */
  source?: string;
}

/** Both from 1. */
export interface Position {
  line: number;
  column: number;
  source?: string;
}

const LABEL_LENGTH = 80;
const NAME_LENGTH = 40;

/** What esbuild, and so tsx, calls to keep the name of a function: `__name(() => {}, "apply")`. */
const NAMER = '__name';

/** Methods of databases and stores. */
const QUERY =
  /^(?:query|execute|exec|run|get|all|each|set|setnx|getset|getdel|incr\w*|decr\w*|h(?:get|set|incr)\w*|find\w*|create\w*|update\w*|delete\w*|upsert\w*|insert\w*|select|save|count|aggregate|transaction|\$\w+|commit|rollback|raw|first|returning|del)$/;
/** Receivers whose methods have such names and reach no database. */
const NO_STORE =
  /^(?:req|res|request|response|ctx|context|reply|app|router|server|fastify|express|headers|cookies|params|axios|http|https|fetch|got|Promise|Object|Reflect|Array|Math|JSON|console|document|window|process|\w*[mM]ap)$/;
/** Receivers whose every method reaches a database. */
const STORE = /^(?:prisma|knex|sql|trx|tx)$/;

/** Name of the called function or method without its receiver; empty if it has none. */
export function calleeName({ callee }: CallExpression | NewExpression): string {
  return nameOf(callee);
}

/** Whether the expression ends with a call of a database or a store, as far as names tell. */
export function isQuery(node: AnyNode): boolean {
  if (node.type === 'ChainExpression') return isQuery(node.expression);
  if (node.type === 'TaggedTemplateExpression') return STORE.test(rootOf(node.tag));
  if (node.type !== 'CallExpression') return false;
  if (STORE.test(rootOf(node))) return true;
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || !QUERY.test(nameOf(callee))) return false;
  // As in `app.get('/path', …)`.
  return !NO_STORE.test(nameOf(callee.object)) && !NO_STORE.test(rootOf(callee)) && !isRoute(node);
}

/** The node's source in one line; without a node, the text itself. */
export function labelOf(source: string, node: AnyNode | undefined): string {
  // More than is shown, because blanks collapse.
  const text = source.slice(node?.start ?? 0, Math.min(node?.end ?? source.length, (node?.start ?? 0) + 400));
  const short = text.replace(/\s+/g, ' ').trim();
  return short.length > LABEL_LENGTH ? `${short.slice(0, LABEL_LENGTH - 1)}…` : short;
}

/**
 * The name of a function: its own, of what it is assigned to, or of the route that it answers.
 *
 * @param path the nodes around it, the nearest one last
 * @param depth how many functions are around it
 * @returns undefined if it has none
 */
export function functionName(
  node: FunctionNode,
  path: readonly AnyNode[],
  depth: number,
): string | undefined {
  if (node.id) return cleaned(node.id.name);
  let inCall = false;
  for (let at = path.length - 1, child: AnyNode = node; at >= 0; child = path[at]!, at--) {
    const parent = path[at]!;
    if (parent.type === 'CallExpression' || parent.type === 'NewExpression') {
      if (child === parent.callee) return undefined;
      const kept = nameOf(parent.callee) === NAMER ? parent.arguments[1] : undefined;
      if (kept?.type === 'Literal') return cleaned(String(kept.value));
      const route = parent.type === 'CallExpression' ? routeOf(parent) : undefined;
      if (route !== undefined) return cleaned(route);
      inCall = true;
      continue;
    }
    // The value of a property among the arguments has the property's name.
    const name = assignedName(parent, child, path.slice(0, at));
    // `const rows = map(async () => …)` inside a function is no name of the callback.
    if (name !== undefined) return inCall && depth > 0 ? undefined : cleaned(name);
    if (parent.type !== 'AssignmentExpression' && parent.type !== 'ConditionalExpression') return undefined;
  }
  return undefined;
}

function assignedName(parent: AnyNode, value: AnyNode, path: readonly AnyNode[]): string | undefined {
  switch (parent.type) {
    case 'VariableDeclarator':
      return parent.init === value ? nameOf(parent.id) : undefined;
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return (parent.right === value && assignedTo(parent.left)) || undefined;
    case 'Property':
      return parent.value === value ? nameOf(parent.key) : undefined;
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return [classOf(path), nameOf(parent.key)].filter((name) => name !== '').join('.');
    case 'ExportDefaultDeclaration':
      return 'default';
    default:
      return undefined;
  }
}

/** `module.exports` is no name. */
function assignedTo(left: AnyNode): string {
  const name = nameOf(left);
  return name === 'exports' ? '' : name;
}

/** Name of the class whose body is the last of the path. */
function classOf(path: readonly AnyNode[]): string {
  const node = path.at(-2);
  if (node?.type !== 'ClassDeclaration' && node?.type !== 'ClassExpression') return '';
  if (node.id) return node.id.name;
  const around = path.at(-3);
  return (around && assignedName(around, node, path.slice(0, -3))) ?? '';
}

/** `post /apply` for `app.post('/apply', …)`, `on message` for `socket.on('message', …)`. */
function routeOf(call: CallExpression): string | undefined {
  const { callee } = call;
  const text = firstString(call) ?? (isCallOnRoute(callee) ? firstString(callee.object) : undefined);
  return text === undefined ? undefined : `${nameOf(callee)} ${text}`;
}

/** `router.route('/apply').post`, but not `fetch('/apply').then` */
function isCallOnRoute(node: AnyNode): node is AnyNode & { object: CallExpression } {
  if (node.type !== 'MemberExpression' || CHAINS.has(nameOf(node))) return false;
  return node.object.type === 'CallExpression' && isRoute(node.object);
}

function isRoute(call: CallExpression): boolean {
  return firstString(call)?.startsWith('/') === true;
}

/** The first argument, if it is text without blanks: a route or an event, and no sentence or SQL. */
function firstString(call: CallExpression): string | undefined {
  const [first] = call.arguments;
  if (first?.type !== 'Literal' || typeof first.value !== 'string') return undefined;
  return /^\S{1,60}$/.test(first.value) ? first.value : undefined;
}

/** The last part of a name, such as `get` of `this.db.get`. */
function nameOf(node: AnyNode): string {
  switch (node.type) {
    case 'Identifier':
    case 'PrivateIdentifier':
      return node.name;
    case 'Literal':
      return String(node.value);
    case 'MemberExpression':
      return node.computed && node.property.type !== 'Literal' ? '' : nameOf(node.property);
    case 'CallExpression':
      return nameOf(node.callee);
    case 'ChainExpression':
      return nameOf(node.expression);
    // Compiled `(0, library.call)(…)`.
    case 'SequenceExpression':
      return nameOf(node.expressions.at(-1)!);
    default:
      return '';
  }
}

/** The first part of a name that says something: `prisma` of `this.prisma.user.create()`. */
function rootOf(node: AnyNode): string {
  switch (node.type) {
    case 'MemberExpression':
      return node.object.type === 'ThisExpression' ? nameOf(node) : rootOf(node.object);
    case 'CallExpression':
      return rootOf(node.callee);
    case 'ChainExpression':
      return rootOf(node.expression);
    case 'Identifier':
      return node.name;
    default:
      return '';
  }
}

/** As tokens have it. */
export function cleaned(name: string): string {
  return name.replace(/[^\w./-]/g, '_').slice(0, NAME_LENGTH);
}
