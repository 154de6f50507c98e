/**
 * Holds requests on purpose, so that races show: a random delay for each, or a wait until several can run together.
 * A request is held alone. Nothing here makes any other request or connection wait, which is what the 2009 server
 * got wrong: it slept where it accepted, so requests came one by one and races were hidden.
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

interface Group {
  id: number;
  members: Array<{ exchange: Exchange; since: number }>;
  /** Takes back that it is released when its time is over. */
  forget(): void;
}

/** Key of the group that {@link Perturbation.overlapNext} collects; no route is called so. */
const NEXT = 'next';

export class Perturbation {
  #config: PerturbationConfig;
  #delayed: RouteMatcher = () => true;
  #overlapped: RouteMatcher = () => true;
  #groups = new Map<string, Group>();
  #lastGroup = 0;
  /** From {@link Perturbation.overlapNext}: the next group of its kind, regardless of the configuration. */
  #next: { size: number; maxMs: number; matches: RouteMatcher; done(): void } | undefined;
  #release: (exchanges: Exchange[]) => void;

  /**
   * @param release gets requests that are free to go; those of one call are to run together
   */
  constructor(config: PerturbationConfig, release: (exchanges: Exchange[]) => void) {
    this.#release = release;
    this.#config = config;
    this.configure(config);
  }

  get config(): PerturbationConfig {
    return this.#config;
  }

  /** Takes effect for the requests that come from now on; those being held stay held. */
  configure(config: PerturbationConfig): void {
    this.#config = config;
    this.#delayed = routeMatcher(config.randomDelay.routes);
    this.#overlapped = routeMatcher(config.overlap.routes);
    this.cancelNext();
    // A group that waits for more members than will ever come now.
    if (config.overlap.size === 0) for (const key of [...this.#groups.keys()]) this.#releaseGroup(key);
  }

  /**
   * Holds the next `size` requests that match `routes` (empty: all) and releases them together, or what has come
   * `maxMs` after the first. Resolves when they are released, or when another call or {@link configure} takes its place.
   */
  overlapNext({ size, maxMs, routes }: OverlapConfig): Promise<void> {
    this.cancelNext();
    return new Promise((resolve) => {
      this.#next = { size, maxMs, matches: routeMatcher(routes), done: resolve };
    });
  }

  /** Whoever waits in {@link overlapNext} waits no more, and what was held for it goes. */
  cancelNext(): void {
    const next = this.#next;
    this.#next = undefined;
    this.#releaseGroup(NEXT);
    next?.done();
  }

  /** Holds the request according to the configuration, then releases it; at once if it is not to be held. */
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

  /** The delay of the `nth` request to a route, in ms; 0 where there is none. */
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
      this.#release([exchange]);
      return;
    }
    // Named routes overlap with one another; without names a request only meets others of its own route.
    this.#join(routes.length > 0 ? '' : exchange.route, this.#config.overlap, exchange);
  }

  #join(key: string, { size, maxMs }: Pick<OverlapConfig, 'size' | 'maxMs'>, exchange: Exchange): void {
    const since = performance.now();
    let group = this.#groups.get(key);
    if (group === undefined) {
      const forget = whenOver(since, maxMs, () => this.#releaseGroup(key));
      group = { id: ++this.#lastGroup, members: [], forget };
      this.#groups.set(key, group);
    }
    const { members } = group;
    const member = { exchange, since };
    members.push(member);
    exchange.hold(() => void members.splice(members.indexOf(member), 1));
    if (members.length >= size) this.#releaseGroup(key);
  }

  #releaseGroup(key: string): void {
    const group = this.#groups.get(key);
    if (group === undefined) return;
    this.#groups.delete(key);
    group.forget();
    const now = performance.now();
    for (const { exchange, since } of group.members) exchange.overlapped(now - since, group.id);
    this.#release(group.members.map(({ exchange }) => exchange));
    if (key === NEXT) this.cancelNext();
  }
}

/**
 * Calls once `ms` have passed since a moment of `performance.now()`, with how many they were, and never earlier: Node's
 * own timers count whole ms from the beginning of their turn. @returns what takes it back
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
