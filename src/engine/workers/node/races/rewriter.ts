/** One pass over a parsed source: finds the places to mark, and inserts the calls of the runtime. */
import { createHash } from 'node:crypto';
import type { AnyNode, CallExpression, NewExpression, Program } from 'acorn';
import { isAsync, namedCallback, styleOf } from './callback-style.ts';
import { AWAITERS, CHAINS, ELSEWHERE, HELPER, HELPER_CODE, SYNCHRONOUS } from './known-calls.ts';
import { LineIndex } from './line-index.ts';
import {
  calleeName,
  cleaned,
  functionName,
  isQuery,
  labelOf,
  type Position,
  type SiteEntry,
  type SourceKind,
} from './site-names.ts';
import {
  childrenOf,
  declaredName,
  type FunctionNode,
  isCallback,
  isFunction,
  isOptional,
  receiverOf,
} from './syntax.ts';

/** The global variable by which transformed code reaches the runtime of the finder. */
const RUNTIME = '__concurrentServerRaces__';
/** Only transformed code has it. */
export const MARK = `${RUNTIME}.register(`;

/** The app's own threads share Node's loaders, before Node 22, but not this variable. */
const WITHOUT_HOOKS = `globalThis.${RUNTIME}??={a:x=>x,c:x=>x,i:x=>x,k:x=>x,n:x=>x,t:x=>x,v:x=>x,register(){}};`;

export interface RewriterOptions {
  /** Absolute path. */
  file: string;
  /** Where a place of the code comes from, if the code was compiled from another source. */
  original?: (line: number, column: number) => Position | undefined;
}

export interface Transformed {
  code: string;
  sites: SiteEntry[];
}

interface Scope {
  /** Name of the nearest function that has one. */
  fn: string;
  depth: number;
  /** The function is a generator whose `yield` stands for an `await`: compiled for an old target. */
  awaiter: boolean;
}

/** Text around a part of the source. */
interface Wrap {
  from: number;
  before: string;
  to: number;
  after: string;
}

export class Rewriter {
  readonly #source: string;
  readonly #program: Program;
  readonly #options: RewriterOptions;
  readonly #key: string;
  readonly #sites: SiteEntry[] = [];
  readonly #wraps = new Map<AnyNode, Wrap>();
  /** Functions that run elsewhere. */
  readonly #foreign = new Set<AnyNode>();
  readonly #insertions: Array<{ at: number; text: string }> = [];
  readonly #path: AnyNode[] = [];
  readonly #lines: LineIndex;

  constructor(source: string, program: Program, options: RewriterOptions) {
    this.#source = source;
    this.#program = program;
    this.#options = options;
    this.#key = createHash('sha1').update(`${options.file}\0${source}`).digest('hex').slice(0, 10);
    this.#lines = new LineIndex(source);
  }

  run(): Transformed | undefined {
    this.#visit(this.#program, { fn: '', depth: 0, awaiter: false });
    if (this.#sites.length === 0) return undefined;
    const first = this.#program.body.find((node) => !('directive' in node && node.directive !== undefined))!;
    // At the start: the end of an app's main module may never be reached.
    const register = `${WITHOUT_HOOKS}${MARK}"${this.#key}",${JSON.stringify(this.#sites)},${JSON.stringify(this.#options.file)});`;
    this.#insertions.unshift({ at: first.start, text: register });
    return { code: this.#spliced(), sites: this.#sites };
  }

  #spliced(): string {
    // Stable: at one place, the outer text before the inner one.
    const sorted = this.#insertions.sort((a, b) => a.at - b.at);
    let code = '';
    let done = 0;
    for (const { at, text } of sorted) {
      code += this.#source.slice(done, at) + text;
      done = at;
    }
    return code + this.#source.slice(done);
  }

  #visit(node: AnyNode, scope: Scope): void {
    if (this.#foreign.has(node) || HELPER_CODE.test(declaredName(node))) return;
    const wrap = this.#wraps.get(node);
    if (wrap !== undefined) {
      const glued = /[\w$\u0080-\uffff]/.test(this.#source[wrap.from - 1] ?? '');
      this.#insertions.push({ at: wrap.from, text: (glued ? ' ' : '') + wrap.before });
    }
    const inner = isFunction(node) ? this.#scopeOf(node, scope) : scope;
    this.#mark(node, inner);
    this.#path.push(node);
    for (const child of childrenOf(node)) this.#visit(child, inner);
    this.#path.pop();
    if (wrap !== undefined) this.#insertions.push({ at: wrap.to, text: wrap.after });
  }

  #scopeOf(node: FunctionNode, outer: Scope): Scope {
    const parent = this.#path.at(-1);
    return {
      fn: functionName(node, this.#path, outer.depth) ?? outer.fn,
      depth: outer.depth + 1,
      awaiter: node.generator && parent?.type === 'CallExpression' && AWAITERS.has(calleeName(parent)),
    };
  }

  #mark(node: AnyNode, scope: Scope): void {
    switch (node.type) {
      case 'AwaitExpression':
        // An await at the top level belongs to no request.
        if (scope.depth > 0) this.#markAwait(node, node.argument, scope);
        break;
      case 'YieldExpression':
        if (scope.awaiter && node.argument && !node.delegate) this.#markAwait(node, node.argument, scope);
        break;
      case 'ForOfStatement':
        if (node.await && scope.depth > 0) {
          const label = labelOf(this.#source, node.right);
          this.#wrap(node.right, 'i', this.#site(node.right.start, 'await', label, scope.fn));
        }
        break;
      case 'CallExpression':
        this.#markCall(node, scope);
        break;
      case 'NewExpression':
        if (calleeName(node) !== 'Proxy') this.#markOptions(node, scope);
        break;
    }
  }

  /** From behind the keyword, so that parentheses and comments stay inside. Both keywords have five letters. */
  #markAwait(node: AnyNode, argument: AnyNode, scope: Scope): void {
    const kind = isQuery(argument) ? 'query' : 'await';
    const site = this.#site(argument.start, kind, labelOf(this.#source, argument), scope.fn);
    const from = node.start + 'await'.length;
    this.#wraps.set(argument, { from, before: `${RUNTIME}.a(`, to: node.end, after: this.#tail(site) });
  }

  #markCall(node: CallExpression, scope: Scope): void {
    const { callee } = node;
    const name = calleeName(node);
    if (callee.type === 'MemberExpression' && !callee.computed && CHAINS.has(name) && !isOptional(callee)) {
      const { object, property } = callee;
      if (object.type !== 'Super') {
        const kind = isQuery(object) ? 'query' : 'await';
        this.#wrap(object, 't', this.#site(property.start, kind, labelOf(this.#source, object), scope.fn));
        return;
      }
    }
    if (HELPER.test(name)) return;
    for (const [index, argument] of node.arguments.entries()) {
      if (!isCallback(argument) || (index === 0 && SYNCHRONOUS.has(name))) continue;
      if (ELSEWHERE.test(name)) this.#foreign.add(argument);
      else this.#wrap(argument, styleOf(argument, name), this.#callbackSite(argument, node, scope));
    }
    this.#markNamed(node, name, scope);
    if (!/^(?:Object|Reflect)$/.test(receiverOf(node))) this.#markOptions(node, scope);
  }

