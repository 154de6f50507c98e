/** What is found under a path, as text that is another one after a change. */
import { lstat, readlink } from 'node:fs/promises';
import { NO_FILE, stampOf } from '../../wire/file-stamp.ts';

const FOLDER = 'folder ';
const LINK = 'link ';

/**
 * Two writes within one tick of the system's clock leave the same stamp. So an event counts also if the stamp is the
 * same, for as long as such a tick may take (10 ms on Linux) and the event some more.
 */
const TICK_MS = 20;
/** The longest a program takes between two writes of one save: to empty a file, and to fill it. */
const SAVE_MS = 100;

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
  return now - changedAt(state) < TICK_MS;
}

/** Whether both are of one save, which writes a file in steps: what was seen in between is no whole file. */
export function isOneSave(before: string, after: string): boolean {
  return changedAt(after) - changedAt(before) < SAVE_MS;
}

/** When a file changed last, in ms since the epoch; NaN if unknown. */
function changedAt(state: string): number {
  return Number(/^\d+:\d+:\d+:(\d+)$/.exec(state)?.[1] ?? Number.NaN) / 1e6;
}
