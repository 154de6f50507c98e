/** Which worker gets a request. Pure: no clock of its own, no I/O, so every rule is tested in microseconds. */

/** What the decision needs to know of a worker. */
export interface Candidate {
  readonly id: number;
  readonly inFlight: number;
  /** When anything was last heard of it, on the clock of `performance.now()`. */
  readonly lastHeardAt: number;
  /** Since when its event loop has not answered; 0 when it does. */
  readonly blockedSince: number;
}

/**
 * The idle worker with the lowest number, because its code is the warmest; else the one with the fewest requests
 * that still responds, and of equals the one heard of last. Undefined when none responds: then another one is to be
 * started, or the request has to wait.
 */
export function chooseWorker<T extends Candidate>(candidates: readonly T[]): T | undefined {
  let best: T | undefined;
  for (const candidate of candidates) {
    if (candidate.blockedSince !== 0) continue;
    if (best === undefined || isBetter(candidate, best)) best = candidate;
  }
  return best;
}

function isBetter(candidate: Candidate, best: Candidate): boolean {
  if (candidate.inFlight !== best.inFlight) return candidate.inFlight < best.inFlight;
  if (candidate.inFlight === 0) return candidate.id < best.id;
  return candidate.lastHeardAt > best.lastHeardAt;
}
