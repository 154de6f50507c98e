/** Which worker gets a request. Pure: no clock of its own, no I/O, so every rule is tested in microseconds. */

/**
 * The cost of waking a sleeping worker, in ms. If a worker that is already being woken will start this request within
 * this time, sending it there is faster than waking another one.
 */
export const WAKE_UP_MS = 0.2;

/** What the decision needs to know about a worker. */
export interface Candidate {
  readonly id: number;
  readonly inFlight: number;
  /** When its last frame arrived, on the clock of `performance.now()`. */
  readonly lastHeardAt: number;
  /** Since when its event loop has not answered; undefined when it does. */
  readonly blockedSince: number | undefined;
  /**
   * Expected time of all its requests, in ms, if it got all of them just now; infinite if some are of unknown length, or
   * have started and still run; undefined if it has older requests, or none.
   */
  readonly backlogMs: number | undefined;
}

/**
 * The idle worker with the lowest number, because its code is the warmest; else the one with the fewest requests
 * that still responds, and of equals the one that reported last. Undefined if none responds: then another one must
 * start, or the request waits. Before all of them: a worker that is being woken or handles short requests, if this one
 * is known to be short as well and would start there within {@link WAKE_UP_MS}.
 *
 * @param expectedMs how long the request is expected to keep an event loop; undefined when that is not known
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
