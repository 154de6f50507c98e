/**
 * Decides when a worker counts as blocked, and which of its requests may then move. The clock is passed in. On a
 * machine with fewer cores than busy workers, each worker is silent at times; treating that as blocked would cost more
 * than waiting.
 */
import type { RouteStats } from '../requests/route-stats.ts';

/** After this silence a worker gets a ping; after the same time without a pong it counts as blocked. In ms. */
export const SILENT_MS = 10;
/** A worker that runs a request of a known length gets a ping after this many times that length. */
const PATIENCE = 2;
/**
 * When all workers have been blocked for this long, in ms, another one starts: a start takes about as long. Only then
 * may a request that must run apart move, too.
 */
export const LASTING_MS = 100;

/** The state of a worker's event loop. Times are on the clock of `performance.now()`. */
export class WorkerHealth {
  /** When its last frame came; until the first one, when it was started. */
  lastHeardAt: number;
  /** Since when it has not answered; undefined while it answers. */
  blockedSince: number | undefined;
  /** When the open ping was sent. */
  #pingedAt: number | undefined;

  constructor(now: number) {
    this.lastHeardAt = now;
  }

  /** A frame shows that its event loop turns. */
  responded(now: number): void {
    this.lastHeardAt = now;
    this.#pingedAt = undefined;
    this.blockedSince = undefined;
  }

  /**
   * Call it every few ms while the worker has work.
   * @param idleSince when it last had no work: earlier silence means nothing
   * @param patienceMs how long it may be silent; see {@link patienceMs}
   * @returns `ping`: send it a ping; `blocked`: it counts as blocked from now on
   */
  check(now: number, idleSince: number, patienceMs: number): 'ping' | 'blocked' | undefined {
    if (this.#pingedAt === undefined) {
      if (now - Math.max(this.lastHeardAt, idleSince) <= patienceMs) return undefined;
      this.#pingedAt = now;
      return 'ping';
    }
    if (this.blockedSince !== undefined || now - this.#pingedAt <= SILENT_MS) return undefined;
    this.blockedSince = this.#pingedAt;
    return 'blocked';
  }
}

interface Requests {
  /** Offers that are not started, or whose start is not reported yet; the oldest first. */
  readonly offers: { values(): Iterable<{ exchange: { stats: Pick<RouteStats, 'usualMs'> } }> };
}

interface Offered {
  readonly state: 'open' | 'revoking' | 'revoked' | 'claimed';
  readonly exchange: {
    readonly started: boolean;
    readonly finished: boolean;
    readonly group: number | undefined;
  };
}

/**
 * How long a worker may be silent, in ms: if it computes as long as its route usually does, it is busy, not blocked.
 */
export function patienceMs({ offers }: Requests): number {
  const [current] = offers.values();
  return Math.max(SILENT_MS, PATIENCE * (current?.exchange.stats.usualMs ?? 0));
}

/** It has been blocked for longer than a busy machine explains. */
export function blockedForLong({ blockedSince }: Pick<WorkerHealth, 'blockedSince'>, now: number): boolean {
  return blockedSince !== undefined && now - blockedSince > LASTING_MS;
}

/**
 * A waiting request needs no further worker: one is silent for only a moment, or, if workers have a limit of requests,
 * full for only a moment.
 */
export function isOneSoonFree(
  workers: ReadonlyArray<Pick<WorkerHealth, 'blockedSince'> & { offers: { capacity: number } }>,
  waitedMs: number,
  now: number,
): boolean {
  return workers.some((worker) =>
    worker.blockedSince === undefined
      ? Number.isFinite(worker.offers.capacity) && waitedMs < SILENT_MS
      : !blockedForLong(worker, now),
  );
}

/** It can still be revoked: its start is not reported, and the client still waits. */
export function isOpen({ state, exchange }: Offered): boolean {
  return state === 'open' && !exchange.started && !exchange.finished;
}

/**
 * Requests released together are not moved: the worker that would take one has just run its partner, so they would run
 * one after the other, which overlap is meant to prevent. Exception: a worker that stays blocked.
 */
export function staysApart(
  { exchange }: Offered,
  upstream: Pick<WorkerHealth, 'blockedSince'>,
  now: number,
): boolean {
  return exchange.group !== undefined && !blockedForLong(upstream, now);
}
