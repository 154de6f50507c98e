/**
 * When a worker counts as blocked, and what of it may be given to another one. Pure. A machine with fewer cores than
 * busy workers makes each of them silent for a moment; to take that for blocked costs more than to wait.
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

interface Requests {
  /** Offered and not begun, or begun and not heard of, the oldest first. */
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
export function blockedForLong({ blockedSince }: { blockedSince: number }, now: number): boolean {
  return blockedSince !== 0 && now - blockedSince > LASTING_MS;
}

/** It can still be taken back: nothing was heard of it, and the client still waits. */
export function isOpen({ state, exchange }: Offered): boolean {
  return state === 'open' && !exchange.started && !exchange.finished;
}

/**
 * What was released to run together stays where it was put: the worker that would take it over has just run its
 * partner, and one after the other is the very thing that overlap is to prevent. A worker that stays blocked is
 * another matter.
 */
export function staysApart({ exchange }: Offered, upstream: { blockedSince: number }, now: number): boolean {
  return exchange.group !== undefined && !blockedForLong(upstream, now);
}
