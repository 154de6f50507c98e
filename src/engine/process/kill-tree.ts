/** Ends a process and everything it started, and says so only after it was seen. */
import { identify, isAlive } from './identity.ts';
import { type ProcessRow, taskkillPath } from './platform.ts';
import { runTool } from './run-tool.ts';
import { descendants } from './tree.ts';

/** Which step of the ladder ended it. */
export type KillStep = 'already gone' | 'SIGTERM' | 'SIGKILL' | 'survived';

export interface KillOptions {
  /** How long it may take to go after SIGTERM, in ms; 0 kills at once. */
  graceMs: number;
}

/** How long a killed process may take to be gone. */
export const DEATH_MS = 1000;
const POLL_MS = 10;

export async function killTree(pid: number, { graceMs }: KillOptions): Promise<KillStep> {
  const root = await identify(pid);
  // Taken before anything dies: a group misses who left it, and a tree misses who lost its parent.
  const tree = await descendants(pid);
  const all = root === undefined ? tree : [root, ...tree];
  if (all.length === 0) return 'already gone';
  if (graceMs > 0) {
    await signal(pid, root, 'SIGTERM');
    if (await gone(root === undefined ? all : [root], graceMs)) {
      await killRest(pid, tree);
      return (await gone(all, DEATH_MS)) ? 'SIGTERM' : 'survived';
    }
  }
  await signal(pid, root, 'SIGKILL');
  await killRest(pid, tree);
  return (await gone(all, DEATH_MS)) ? 'SIGKILL' : 'survived';
}

/** Kills one process, only if it is still the one that was meant. */
export async function killExactly(row: Pick<ProcessRow, 'pid' | 'startTime'>): Promise<void> {
  if (!(await isAlive(row))) return;
  if (process.platform === 'win32') await runTool(taskkillPath(), ['/PID', String(row.pid), '/T', '/F']);
  else send(row.pid, 'SIGKILL');
}

/** Resolves with true once all of them are dead; with false after `withinMs`. */
export async function gone(
  rows: ReadonlyArray<Pick<ProcessRow, 'pid' | 'startTime'>>,
  withinMs: number,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const alive = await Promise.all(rows.map((row) => isAlive(row)));
    if (!alive.includes(true)) return true;
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function signal(pid: number, root: ProcessRow | undefined, name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (process.platform === 'win32') {
    // There is no SIGTERM: the polite part is the shutdown message that the worker was sent before.
    if (name === 'SIGKILL' && root !== undefined)
      await runTool(taskkillPath(), ['/PID', String(pid), '/T', '/F']);
    return;
  }
  if (name === 'SIGTERM') {
    // The app alone decides what its own children do on SIGTERM, as under a shell.
    if (root !== undefined) send(pid, name);
  } else if (!send(-pid, name) && root !== undefined) send(pid, name);
}

/** What left the group or outlived its parent. */
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
