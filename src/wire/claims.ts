/**
 * Decides whether a worker runs a request, or the front takes it back because the worker is blocked. Both change one
 * 32-bit word in shared memory, so exactly one of them wins even while the worker's event loop is blocked. In thread
 * mode the front shares the word; in fork mode the worker's watchdog thread does, and answers for the worker.
 *
 * A word holds the last request id of its slot: positive once claimed, negative once revoked. A slot belongs to one
 * request until STARTED or DROPPED was received and no revocation is under way.
 */
export const CLAIM_SLOTS = 1024;

/** Request ids on a wire have 31 bits, because the sign means "revoked". */
export const MAX_CLAIM_ID = 0x7fff_ffff;

export function createClaims(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(CLAIM_SLOTS * Int32Array.BYTES_PER_ELEMENT));
}

/** The worker's side: true if this worker runs the request, false if it was revoked. */
export function claim(words: Int32Array, slot: number, id: number): boolean {
  if (Atomics.exchange(words, slot, id) !== -id) return true;
  // The same request may be offered again, in the same slot.
  Atomics.store(words, slot, 0);
  return false;
}

/** The front's side: true if the worker has not started the request and never will. */
export function revoke(words: Int32Array, slot: number, id: number): boolean {
  const seen = Atomics.load(words, slot);
  if (seen === id) return false;
  return Atomics.compareExchange(words, slot, seen, -id) === seen;
}
