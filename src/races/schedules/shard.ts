/** Which part of the schedules a run explores: `--shard 2/4`. */

/**
 * Disjoint and complete over all shards: by a hash of the token, because the number of schedules is not known ahead.
 * @param index from 1
 */
export function isInShard(token: string, { index, of }: { index: number; of: number }): boolean {
  let hash = 0;
  for (const character of token) hash = (hash * 31 + character.codePointAt(0)!) >>> 0;
  return hash % of === index - 1;
}
