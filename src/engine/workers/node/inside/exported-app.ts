/** Apps that export something to serve instead of calling `listen` themselves. */
import http from 'node:http';
import { pathToFileURL } from 'node:url';
import { type NoHandler, noHandler } from './exported-function.ts';

type Listener = (request: http.IncomingMessage, response: http.ServerResponse) => void;
type Fetch = (request: Request) => Response | Promise<Response>;

/** Names to try if the module has no default export that can be served. */
const NAMED = ['default', 'app', 'server', 'handler', 'listener'];

/**
 * A server for the exports of a module: an `http.Server`, a `(req, res)` function (such as an Express or Connect app),
 * a Koa app, a Fastify instance, or a fetch handler (`{ fetch }`, Hono and others). Undefined if there is no such
 * export. A function that can't handle requests is returned as a {@link NoHandler}.
 */
export async function serverFromExports(
  exported: unknown,
  fetchAdapter: string,
): Promise<http.Server | NoHandler | undefined> {
  let looksLike: NoHandler | undefined;
  for (const candidate of candidates(exported)) {
    const found = await serverFrom(await candidate, fetchAdapter);
    if (found instanceof http.Server) return found;
    looksLike ??= found;
  }
  return looksLike;
}

function candidates(exported: unknown): unknown[] {
  if (typeof exported !== 'object' || exported === null) return [exported];
  const named = NAMED.map((name) => (exported as Record<string, unknown>)[name]).filter(
    (value) => value !== undefined,
  );
  // `import()` of a CommonJS module returns its exports as `default`, and sometimes also by their names.
  const inner = (exported as { default?: unknown }).default;
  const innerNamed =
    typeof inner === 'object' && inner !== null && inner !== exported
      ? NAMED.map((name) => (inner as Record<string, unknown>)[name]).filter((value) => value !== undefined)
      : [];
  return [exported, ...named, ...innerNamed];
}

async function serverFrom(
  value: unknown,
  fetchAdapter: string,
): Promise<http.Server | NoHandler | undefined> {
  if (value instanceof http.Server) return value;
  if (isFastify(value)) {
    await value.ready();
    return value.server;
  }
  if (has(value, 'callback') && has(value, 'use'))
    return http.createServer((value.callback as () => Listener)());
  if (has(value, 'fetch')) return fetchServer((request) => (value.fetch as Fetch)(request), fetchAdapter);
  if (typeof value === 'function' && !isClass(value)) {
    return noHandler(value as Listener) ?? http.createServer(value as Listener);
  }
  return undefined;
}

async function fetchServer(fetch: Fetch, fetchAdapter: string): Promise<http.Server> {
  const { toNodeHandler } = (await import(pathToFileURL(fetchAdapter).href)) as {
    toNodeHandler: (fetch: Fetch) => Listener;
  };
  return http.createServer(toNodeHandler(fetch));
}

function isFastify(value: unknown): value is { ready(): Promise<unknown>; server: http.Server } {
  return (
    has(value, 'ready') &&
    has(value, 'inject') &&
    (value as { server?: unknown }).server instanceof http.Server
  );
}

function has<K extends string>(value: unknown, key: K): value is Record<K, (...args: never[]) => unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return typeof (value as Record<string, unknown>)[key] === 'function';
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}
