/** Statistics. No function changes its argument. */

/** The value below which `part` (0–1) of the values are; the nearest measured one. NaN for none. */
export function percentile(values, part) {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** The middle value, or the mean of the two in the middle. NaN for none. */
export function median(values) {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The median over the rounds of `a` against `b` in the same round, by `compare`. Rounds are neighbours in time, so
 * this is steadier than comparing the two medians when the machine's speed drifts.
 */
export function pairedMedian(a, b, compare) {
  const rounds = Math.min(a.length, b.length);
  return median(Array.from({ length: rounds }, (_, i) => compare(a[i], b[i])));
}

/** The results of `run`, one call after another. */
export async function repeated(count, run) {
  const values = [];
  for (let number = 0; number < count; number++) values.push(await run());
  return values;
}
