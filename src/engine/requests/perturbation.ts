/**
 * Holds requests on purpose, so that races show: each gets a random delay, or waits until several can run together.
 * Each request is held alone and makes no other request or connection wait. The 2009 server got this wrong: it slept
 * where it accepted, so requests came one by one and races were hidden.
 */
import type { OverlapConfig, RandomDelayConfig } from '../../protocol/config.ts';
import type { Exchange } from './exchange.ts';
import { type RouteMatcher, routeMatcher } from './route-matcher.ts';
import { seededUnit } from './seeded-random.ts';

export interface PerturbationConfig {
  randomDelay: RandomDelayConfig;
  overlap: OverlapConfig;
  seed: number;
}

export interface PerturbationEvents {
  /** These requests may go on; those of one call should run together. */
  release(exchanges: Exchange[]): void;
  /** The time of an overlap was over before enough requests had come. Not called if all of them left. */
  incomplete(overlap: { came: number; size: number; maxMs: number }): void;
}

interface Group {
  id: number;
  members: Array<{ exchange: Exchange; since: number }>;
  /** Cancels the release at the end of its time. */
  forget(): void;
}

/** Key of the group of {@link Perturbation.overlapNext}; no route has this name. */
const NEXT = 'next';

export class Perturbation {
  #config: PerturbationConfig;
  #delayed: RouteMatcher = () => true;
  #overlapped: RouteMatcher = () => true;
  #groups = new Map<string, Group>();
  #lastGroup = 0;
  /** The next group, asked for by a command; the configuration does not matter for it. */
  #next: { size: number; maxMs: number; matches: RouteMatcher; done(): void } | undefined;
  #events: PerturbationEvents;

  constructor(config: PerturbationConfig, events: PerturbationEvents) {
    this.#events = events;
    this.#config = config;
    this.configure(config);
  }

  get config(): PerturbationConfig {
    return this.#config;
  }

  /** Takes effect for later requests; held ones stay held. */
  configure(config: PerturbationConfig): void {
    this.#config = config;
    this.#delayed = routeMatcher(config.randomDelay.routes);
    this.#overlapped = routeMatcher(config.overlap.routes);
    this.cancelNext();
    // These groups would wait for members that never come.
    if (config.overlap.size === 0) for (const key of [...this.#groups.keys()]) this.#releaseGroup(key);
  }

  /**
   * Holds the next `size` requests that match `routes` (empty: all) and releases them together; at the latest `maxMs`
   * after the first. Resolves when they are released, or when another call or {@link configure} replaces this one.
   */
  overlapNext({ size, maxMs, routes }: OverlapConfig): Promise<void> {
    this.cancelNext();
    return new Promise((resolve) => {
      this.#next = { size, maxMs, matches: routeMatcher(routes), done: resolve };
    });
  }

  /** Resolves a waiting {@link overlapNext} and releases its requests. */
  cancelNext(): void {
    const next = this.#next;
    this.#next = undefined;
    this.#releaseGroup(NEXT);
    next?.done();
  }

  /** Holds the request according to the configuration, then releases it; at once if nothing applies to it. */
  hold(exchange: Exchange): void {
    const delayMs = this.delayFor(exchange.route, exchange.counted());
    if (delayMs === 0) {
      this.#overlap(exchange);
      return;
    }
    const cancel = whenOver(exchange.receivedAt, delayMs, (heldMs) => {
      exchange.delayed(heldMs);
      this.#overlap(exchange);
    });
    exchange.hold(cancel);
  }

  /** The delay of the `nth` request to a route, in ms; 0 if it has none. */
  delayFor(route: string, nth: number): number {
    const { enabled, min, max } = this.#config.randomDelay;
    if (!enabled || !this.#delayed(route)) return 0;
    return min + seededUnit(this.#config.seed, route, nth) * (max - min);
  }

  #overlap(exchange: Exchange): void {
    const next = this.#next;
    if (next?.matches(exchange.route)) {
      this.#join(NEXT, next, exchange);
      return;
    }
    const { size, routes } = this.#config.overlap;
    if (size < 2 || !this.#overlapped(exchange.route)) {
      this.#events.release([exchange]);
      return;
    }
    // Named routes overlap with each other; without names, a request overlaps only with others of its own route.
    this.#join(routes.length > 0 ? '' : exchange.route, this.#config.overlap, exchange);
  }

  #join(key: string, { size, maxMs }: Pick<OverlapConfig, 'size' | 'maxMs'>, exchange: Exchange): void {
    const since = performance.now();
    let group = this.#groups.get(key);
    if (group === undefined) {
      const forget = whenOver(since, maxMs, () => this.#giveUp(key, size, maxMs));
      group = { id: ++this.#lastGroup, members: [], forget };
      this.#groups.set(key, group);
    }
    const { members } = group;
    const member = { exchange, since };
    members.push(member);
    exchange.hold(() => void members.splice(members.indexOf(member), 1));
    if (members.length >= size) this.#releaseGroup(key);
  }

  #giveUp(key: string, size: number, maxMs: number): void {
    const came = this.#groups.get(key)?.members.length ?? 0;
    this.#releaseGroup(key);
    if (came > 0) this.#events.incomplete({ came, size, maxMs });
  }

  #releaseGroup(key: string): void {
    const group = this.#groups.get(key);
    if (group === undefined) return;
    this.#groups.delete(key);
    group.forget();
    const now = performance.now();
    for (const { exchange, since } of group.members) exchange.overlapped(now - since, group.id);
    this.#events.release(group.members.map(({ exchange }) => exchange));
    if (key === NEXT) this.cancelNext();
  }
}

/**
 * Calls `run` once at least `ms` have passed since a moment of `performance.now()`, with the time that has passed.
 * Never early: Node's own timers count whole ms from the start of their turn. @returns a function that cancels the call
 */
function whenOver(since: number, ms: number, run: (passedMs: number) => void): () => void {
  const check = (): void => {
    const passedMs = performance.now() - since;
    if (passedMs < ms) timer = setTimeout(check, Math.ceil(ms - passedMs));
    else run(passedMs);
  };
  let timer = setTimeout(check, ms);
  return () => clearTimeout(timer);
}
