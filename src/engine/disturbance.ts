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

export class Disturbance {
  #config: DisturbanceConfig;
  #delayed: RouteMatcher = () => true;
  #overlapped: RouteMatcher = () => true;
  #groups = new Map<string, Group>();
  #lastGroup = 0;
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
    // A group that waits for more members than will ever come now.
    if (config.overlap.size === 0) for (const key of [...this.#groups.keys()]) this.#releaseGroup(key);
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
    const { size, maxMs, routes } = this.#config.overlap;
    if (size < 2 || !this.#overlapped(exchange.route)) {
      this.#release([exchange]);
      return;
    }
    // Named routes overlap with one another; without names a request only meets others of its own route.
    const key = routes.length > 0 ? '' : exchange.route;
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
  }
}
