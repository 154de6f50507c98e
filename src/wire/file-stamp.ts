/**
 * A stamp shows whether a file has changed, without reading it. A worker takes the stamp of a file before it loads it;
 * the server compares it with the disk. Programs can't set the time of the last change of the inode (`ctime`), so a
 * save that restores the time and the size of a file (`cp -p`, `rsync -t`, `touch -r`) changes the stamp too.
 */

export interface StampedStats {
  ino: bigint;
  size: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
}

/** The stamp of a file that does not exist. */
export const NO_FILE = '';

/** Numbers as text, the same as `python/concurrent_server/wire/file_stamp.py` makes. */
export function stampOf(stats: StampedStats | undefined): string {
  return stats === undefined ? NO_FILE : `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}

/** False if the file was written between the two. Python on Windows has no `ctime` and omits it. */
export function sameStamp(one: string, other: string): boolean {
  return one === other || (one !== NO_FILE && other !== NO_FILE && isWithoutChange(one, other));
}

function isWithoutChange(one: string, other: string): boolean {
  const [longer, shorter] = one.length > other.length ? [one, other] : [other, one];
  return shorter.endsWith(':') && longer.startsWith(shorter);
}

/** Size of the file in bytes; undefined for none. */
export function sizeIn(stamp: string): number | undefined {
  return stamp === NO_FILE ? undefined : Number(stamp.split(':')[1]);
}
