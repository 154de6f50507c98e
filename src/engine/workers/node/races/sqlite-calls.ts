/**
 * Boundaries after the synchronous calls of `better-sqlite3` and `node:sqlite`. Their classes are not known before the app
 * loads them, so they are met when it prepares its first statement.
 */
import Module from 'node:module';
import type { ObservedRequest, SourceSite } from './observed-request.ts';
import { siteAt, userFrame } from './user-frame.ts';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
interface Database {
  prototype: Record<string, unknown>;
}

interface SqliteParts {
  current(): ObservedRequest | undefined;
  isUserFile(file: string): boolean;
  shorten(file: string): string;
  afterSync(request: ObservedRequest, site: SourceSite): void;
}

const STATEMENT = ['get', 'all', 'run', 'iterate'];
const DONE = new WeakSet<object>();

export function observeSqlite(parts: SqliteParts): void {
  const loader = Module as unknown as { _load: AnyFunction };
  const load = loader._load;
  loader._load = function (this: unknown, ...args: unknown[]) {
    const loaded = load.apply(this, args);
    const [name] = args;
    if (name === 'better-sqlite3') observe(loaded as Database, parts);
    else if (name === 'node:sqlite' || name === 'sqlite') {
      observe((loaded as { DatabaseSync: Database }).DatabaseSync, parts);
    }
    return loaded;
  };
}

function observe(database: Database | undefined, parts: SqliteParts): void {
  const prototype = database?.prototype;
  if (prototype === undefined || DONE.has(prototype)) return;
  DONE.add(prototype);
  const { prepare, exec } = prototype as Record<string, AnyFunction | undefined>;
  if (prepare !== undefined) {
    prototype.prepare = function (this: { name?: string }, ...args: unknown[]) {
      const statement = prepare.apply(this, args) as object;
      const kind = Object.getPrototypeOf(statement) as Record<string, unknown>;
      if (!DONE.has(kind)) {
        DONE.add(kind);
        for (const method of STATEMENT) afterCall(kind, method, parts);
      }
      SQL.set(statement, String(args[0]));
      return statement;
    };
  }
  if (exec !== undefined) afterCall(prototype, 'exec', parts);
}

const SQL = new WeakMap<object, string>();

function afterCall(table: Record<string, unknown>, method: string, parts: SqliteParts): void {
  const original = table[method] as AnyFunction | undefined;
  if (typeof original !== 'function') return;
  const { current, isUserFile, shorten, afterSync } = parts;
  table[method] = function replacement(this: object, ...args: unknown[]) {
    try {
      return original.apply(this, args);
    } finally {
      const request = current();
      if (request?.holdsSync) {
        const sql = SQL.get(this) ?? String(args[0]);
        const label = sql.replace(/\s+/g, ' ').trim().slice(0, 80);
        const site = { kind: 'sync', fn: 'sqlite', label };
        afterSync(request, siteAt(userFrame(replacement, isUserFile), site, shorten));
      }
    }
  };
}
