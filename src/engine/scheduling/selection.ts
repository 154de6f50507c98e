/** Chooses the worker for a request. Pure: no clock and no I/O, so tests of each rule take microseconds. */

/**
 * The cost of waking a sleeping worker, in ms. If a worker that is already being woken will start this request within
 * this time, sending it there is faster than waking another one.
 */
export const WAKE_UP_MS = 0.2;

/** The facts about a worker that the decision needs. */
export interface Candidate {
  readonly id: number;
  readonly inFlight: number;
  /** When its last frame came, on the clock of `performance.now()`. */
  readonly lastHeardAt: number;
  /** Since when its event loop has not answered; undefined while it answers. */
  readonly blockedSince: number | undefined;
  /**
   * Expected time of all its work, in ms, if all of that was offered just now. Infinite if a request is of unknown
   * length, or has started and continues. Undefined if it has older requests, or none.
   */
  readonly backlogMs: number | undefined;
}

/**
 * Returns the first match of:
 * 1. a worker that is being woken or runs short requests, if this request is known to be short and would start there
 *    within {@link WAKE_UP_MS};
 * 2. the idle worker with the lowest number, because its code is the warmest;
 * 3. the responding worker with the fewest requests, and among equals the one that responded last.
 * Undefined if none responds: another worker must start, or the request must wait.
 *
 * @param expectedMs how long the request is expected to keep an event loop; undefined if unknown
 */
export function chooseWorker<T extends Candidate>(
  candidates: readonly T[],
  mayTake: (candidate: T) => boolean = () => true,
  expectedMs?: number,
): T | undefined {
  let best: T | undefined;
  for (const candidate of candidates) {
    if (candidate.blockedSince !== undefined || !mayTake(candidate)) continue;
    if (expectedMs !== undefined && (candidate.backlogMs ?? WAKE_UP_MS) + expectedMs < WAKE_UP_MS)
      return candidate;
    if (best === undefined || isBetter(candidate, best)) best = candidate;
  }
  return best;
}

function isBetter(candidate: Candidate, best: Candidate): boolean {
  if (candidate.inFlight !== best.inFlight) return candidate.inFlight < best.inFlight;
  if (candidate.inFlight === 0) return candidate.id < best.id;
  return candidate.lastHeardAt > best.lastHeardAt;
}
