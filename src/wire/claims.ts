/**
 * Who runs a request: the worker that takes it, or the front that takes it back because the worker is stuck.
 * One 32-bit word in shared memory decides, so exactly one of the two wins even while the worker's event loop is
 * stuck and can answer nothing. In thread mode the word is shared with the front; in fork mode with the worker's
 * watchdog thread, which answers for it.
 *
 * A word holds the last request id of its slot: positive once claimed, negative once revoked. A slot belongs to one
 * request until STARTED or DROPPED was heard and no revocation is under way.
 */
export const CLAIM_SLOTS = 1024;

/** Request ids on a wire are 31 bits, because the sign says "revoked". */
export const MAX_CLAIM_ID = 0x7fff_ffff;

export function createClaims(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(CLAIM_SLOTS * Int32Array.BYTES_PER_ELEMENT));
}

/** The worker's side: true when the request is this worker's to run, false when it was revoked. */
export function claim(words: Int32Array, slot: number, id: number): boolean {
  if (Atomics.exchange(words, slot, id) !== -id) return true;
  // The same request may be offered here once more, in the same slot.
  Atomics.store(words, slot, 0);
  return false;
}

/** The front's side: true when the worker has not started the request and now never will. */
export function revoke(words: Int32Array, slot: number, id: number): boolean {
  const seen = Atomics.load(words, slot);
  if (seen === id) return false;
  return Atomics.compareExchange(words, slot, seen, -id) === seen;
}