  /** A callback that is handed over by its name, where nobody compares it with another. */
  #markNamed(node: CallExpression, name: string, scope: Scope): void {
    const argument = namedCallback(node, name);
    if (argument === undefined || scope.depth === 0) return;
    const label = labelOf(`${labelOf(this.#source, node.callee)}(…`, undefined);
    const fn = argument.type === 'Identifier' ? cleaned(argument.name) : scope.fn;
    this.#wrap(argument, 'n', this.#site(argument.start, isQuery(node) ? 'query' : 'callback', label, fn));
  }

  /** Functions in object literals among the arguments. */
  #markOptions(call: CallExpression | NewExpression, scope: Scope): void {
    const inside = (node: AnyNode): void => {
      if (node.type !== 'ObjectExpression') return;
      for (const property of node.properties) {
        if (property.type !== 'Property' || property.kind !== 'init' || property.method) continue;
        const { key, value } = property;
        if (!isCallback(value)) {
          inside(value);
          continue;
        }
        const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : '';
        // `__proto__: f` is no property.
        if (property.computed || name === '' || name === '__proto__') continue;
        // The function takes its name from a property, so it gets one of the same name.
        const quoted = JSON.stringify(name);
        const site = this.#callbackSite(value, call, scope, name);
        const wrap = this.#wrap(value, isAsync(value) ? 'c' : 'k', site);
        wrap.before += `{${quoted}:`;
        wrap.after = `}[${quoted}]${wrap.after}`;
      }
    };
    for (const argument of call.arguments) inside(argument);
  }

  #callbackSite(
    node: FunctionNode,
    call: CallExpression | NewExpression,
    scope: Scope,
    property?: string,
  ): number {
    const before = this.#source.slice(call.start, Math.min(node.start, call.start + 400));
    const text = property === undefined ? before : `${labelOf(this.#source, call.callee)}({ ${property}: `;
    const label = labelOf(`${text}…`, undefined);
    // A callback's site has the name of the callback: that is what is held.
    const own = functionName(node, [...this.#path, call], scope.depth);
    const fn = property === undefined ? (own ?? scope.fn) : cleaned(property);
    return this.#site(node.start, isQuery(call) ? 'query' : 'callback', label, fn);
  }

  #site(offset: number, kind: SourceKind, label: string, fn: string): number {
    const { line, column } = this.#lines.at(offset);
    const position = this.#options.original?.(line, column) ?? { line, column };
    return this.#sites.push({ ...position, fn, label, kind }) - 1;
  }

  #wrap(node: AnyNode, method: string, site: number): Wrap {
    const sequence = node.type === 'SequenceExpression';
    const wrap = {
      from: node.start,
      before: `${RUNTIME}.${method}(${sequence ? '(' : ''}`,
      to: node.end,
      after: (sequence ? ')' : '') + this.#tail(site),
    };
    this.#wraps.set(node, wrap);
    return wrap;
  }

  #tail(site: number): string {
    return `,"${this.#key}",${site})`;
  }
}
