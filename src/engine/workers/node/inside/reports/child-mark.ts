/**
 * Gives each process that the app starts a descriptor that marks it, and all its descendants, as this worker's. This
 * works even with an empty environment and in a new session; see wire/marker.ts.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MARKER_FD, MARKER_VARIABLE, markerFile } from '../../../../../wire/marker.ts';
import { startTimeIn, statFields } from '../../../../../wire/proc-stat.ts';

const { readFileSync } = fs;

/** The open file, whose name is already removed. Undefined if its mark can't be read or no file can be made. */
export function openMark(): number | undefined {
  const mark = process.env[MARKER_VARIABLE];
  if (process.platform !== 'linux' || mark === undefined) return undefined;
  const file = path.join(os.tmpdir(), markerFile(mark));
  try {
    const fd = fs.openSync(file, 'wx', 0o600);
    fs.unlinkSync(file);
    return fd;
  } catch {
    return undefined;
  }
}

/** `stdio` with the mark in its place, and the number of elements that the app asked for. */
export function withMark(stdio: unknown, mark: number): { stdio: unknown[]; own: number } | undefined {
  const asked: unknown[] = Array.isArray(stdio) ? stdio : Array(3).fill(stdio);
  if (asked.length > MARKER_FD) return undefined;
  const own = Math.max(asked.length, 3);
  const unused = Array(MARKER_FD - asked.length).fill(undefined);
  return { stdio: [...asked, ...unused, mark], own };
}

/** The child's start time, read just after its start; undefined if it costs more than a small read. */
export function childStartTime(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return startTimeIn(statFields(readFileSync(`/proc/${pid}/stat`, 'latin1')));
  } catch {
    return undefined;
  }
}
