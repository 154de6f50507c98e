/**
 * The functions that transformed code calls. They hand values and functions on unchanged, except where code of an
 * observed request continues in a later turn: there it can be held.
 */
import { type AnyFunction, type CallbackParts, type CallbackStyle, wrapCallback } from './callbacks.ts';
import { Later } from './later.ts';
import type { ObservedRequest, SourceSite } from './observed-request.ts';

/** A site as the transform registers it. */
export interface SiteEntry {
  line: number;
  column: number;
  fn: string;
  label: string;
  kind: string;
  /** Absolute path of the original file, if a source map names another one. */
  source?: string;
}

interface BoundaryParts extends CallbackParts {
  /** A path as it stands in a {@link SourceSite}. */
  shorten(file: string): string;
}

export class Boundaries {
  #parts: BoundaryParts;
  #sites = new Map<string, SourceSite[]>();

  constructor(parts: BoundaryParts) {
    this.#parts = parts;
  }

  /** @param file absolute path */
  register(key: string, entries: readonly SiteEntry[], file: string): void {
    const { shorten } = this.#parts;
    const sites = entries.map(({ line, fn, label, kind, source }) => {
      return { kind, fn, file: shorten(source ?? file), line, label };
    });
    this.#sites.set(key, sites);
  }

  /** `await value` */
  a(value: unknown, key: string, index: number): unknown {
    const request = this.#parts.current();
    if (request === undefined || !isThenable(value)) return value;
    const site = this.#site(key, index);
    return site === undefined ? value : this.promise(request, Promise.resolve(value), site);
  }

  /** `promise.then(…)`: only native promises, because others may have methods of their own. */
  t(value: unknown, key: string, index: number): unknown {
    const request = this.#parts.current();
    if (request === undefined || !(value instanceof Promise) || value.constructor !== Promise) return value;
    const site = this.#site(key, index);
    return site === undefined ? value : this.promise(request, value, site);
  }

  /** `for await (… of value)` */
  i(value: unknown, key: string, index: number): unknown {
    const request = this.#parts.current();
    const site = this.#site(key, index);
    const start = (value as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator];
    if (request === undefined || site === undefined || typeof start !== 'function') return value;
    return {
      [Symbol.asyncIterator]: () => {
        const iterator = start.call(value);
        const step = (run: (() => PromiseLike<unknown>) | undefined): unknown =>
          run && this.promise(request, Promise.resolve(run()), site);
        return {
          next: () => step(() => iterator.next()),
          ...(iterator.return && { return: (last: unknown) => iterator.return!(last) }),
        };
      },
    };
  }

  /** A function that is handed to somebody who may call it in a later turn. */
  c(value: unknown, key: string, index: number): unknown {
    return this.#function(value, key, index, 'value');
  }

  /** The same for one that returns nothing. */
  v(value: unknown, key: string, index: number): unknown {
    return this.#function(value, key, index, 'nothing');
  }

  /** The same for what a name stands for, where only the call matters. */
  n(value: unknown, key: string, index: number): unknown {
    const known = this.#parts.current() !== undefined && typeof value === 'function' && !isBuiltIn(value);
    return known ? this.#function(value, key, index, 'nothing') : value;
  }

  /** The same for one whose caller may need its result at once: it is never held. */
  k(value: unknown, key: string, index: number): unknown {
    return this.#function(value, key, index, 'at once');
  }

  /** Settles when the promise does, in the same turn, unless the request is held there. */
  promise<T>(request: ObservedRequest, promise: Promise<T>, site: SourceSite): Promise<T> {
    const turn = this.#parts.turns.now;
    request.waiting += 1;
    return promise.then(
      (value) => this.#continue(request, site, turn, () => value),
      (error: unknown) =>
        this.#continue(request, site, turn, () => {
          throw error;
        }),
    );
  }

  /** The function, which may be held when it is called in a later turn. */
  callback(
    fn: AnyFunction,
    siteOf: () => SourceSite | undefined,
    style: CallbackStyle = 'value',
  ): AnyFunction {
    return wrapCallback(this.#parts, fn, siteOf, style);
  }

  #continue<T>(request: ObservedRequest, site: SourceSite, turn: number, finish: () => T): T | Promise<T> {
    request.waiting -= 1;
    const { now } = this.#parts.turns;
    if (turn === now) return finish();
    const later = new Later(finish);
    return request.arrive({ site, run: later.run }, now) ? later.result : finish();
  }

  #function(value: unknown, key: string, index: number, style: CallbackStyle): unknown {
    if (typeof value !== 'function') return value;
    const site = this.#site(key, index);
    // A site is known only when its file has run to its end; handlers are handed over before.
    return this.callback(value as AnyFunction, () => site ?? this.#site(key, index), style);
  }

  #site(key: string, index: number): SourceSite | undefined {
    return this.#sites.get(key)?.[index];
  }
}

/** Such as the functions that settle a promise: what waits for that is a boundary itself. */
function isBuiltIn(fn: { name: string }): boolean {
  return fn.name === '' && Function.prototype.toString.call(fn).endsWith('{ [native code] }');
}

function isThenable(value: unknown): boolean {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
