/**
 * When a worker counts as blocked, and what of it may be given to another one. The clock is passed in. A machine with
 * fewer cores than busy workers makes each of them silent for a moment; to take that for blocked costs more than to wait.
 */
import type { RouteStats } from '../requests/route-stats.ts';

/** Silence after which a worker is asked for a sign of life, and after which it then counts as blocked. */
export const SILENT_MS = 10;
/** A worker that is at a request of a known length is asked after so many times that length. */
const PATIENCE = 2;
/**
 * Another worker is started once all have been blocked for so long, because to start one takes as long. What is to
 * run apart is moved only then as well.
 */
export const LASTING_MS = 100;

/** What is known of a worker's event loop. Times are on the clock of `performance.now()`. */
export class WorkerHealth {
  /** When anything came from it last; before anything came, when it was started. */
  lastHeardAt: number;
  /** Since when it has not answered; undefined when it does. */
  blockedSince: number | undefined;
  /** When the ping was sent that is not answered yet. */
  #pingedAt: number | undefined;

  constructor(now: number) {
    this.lastHeardAt = now;
  }

  /** Its event loop turns. */
  heard(now: number): void {
    this.lastHeardAt = now;
    this.#pingedAt = undefined;
    this.blockedSince = undefined;
  }

  /**
   * To be called every few ms while it has something to do.
   * @param idleSince when it had nothing to do last: silence before that means nothing
   * @param patienceMs how long it may be silent; see {@link patienceMs}
   * @returns `ping`: send it a ping; `blocked`: from now on it counts as blocked
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
  /** Offered and not started, or started without a report, the oldest first. */
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

/** How long a worker may say nothing: one that computes as long as that route always does is busy, not blocked. */
export function patienceMs({ offers }: Requests): number {
  const [current] = offers.values();
  return Math.max(SILENT_MS, PATIENCE * (current?.exchange.stats.usualMs ?? 0));
}

/** It has been blocked for longer than a busy machine explains. */
export function blockedForLong({ blockedSince }: Pick<WorkerHealth, 'blockedSince'>, now: number): boolean {
  return blockedSince !== undefined && now - blockedSince > LASTING_MS;
}

/** It can still be taken back: no report of it has arrived, and the client still waits. */
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
