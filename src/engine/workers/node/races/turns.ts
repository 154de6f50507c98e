/**
 * Counts the turns of the event loop: callbacks that Node starts from outside of JavaScript, and timers and immediates.
 * Between two turns code of another request can run; within one it can't. So code may be held only where it continued
 * in a later turn: a pause anywhere else would show an order that Node never produces.
 */
import async_hooks from 'node:async_hooks';

/**
 * Continuations of the turn that runs, in whatever order. The HTTP parsers call back for a head and again for its end,
 * within one read of their socket.
 */
const SAME_TURN: ReadonlySet<string> = new Set([
  'PROMISE',
  'TickObject',
  'Microtask',
  'HTTPINCOMINGMESSAGE',
  'HTTPCLIENTREQUEST',
]);

/**
 * Work of one request that ends by itself: while some is left, the request is not settled. Jobs of `crypto` and `zlib` are
 * missing, because those of a synchronous call never end.
 */
const WORK: ReadonlySet<string> = new Set([
  'Timeout',
  'Immediate',
  'FSREQCALLBACK',
  'FSREQPROMISE',
  'GETADDRINFOREQWRAP',
  'TCPCONNECTWRAP',
]);

interface TimerResource {
  _idleTimeout?: number;
  _repeat?: number | null;
  hasRef?(): boolean;
}

/** One piece of a request's unfinished work. */
interface Work {
  request: number;
  type: string;
  resource: TimerResource;
  startedAt: number;
}

export class Turns {
  #turn = 0;
  #depth = 0;
  #later = new Set<number>();
  #work = new Map<number, Work>();
  #currentRequest: () => number | undefined;

  constructor(currentRequest: () => number | undefined) {
    this.#currentRequest = currentRequest;
  }

  /** The number of the turn that runs. */
  get now(): number {
    return this.#turn;
  }

  install(): void {
    async_hooks
      .createHook({
        init: (id, type, _trigger, resource) => this.#created(id, type, resource as TimerResource),
        before: (id) => {
          if (this.#later.has(id)) {
            if (this.#depth === 0) this.#turn += 1;
            this.#depth += 1;
          }
        },
        after: (id) => {
          if (this.#later.has(id)) this.#depth -= 1;
          const work = this.#work.get(id);
          if (work !== undefined && !work.resource._repeat) this.#work.delete(id);
        },
        destroy: (id) => {
          this.#later.delete(id);
          this.#work.delete(id);
        },
      })
      .enable();
  }

  /** Unfinished work of a request that will end by itself within a moment. */
  hasWork(request: number): boolean {
    return this.#of(request).some(({ type, resource }) => type !== 'Timeout' || waits(resource) <= SHORT_MS);
  }

  /** ms until the last of the request's timers fires; 0: it has none. */
  longestTimer(request: number): number {
    const now = performance.now();
    const left = this.#of(request)
      .filter(({ type }) => type === 'Timeout')
      .map(({ resource, startedAt }) => Math.max(1, Math.ceil(startedAt + waits(resource) - now)));
    return Math.max(0, ...left);
  }

  #of(request: number): Work[] {
    return [...this.#work.values()].filter(
      (work) => work.request === request && work.resource.hasRef?.() !== false,
    );
  }

  #created(id: number, type: string, resource: TimerResource): void {
    // JavaScript enters its own resources, within a turn.
    if (SAME_TURN.has(type) || resource instanceof async_hooks.AsyncResource) return;
    this.#later.add(id);
    if (!WORK.has(type)) return;
    const request = this.#currentRequest();
    if (request !== undefined) this.#work.set(id, { request, type, resource, startedAt: performance.now() });
  }
}

/** A longer timer is a deadline or housekeeping, not a part of the request. */
const SHORT_MS = 2000;

function waits({ _idleTimeout = 0, _repeat }: TimerResource): number {
  return _repeat ? Number.POSITIVE_INFINITY : _idleTimeout;
}
