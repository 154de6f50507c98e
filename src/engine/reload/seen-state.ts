/** The state of a path as text; a change of the file changes the text. */
import { lstat, readlink } from 'node:fs/promises';
import { NO_FILE, stampOf } from '../../wire/file-stamp.ts';

const FOLDER = 'folder ';
const LINK = 'link ';

/**
 * Two writes within one tick of the system's clock leave the same stamp. So an event with an unchanged stamp counts,
 * too, for the length of a tick (10 ms on Linux) and the delay of the event. In ms.
 */
const TICK_MS = 20;
/** The longest time between two writes of one save, first to empty a file and then to fill it, in ms. */
const SAVE_MS = 100;

/** A file's stamp, a link's target, a folder's identity, or `NO_FILE`. Never rejects. */
export async function seenState(file: string): Promise<string> {
  try {
    const stats = await lstat(file, { bigint: true });
    if (stats.isSymbolicLink()) return LINK + (await readlink(file));
    // A new folder may get the inode number of a deleted one.
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
  return now - changedAt(state) < TICK_MS;
}

/** Whether both belong to one save that writes the file in steps, so that the first state was half a file. */
export function isOneSave(before: string, after: string): boolean {
  return changedAt(after) - changedAt(before) < SAVE_MS;
}

/** When the file last changed, in ms since the epoch; NaN if unknown. */
function changedAt(state: string): number {
  return Number(/^\d+:\d+:\d+:(\d+)$/.exec(state)?.[1] ?? Number.NaN) / 1e6;
}
