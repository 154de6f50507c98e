/**
 * The functions that transformed code calls. They hand values and functions on unchanged, except where code of an
 * observed request continues in a later turn: there it can be held.
 */
import type { ObservedRequest, SourceSite } from './observed-request.ts';
import type { Turns } from './turns.ts';

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

interface BoundaryParts {
  turns: Turns;
  /** The observed request for which the caller runs. */
  current(): ObservedRequest | undefined;
  /** Runs it for this request. */
  runIn<T>(request: ObservedRequest, run: () => T): T;
  /** Code without a request arrived. */
  unknown(): void;
  /** A path as it stands in a {@link SourceSite}. */
  shorten(file: string): string;
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

const WRAPPED = new WeakSet<object>();

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
    if (typeof value !== 'function') return value;
    const site = this.#site(key, index);
    // A site is known only when its file has run to its end; handlers are handed over before.
    return this.callback(value as AnyFunction, () => site ?? this.#site(key, index));
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
  callback(fn: AnyFunction, siteOf: () => SourceSite | undefined): AnyFunction {
    if (WRAPPED.has(fn)) return fn;
    const { current, unknown, runIn, turns } = this.#parts;
    const owner = current();
    const madeIn = turns.now;
    const call = (self: unknown, args: unknown[]): unknown => {
      const caller = current();
      const request = owner ?? caller;
      const site = request && siteOf();
      if (request === undefined || site === undefined) {
        if (owner === undefined && turns.now !== madeIn) unknown();
        return fn.apply(self, args);
      }
      const inside = (): unknown => runIn(request, () => fn.apply(self, args));
      const run = (): unknown => (caller === request ? fn.apply(self, args) : inside());
      // Called by the code of another request, which expects that it has run.
      if (caller !== undefined && caller !== request && caller.turn === turns.now) return run();
      if (request.turn === undefined) request.turn = turns.now;
      const later = new Later(inside);
      return request.arrive({ site, run: later.run }, turns.now) ? later.result : run();
    };
    const wrapped = function (this: unknown, ...args: unknown[]): unknown {
      return new.target === undefined ? call(this, args) : Reflect.construct(fn, args, new.target);
    };
    WRAPPED.add(wrapped);
    return disguise(wrapped, fn);
  }

  #continue<T>(request: ObservedRequest, site: SourceSite, turn: number, finish: () => T): T | Promise<T> {
    request.waiting -= 1;
    const { now } = this.#parts.turns;
    if (turn === now) return finish();
    const later = new Later(finish);
    return request.arrive({ site, run: later.run }, now) ? later.result : finish();
  }

  #site(key: string, index: number): SourceSite | undefined {
    return this.#sites.get(key)?.[index];
  }
}

/** Code that may run later, and what comes of it: whoever called it may wait for that. */
class Later<T> {
  #code: () => T | PromiseLike<T>;
  #settle: ((run: () => T | PromiseLike<T>) => void) | undefined;

  constructor(code: () => T | PromiseLike<T>) {
    this.#code = code;
  }

  /** Only for code that was kept: nobody handles it otherwise. */
  get result(): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#settle = (run) => {
        try {
          resolve(run());
        } catch (error) {
          reject(error as Error);
        }
      };
    });
  }

  readonly run = (): void => this.#settle?.(this.#code);
}

function isThenable(value: unknown): boolean {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Frameworks read a function's length, name and kind. */
function disguise(wrapped: AnyFunction, fn: AnyFunction): AnyFunction {
  for (const name of ['length', 'name'] as const) {
    Object.defineProperty(wrapped, name, { value: fn[name], configurable: true });
  }
  if (!('prototype' in fn)) Reflect.deleteProperty(wrapped, 'prototype');
  else wrapped.prototype = fn.prototype as unknown;
  for (const name of Reflect.ownKeys(fn)) {
    if (typeof name === 'string' && ['length', 'name', 'prototype', 'arguments', 'caller'].includes(name))
      continue;
    Object.defineProperty(wrapped, name, Object.getOwnPropertyDescriptor(fn, name)!);
  }
  wrapped.toString = () => Function.prototype.toString.call(fn);
  Object.defineProperty(wrapped, 'toString', { enumerable: false });
  return Object.setPrototypeOf(wrapped, Object.getPrototypeOf(fn) as object) as AnyFunction;
}
