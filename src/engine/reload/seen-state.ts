/** What is found under a path, as text that is another one after a change. */
import { lstat, readlink } from 'node:fs/promises';
import { NO_FILE, stampOf } from '../../protocol/file-stamp.ts';

const FOLDER = 'folder ';
const LINK = 'link ';

/**
 * Two writes within one tick of the system's clock leave the same stamp. So an event counts also if the stamp is the
 * same, for as long as such a tick may take (10 ms on Linux) and the event some more.
 */
const TICK_MS = 20;

/** A file's stamp, a link's target, which folder it is, or `NO_FILE`. Never rejects. */
export async function seenState(file: string): Promise<string> {
  try {
    const stats = await lstat(file, { bigint: true });
    if (stats.isSymbolicLink()) return LINK + (await readlink(file));
    // The number of a folder that was deleted may be that of the next one.
    return stats.isDirectory() ? `${FOLDER}${stats.ino}:${stats.birthtimeNs}` : stampOf(stats);
  } catch {
    return NO_FILE;
  }
}

export function isFolder(state: string): boolean {
  return state.startsWith(FOLDER);
}

export function isLink(state: string): boolean {
  return state.startsWith(LINK);
}

/** @param now in ms since the epoch */
export function isFresh(state: string, now: number): boolean {
  const changedNs = /^\d+:\d+:\d+:(\d+)$/.exec(state)?.[1];
  return changedNs !== undefined && now - Number(changedNs) / 1e6 < TICK_MS;
}
