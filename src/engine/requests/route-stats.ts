/** Statistics per route: the number of its requests, and how long they keep a worker's event loop. */

/** The number of routes to remember; above it, the oldest is forgotten. */
const MAX_ROUTES = 10_000;
/**
 * Steps of an estimate that settles near the 60th percentile. No single outlier (a garbage collection, a busy core)
 * moves it much.
 */
const UP = 1.2;
const DOWN = 0.9;

/** The smallest estimate, in ms; from here it can rise again in a few steps. */
const MIN_LOOP_MS = 0.005;

/** A longer request makes its route unpredictable for the next `UNPREDICTABLE_FOR` requests. In ms. */
const OUTLIER_MS = 20;
const UNPREDICTABLE_FOR = 64;

export class RouteStats {
  #count = 0;
  #loopMs: number | undefined;
  #unpredictable = 0;

  /** Counts one more request. @returns its number, from 1 */
  count(): number {
    this.#count += 1;
    return this.#count;
  }

  restartCount(): void {
    this.#count = 0;
  }

  /**
   * How long a request keeps the event loop before it first lets go, in ms; undefined until one was measured, and for a
   * while after one took very much longer.
   */
  get loopMs(): number | undefined {
    return this.#unpredictable > 0 ? undefined : this.#loopMs;
  }

  /**
   * The same estimate without regard to outliers, in ms; 0 until one was measured, and for a route that is always long.
   */
  get usualMs(): number {
    const usual = this.#loopMs ?? 0;
    return usual > OUTLIER_MS ? 0 : usual;
  }

  measured(ms: number): void {
    if (ms > OUTLIER_MS) this.#unpredictable = UNPREDICTABLE_FOR;
    else if (this.#unpredictable > 0) this.#unpredictable -= 1;
    if (this.#loopMs === undefined) this.#loopMs = ms;
    else this.#loopMs = Math.max(MIN_LOOP_MS, this.#loopMs * (ms > this.#loopMs ? UP : DOWN));
  }
}

export class Routes {
  #stats = new Map<string, RouteStats>();

  /** @param route method and path */
  of(route: string): RouteStats {
    const known = this.#stats.get(route);
    if (known !== undefined) return known;
    if (this.#stats.size >= MAX_ROUTES) this.#stats.delete(this.#stats.keys().next().value!);
    const stats = new RouteStats();
    this.#stats.set(route, stats);
    return stats;
  }

  /** Restarts all counts, so that the same seed gives the same delays again. */
  restartCounts(): void {
    for (const stats of this.#stats.values()) stats.restartCount();
  }
}
