/** The only source of random decisions. Pure functions of a seed, so that a run can be repeated. */

/**
 * A number in [0, 1) for the `nth` use of `name` under `seed`. It does not depend on other uses, so requests to other
 * routes, or another order of arrival, do not change it.
 */
export function seededUnit(seed: number, name: string, nth: number): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  }
  return mix(mix(hash >>> 0) ^ Math.imul(nth, 0x9e3779b1)) / 0x1_0000_0000;
}

/** The finalizer of MurmurHash3: every bit of the input changes half of the bits of the output. */
function mix(value: number): number {
  let hash = value >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
