/**
 * Holds requests on purpose, so that races show: a random delay for each, or a wait until several can run together.
 * A request is held alone. Nothing here makes any other request or connection wait, which is what the 2009 server
 * got wrong: it slept where it accepted, so requests came one by one and races were hidden.
 */
import type { OverlapConfig, RandomDelayConfig } from '../protocol/config.ts';
import type { Exchange } from './exchange.ts';
import { seededUnit } from './random.ts';
import { type RouteMatcher, routeMatcher } from './route-matcher.ts';

export interface DisturbanceConfig {
  randomDelay: RandomDelayConfig;
  overlap: OverlapConfig;
  seed: number;
}

interface Group {
  id: number;
  members: Array<{ exchange: Exchange; since: number }>;
  timer: NodeJS.Timeout;
}

/** Key of the group that {@link Disturbance.overlapNext} collects; no route is called so. */
const NEXT = 'next';

export class Disturbance {
  #config: DisturbanceConfig;
  #delayed: RouteMatcher = () => true;
  #overlapped: RouteMatcher = () => true;
  #groups = new Map<string, Group>();
  #lastGroup = 0;
  /** Asked for by hand: the next group of its kind, whatever the configuration says. */
  #next: { size: number; maxMs: number; matches: RouteMatcher; done(): void } | undefined;
  #release: (exchanges: Exchange[]) => void;

  /**
   * @param release gets requests that are free to go; those of one call are to run together
   */
  constructor(config: DisturbanceConfig, release: (exchanges: Exchange[]) => void) {
    this.#release = release;
    this.#config = config;
    this.configure(config);
  }

  get config(): DisturbanceConfig {
    return this.#config;
  }

  /** Takes effect for the requests that come from now on; those being held stay held. */
  configure(config: DisturbanceConfig): void {
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

  /** Holds the request as the configuration says, then releases it; at once where it is not to be held. */
  hold(exchange: Exchange): void {
    exchange.nth = ++exchange.stats.count;
    const delayMs = this.delayFor(exchange.route, exchange.nth);
    if (delayMs === 0) {
      this.#overlap(exchange);
      return;
    }
    let timer: NodeJS.Timeout;
    const release = (): void => {
      const heldMs = performance.now() - exchange.receivedAt;
      // Node's timers count from the beginning of their turn in whole ms, so they may be early.
      if (heldMs < delayMs) {
        timer = setTimeout(release, Math.ceil(delayMs - heldMs));
        return;
      }
      exchange.cancelHold = undefined;
      exchange.delayMs = heldMs;
      this.#overlap(exchange);
    };
    timer = setTimeout(release, delayMs);
    exchange.cancelHold = () => clearTimeout(timer);
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
    let group = this.#groups.get(key);
    if (group === undefined) {
      const timer = setTimeout(() => this.#releaseGroup(key), maxMs);
      group = { id: ++this.#lastGroup, members: [], timer };
      this.#groups.set(key, group);
    }
    const { members } = group;
    const member = { exchange, since: performance.now() };
    members.push(member);
    exchange.cancelHold = () => {
      members.splice(members.indexOf(member), 1);
    };
    if (members.length >= size) this.#releaseGroup(key);
  }

  #releaseGroup(key: string): void {
    const group = this.#groups.get(key);
    if (group === undefined) return;
    this.#groups.delete(key);
    clearTimeout(group.timer);
    const now = performance.now();
    for (const { exchange, since } of group.members) {
      exchange.cancelHold = undefined;
      exchange.overlapMs = now - since;
      exchange.group = group.id;
    }
    this.#release(group.members.map(({ exchange }) => exchange));
    if (key === NEXT) this.cancelNext();
  }
}
