/** Ends a process and everything it started. Reports that only after it was seen. */

import { taskkillPath } from '../../../common/windows-tools.ts';
import { descendants } from './descendants.ts';
import type { ProcessRow } from './parsers.ts';
import { type Identity, identify, isAlive, living } from './process-table.ts';
import { runTool } from './run-tool.ts';

/** The step that ended it. */
export type KillStep = 'already exited' | 'SIGTERM' | 'SIGKILL' | 'survived';

export interface KillOptions {
  /** How long it may take to exit after SIGTERM, in ms; 0 kills at once. */
  graceMs: number;
}

/** How long a killed process may take to end. */
const DEATH_MS = 1000;
const POLL_MS = 10;
/** How often to look for processes that were started during the kill. */
const PASSES = 10;

/** @param pid a child that was not reaped, or a process that was just identified: no other process has its pid */
export async function killTree(pid: number, { graceMs }: KillOptions): Promise<KillStep> {
  // Listed before anything dies: a group lacks processes that left it, and a tree lacks those whose parent died.
  const [root, tree] = await Promise.all([identify(pid), descendants(pid)]);
  const all = root === undefined ? tree : [root, ...tree];
  if (all.length === 0) return 'already exited';
  if (graceMs > 0) {
    await signal(pid, root, 'SIGTERM');
    if (await allDead(root === undefined ? all : [root], graceMs)) {
      await killRest(pid, tree);
      return (await allDead(all, DEATH_MS)) ? 'SIGTERM' : 'survived';
    }
  }
  await signal(pid, root, 'SIGKILL');
  await killRest(pid, tree);
  return (await allDead(all, DEATH_MS)) ? 'SIGKILL' : 'survived';
}

/** Kills one process, only if its pid was not reused. */
async function killExactly(row: Identity): Promise<void> {
  if (!(await isAlive(row))) return;
  if (process.platform === 'win32') await runTool(taskkillPath(), ['/PID', String(row.pid), '/T', '/F']);
  else send(row.pid, 'SIGKILL');
}

/**
 * Kills what `find` finds until it finds nothing, since what is killed may just have started something. Resolves with
 * what was killed, after it has ended.
 */
export async function killAll<T extends Identity>(find: () => Promise<readonly T[]>): Promise<T[]> {
  const killed = new Map<number, T>();
  for (let pass = 0; pass < PASSES; pass++) {
    const rows = await find();
    if (rows.length === 0) break;
    for (const row of rows) killed.set(row.pid, row);
    await Promise.all(rows.map((row) => killExactly(row)));
    await allDead(rows, DEATH_MS);
  }
  return [...killed.values()];
}

/** Resolves with true once all of them are dead; with false after `withinMs`. */
export async function allDead(rows: readonly Identity[], withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (let left = rows; ; ) {
    left = await stillAlive(left);
    if (left.length === 0) return true;
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A few are checked one by one; for many, one listing costs less. */
async function stillAlive(rows: readonly Identity[]): Promise<readonly Identity[]> {
  if (rows.length > 20) return living(rows);
  const alive = await Promise.all(rows.map((row) => isAlive(row)));
  return rows.filter((_row, at) => alive[at]);
}

async function signal(pid: number, root: ProcessRow | undefined, name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (process.platform === 'win32') {
    // There is no SIGTERM: the worker got the shutdown message before.
    if (name === 'SIGKILL' && root !== undefined)
      await runTool(taskkillPath(), ['/PID', String(pid), '/T', '/F']);
    return;
  }
  if (name === 'SIGTERM') {
    // As under a shell, the app alone decides how its own children react to SIGTERM.
    if (root !== undefined) send(pid, name);
  } else if (!send(-pid, name) && root !== undefined) send(pid, name);
}

/** Kills processes that left the group or outlived their parent. */
async function killRest(pid: number, tree: readonly ProcessRow[]): Promise<void> {
  if (process.platform !== 'win32') send(-pid, 'SIGKILL');
  await Promise.all(tree.map((row) => killExactly(row)));
}

function send(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
