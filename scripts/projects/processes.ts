/**
 * Finds the processes of a run by a variable that all of them inherit, so that one whose parent has died is found as
 * well. Linux only.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';

const NAME = 'CONCURRENT_SERVER_PROJECTS_RUN';

/** The variable that marks one run's processes. */
export function newMark(): Record<string, string> {
  return { [NAME]: randomUUID() };
}

/** Process ids of all that run with the mark; zombies don't. */
export function marked(mark: Record<string, string>): number[] {
  const text = `${NAME}=${mark[NAME]}`;
  return fs
    .readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && read(`/proc/${pid}/environ`).includes(text));
}

/** Memory of the processes in bytes; a page that two of them share counts half for each. */
export function memoryOf(pids: readonly number[]): number {
  const kib = pids.map((pid) => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0));
  return kib.reduce((sum, size) => sum + size, 0) * 1024;
}

/** The command of a process, for a message. */
export function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(0, 80);
}

export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
