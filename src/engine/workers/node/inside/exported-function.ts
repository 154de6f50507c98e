/** Which exported functions are no request handlers, judged by their parameters. Pure. */

/** What `fastify-plugin` leaves on a function. */
const PLUGIN_MARKS = [
  Symbol.for('skip-override'),
  Symbol.for('plugin-meta'),
  Symbol.for('fastify.display-name'),
];
const FASTIFY = /^_?fastify/i;
const OPTIONS = /^_?(?:opts|options|\{.*)/is;
/** What a destructured second parameter of a handler has. */
const RESPONSE_MEMBERS = /\b(?:end|send|json|write\w*|setHeader|status\w*|redirect|render)\b/;
/** Methods of an app that a request does not have. `get` is one of both: a path tells them apart. */
const APP_METHODS =
  '(?:register|route|post|put|patch|delete|addHook|decorate\\w*|use|listen|inject|set\\w*Handler)\\s*\\(|get\\s*\\(\\s*[\'"`]/';

export type NoHandler =
  | { kind: 'fastify plugin' }
  /** It takes an app, and gives it routes. */
  | { kind: 'plugin'; parameters: string }
  /** It uses no response, so it can't answer. */
  | { kind: 'factory'; parameters: string };

/** @returns undefined for a function that may handle requests */
export function noHandler(candidate: (...args: never[]) => unknown): NoHandler | undefined {
  const marks = candidate as unknown as Record<symbol, unknown>;
  if (PLUGIN_MARKS.some((mark) => marks[mark] !== undefined)) return { kind: 'fastify plugin' };
  const source = Function.prototype.toString.call(candidate);
  const parts = parametersOf(source);
  if (parts === undefined) return undefined;
  const { list, body } = parts;
  const [first = '', second] = list;
  const parameters = `(${list.join(', ')})`;
  const isFastify = FASTIFY.test(first);
  if (isFastify && (second === undefined || OPTIONS.test(second))) return { kind: 'fastify plugin' };
  if (/^[\w$]+$/.test(first)) {
    const callsApp = new RegExp(`(?<![\\w$.])${escaped(first)}\\s*\\.\\s*(?:${APP_METHODS})`).test(body);
    if (callsApp)
      return OPTIONS.test(second ?? '') ? { kind: 'fastify plugin' } : { kind: 'plugin', parameters };
  }
  const takesMore = list.some((name) => name.startsWith('...')) || /\barguments\b/.test(body);
  if (!takesMore && !usesResponse(second, body)) return { kind: 'factory', parameters };
  return undefined;
}

/** A number or a string is counted with and not passed on; whatever else happens to a parameter, it may be a response. */
function usesResponse(name: string | undefined, body: string): boolean {
  if (name === undefined) return false;
  if (!/^[\w$]+$/.test(name)) return RESPONSE_MEMBERS.test(name);
  const uses = body.matchAll(new RegExp(`(.?)\\s*(?<![\\w$])${escaped(name)}(?![\\w$])\\s*(.?)`, 'g'));
  for (const [, before = '', after = ''] of uses) {
    if (!/[-+*/%<]/.test(before) && !/[-+*/%<>]/.test(after)) return true;
  }
  return false;
}

/** In a sentence that begins with the name of the file. */
export function describeNoHandler(found: NoHandler, file: string): string {
  switch (found.kind) {
    case 'fastify plugin':
      return `${file} exports a Fastify plugin. fastify-cli runs it: concurrent-server node_modules/.bin/fastify -- start ${file}`;
    case 'plugin':
      return `${file} exports a function of ${found.parameters} that adds routes to an app. Name the file that makes the app`;
    case 'factory':
      return (
        `${file} exports a function of ${found.parameters}, which is no request handler: it uses no response. ` +
        'Name the file that calls it, or export an app'
      );
  }
}

/** Undefined for what has no source, such as bound functions. */
function parametersOf(source: string): { list: string[]; body: string } | undefined {
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source)) return undefined;
  const bare = /^\s*(?:async\s+)?([\w$]+)\s*=>/.exec(source);
  if (bare !== null) return { list: [bare[1]!], body: source.slice(bare[0].length) };
  const open = source.indexOf('(');
  if (open < 0) return undefined;
  const list: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < source.length; at++) {
    const character = source[at]!;
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth === 0 || (depth === 1 && character === ',')) {
      const name = source.slice(from, at).trim();
      if (name !== '') list.push(name.replace(/\s*=(?!>).*$/s, ''));
      from = at + 1;
    }
    if (depth === 0) return { list, body: source.slice(at + 1) };
  }
  return undefined;
}

function escaped(name: string): string {
  return name.replaceAll('$', '\\$');
}
