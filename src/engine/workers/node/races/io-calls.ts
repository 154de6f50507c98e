/**
 * Boundaries of Node's own API: where an operation of `fs` is complete, after synchronous calls, and the timers of
 * libraries. Everything else that is asynchronous comes back in the user's code, whose awaits and callbacks are boundaries themselves.
 */
import fs from 'node:fs';
import module from 'node:module';
import timers from 'node:timers';
import type { Boundaries } from './boundaries.ts';
import type { ObservedRequest, SourceSite } from './observed-request.ts';
import { siteAt, type UserFrame, userFrame } from './user-frame.ts';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Table = Record<string, unknown>;

/** What reads or writes what others can read or write; closing a file is of no interest. */
const SHARED = [
  'access',
  'appendFile',
  'copyFile',
  'cp',
  'exists',
  'link',
  'lstat',
  'mkdir',
  'mkdtemp',
  'open',
  'readFile',
  'readdir',
  'rename',
  'rm',
  'rmdir',
  'stat',
  'symlink',
  'truncate',
  'unlink',
  'writeFile',
];
/** By descriptor: they move data of a file that is open. */
const BY_DESCRIPTOR = ['read', 'write', 'ftruncate', 'fsync'];

/** A longer timer is a deadline, and no part of the work; in ms. */
const LONGEST_MS = 2000;

interface IoParts {
  boundaries: Boundaries;
  current(): ObservedRequest | undefined;
  /** See {@link userFrame}. */
  isUserFile(file: string): boolean;
  /** A path as it stands in a {@link SourceSite}. */
  shorten(file: string): string;
  /** May hold the whole worker there. */
  afterSync(request: ObservedRequest, site: SourceSite): void;
}

export function observeFiles(parts: IoParts): void {
  const files = fs as unknown as Table;
  for (const name of [...SHARED, ...BY_DESCRIPTOR]) {
    wrapCallback(files, name, parts);
    wrapPromise(fs.promises as unknown as Table, name, parts);
    wrapSync(files, `${name}Sync`, parts);
  }
  (module as unknown as { syncBuiltinESMExports(): void }).syncBuiltinESMExports();
}

/** Those of libraries, such as a session store that answers in the next turn. The user's own are marked. */
export function observeTimers(parts: IoParts): void {
  for (const table of [globalThis, timers] as unknown as Table[]) {
    for (const name of ['setTimeout', 'setImmediate']) wrapTimer(table, name, parts);
  }
  (module as unknown as { syncBuiltinESMExports(): void }).syncBuiltinESMExports();
}

function wrapTimer(table: Table, name: string, { boundaries, current, isUserFile, shorten }: IoParts): void {
  replace(table, name, (original) => {
    return function replacement(this: unknown, ...args: unknown[]) {
      const [callback, delay] = args;
      const isShort = name === 'setImmediate' || !(Number(delay) > LONGEST_MS);
      if (isShort && typeof callback === 'function' && current() !== undefined) {
        const frame = userFrame(replacement, isUserFile);
        const site = siteOf('io', name, frame, shorten);
        if (frame?.direct !== true)
          args[0] = boundaries.callback(callback as AnyFunction, () => site, 'nothing');
      }
      return original.apply(this, args);
    };
  });
}

/** `fs.readFile orders.json` */
function labelOf(name: string, [first]: readonly unknown[]): string {
  const target = typeof first === 'string' ? first : first instanceof URL ? first.pathname : '';
  return `fs.${name} ${target}`.trim().slice(0, 80);
}

function siteOf(
  kind: 'io' | 'sync',
  label: string,
  frame: UserFrame | undefined,
  shorten: (file: string) => string,
): SourceSite {
  const [fn = ''] = label.split(' ', 1);
  return siteAt(frame, { kind, fn, label }, shorten);
}

function wrapCallback(
  table: Table,
  name: string,
  { boundaries, current, isUserFile, shorten }: IoParts,
): void {
  replace(table, name, (original) => {
    return function replacement(this: unknown, ...args: unknown[]) {
      const callback = args.at(-1);
      if (typeof callback === 'function' && current() !== undefined) {
        const site = siteOf('io', labelOf(name, args), userFrame(replacement, isUserFile), shorten);
        args[args.length - 1] = boundaries.callback(callback as AnyFunction, () => site);
      }
      return original.apply(this, args);
    };
  });
}

function wrapPromise(
  table: Table,
  name: string,
  { boundaries, current, isUserFile, shorten }: IoParts,
): void {
  replace(table, name, (original) => {
    return function replacement(this: unknown, ...args: unknown[]) {
      const request = current();
      const result = original.apply(this, args);
      if (request === undefined || !(result instanceof Promise)) return result;
      const frame = userFrame(replacement, isUserFile);
      // The user's own `await` or `then` is the boundary.
      if (frame?.direct) return result;
      return boundaries.promise(request, result, siteOf('io', labelOf(name, args), frame, shorten));
    };
  });
}

function wrapSync(table: Table, name: string, { current, isUserFile, shorten, afterSync }: IoParts): void {
  replace(table, name, (original) => {
    return function replacement(this: unknown, ...args: unknown[]) {
      try {
        return original.apply(this, args);
      } finally {
        const request = current();
        if (request?.holdsSync) {
          afterSync(
            request,
            siteOf('sync', labelOf(name, args), userFrame(replacement, isUserFile), shorten),
          );
        }
      }
    };
  });
}

function replace(table: Table, name: string, wrap: (original: AnyFunction) => AnyFunction): void {
  const original = table[name];
  if (typeof original !== 'function') return;
  // `util.promisify(fs.exists)` and similar calls find their special forms there.
  const properties = Object.getOwnPropertyDescriptors(original);
  table[name] = Object.defineProperties(wrap(original as AnyFunction), properties);
}
