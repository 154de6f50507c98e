/** The system's facts about processes: descendants, memory, CPU time. Linux only; elsewhere nothing. */
import { readdirSync, readFileSync } from 'node:fs';

/** Whether the functions of this file work here. */
export const canReadProcesses = process.platform === 'linux';

/** Clock ticks per second in /proc, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command is in parentheses and may contain any character, so the fields are counted from its end.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}

/** Whether `pid` runs; a zombie does not. */
export function isAlive(pid) {
  if (canReadProcesses) {
    const found = stat(pid);
    return found !== undefined && found.state !== 'Z';
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** `root` and all its current descendants, except zombies. Only `root` if the system can't be asked. */
export function treeOf(root) {
  if (!canReadProcesses) return [root];
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const found = stat(pid);
    if (found === undefined || found.state === 'Z') continue;
    children.set(found.parent, [...(children.get(found.parent) ?? []), pid]);
  }
  const tree = [];
  for (const queue = [root]; queue.length > 0; ) {
    const pid = queue.pop();
    tree.push(pid);
    queue.push(...(children.get(pid) ?? []));
  }
  return tree;
}

/**
 * Memory of the processes in bytes: `rss` counts a page shared by two of them twice; `pss` divides it between them,
 * which is the real size of a tree of forks.
 */
export function memoryOf(pids) {
  const total = { rss: 0, pss: 0 };
  for (const pid of pids) {
    try {
      const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
      total.rss += Number(/^Rss:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024;
      total.pss += Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024;
    } catch {
      // It exited after the listing.
    }
  }
  return total;
}

/** CPU time that the processes have used so far, in seconds. */
export function cpuSecondsOf(pids) {
  return pids.reduce((sum, pid) => sum + (stat(pid)?.ticks ?? 0), 0) / TICKS_PER_SECOND;
}
