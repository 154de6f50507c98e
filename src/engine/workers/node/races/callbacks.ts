/**
 * Functions that a request hands to others, such as handlers and callbacks of drivers. Where one is called in a later turn,
 * the request can be held before it runs. Whoever calls it must not see a difference.
 */
import { AsyncResource } from 'node:async_hooks';
import { Later } from './later.ts';
import type { ObservedRequest, SourceSite } from './observed-request.ts';
import type { Turns } from './turns.ts';

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/**
 * What its caller gets from it, as far as the source tells. `value`: something, perhaps a promise. `at once`: something that
 * the caller may need before it goes on, so the function is never held.
 */
export type CallbackStyle = 'value' | 'nothing' | 'at once';

export interface CallbackParts {
  turns: Turns;
  /** The observed request for which the caller runs. */
  current(): ObservedRequest | undefined;
  /** Runs it for this request. */
  runIn<T>(request: ObservedRequest, run: () => T): T;
  /** Code without a request arrived. */
  unknown(): void;
}

const WRAPPED = new WeakSet<object>();
const AsyncFunction = (async () => {}).constructor;

export function wrapCallback(
  { current, unknown, runIn, turns }: CallbackParts,
  fn: AnyFunction,
  siteOf: () => SourceSite | undefined,
  style: CallbackStyle,
): AnyFunction {
  if (WRAPPED.has(fn)) return fn;
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
    // Nothing can have happened since it was handed over.
    if (turns.now === madeIn || !mayWait(fn, args, style, owner === undefined)) return run();
    // Called by the code of another request, which expects that it has run.
    if (caller !== undefined && caller !== request && caller.turn === turns.now) return run();
    if (request.turn === undefined) request.turn = turns.now;
    const late = new Late(fn, args, inside, style);
    return request.arrive({ site, run: late.run }, turns.now) ? late.kept() : run();
  };
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    return new.target === undefined ? call(this, args) : Reflect.construct(fn, args, new.target);
  };
  WRAPPED.add(wrapped);
  return disguise(wrapped, fn);
}

/**
 * Whether its caller goes on without what the function does. Libraries ask functions that they got at the start, such as a
 * body parser's `verify`, and need the answer, except where they call the function as a handler.
 */
function mayWait(
  fn: AnyFunction,
  args: readonly unknown[],
  style: CallbackStyle,
  fromStart: boolean,
): boolean {
  if (fn instanceof AsyncFunction) return true;
  if (style === 'at once') return false;
  return !fromStart || callsBack(fn, args) || args.some(answers);
}

/** Its last parameter is a function, which it calls when it is ready. */
function callsBack(fn: AnyFunction, args: readonly unknown[]): boolean {
  return typeof args[fn.length - 1] === 'function';
}

/** It is a response, Fastify's reply, or Koa's context. */
function answers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { raw, res } = value as { raw?: unknown; res?: unknown };
  return [value, raw, res].some(isResponse);
}

/** A call that may happen later. */
class Late {
  #fn: AnyFunction;
  #args: unknown[];
  #style: CallbackStyle;
  #code: () => unknown;
  #run: () => void = () => {};

  constructor(fn: AnyFunction, args: unknown[], code: () => unknown, style: CallbackStyle) {
    this.#fn = fn;
    this.#args = args;
    this.#code = code;
    this.#style = style;
  }

  /** The call does not happen now. @returns what its caller gets instead */
  kept(): unknown {
    // The app may keep values of its own for what runs there.
    const place = new AsyncResource('ConcurrentServerRaces');
    const code = (): unknown => place.runInAsyncScope(() => this.#caught());
    if (!this.#returnsPromise()) {
      this.#run = code;
      return undefined;
    }
    const later = new Later(code);
    this.#run = later.run;
    return later.result;
  }

  readonly run = (): void => this.#run();

  /** One that calls back itself returns nothing of interest: Fastify goes on twice if it gets a promise as well. */
  #returnsPromise(): boolean {
    if (this.#fn instanceof AsyncFunction) return true;
    return this.#style !== 'nothing' && !callsBack(this.#fn, this.#args);
  }

  /** Who called it can't catch what it throws any more. A handler in the manner of Express hands that to `next`. */
  #caught(): unknown {
    const next = this.#args.at(-1);
    if (typeof next !== 'function' || !isResponse(this.#args.at(-2))) return this.#code();
    try {
      return this.#code();
    } catch (error) {
      return (next as AnyFunction)(error);
    }
  }
}

function isResponse(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'writeHead' in value && 'end' in value;
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
  // A listener that removes itself knows only the function; emitters look at this property as well.
  if (fn.name !== '' && !('listener' in fn)) {
    Object.defineProperty(wrapped, 'listener', { value: fn, configurable: true });
  }
  wrapped.toString = () => Function.prototype.toString.call(fn);
  Object.defineProperty(wrapped, 'toString', { enumerable: false });
  return Object.setPrototypeOf(wrapped, Object.getPrototypeOf(fn) as object) as AnyFunction;
}
