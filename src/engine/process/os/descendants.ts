/** The descendants of a process. Ask before the kill: afterwards their parent is unknown. */

import type { ProcessRow } from './parsers.ts';
import { listProcesses } from './process-table.ts';
import { runTool } from './run-tool.ts';

/**
 * All living descendants of `pid`; empty, without an error, if they can't be listed. Linux reads /proc and Windows asks
 * CIM; other systems use ps-tree. Its child process has no `error` listener and would end this process if `ps` is
 * missing, so that is checked first.
 */
export async function descendants(pid: number): Promise<ProcessRow[]> {
  if (process.platform === 'linux' || process.platform === 'win32')
    return descendantsIn(await listProcesses(), pid);
  const rows = await listProcesses();
  if (rows.length === 0 || (await runTool('ps', ['-o', 'pid=', '-p', String(process.pid)])) === undefined)
    return [];
  const pids = await psTreePids(pid);
  return rows.filter((row) => pids.has(row.pid) && !row.zombie);
}

/** Pure: the living descendants of `pids` in a listing, without `pids` themselves. */
export function descendantsIn<Row extends ProcessRow>(rows: readonly Row[], ...pids: number[]): Row[] {
  const known = new Set(pids);
  const found: Row[] = [];
  for (let grown = true; grown; ) {
    grown = false;
    for (const row of rows) {
      if (known.has(row.pid) || !known.has(row.ppid)) continue;
      known.add(row.pid);
      found.push(row);
      grown = true;
    }
  }
  return found.filter((row) => !row.zombie);
}

async function psTreePids(pid: number): Promise<Set<number>> {
  const { default: psTree } = await import('ps-tree');
  return new Promise((resolve) => {
    psTree(pid, (error, children) => {
      resolve(new Set(error ? [] : children.map((child) => Number(child.PID))));
    });
  });
}
