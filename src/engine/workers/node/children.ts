/**
 * Processes that the app starts itself are told to the front, so that they can be ended with it. The app's own
 * `detached` children leave every group and, once their parent died, every tree: later they could not be found.
 */
import childProcess from 'node:child_process';
import type { WorkerLink } from './worker-link.ts';

interface SpawnOptions {
  file: string;
  stdio?: unknown;
}

interface SpawningProcess extends childProcess.ChildProcess {
  spawn(options: SpawnOptions): number;
}

/**
 * @param ownOutput true where the process's own stdout is not the app's (thread mode): there a child that would
 * inherit it gets a pipe instead, which ends in the app's output.
 */
export function reportChildren(link: WorkerLink, ownOutput: boolean): void {
  const prototype = childProcess.ChildProcess.prototype as SpawningProcess;
  const spawn = prototype.spawn;
  prototype.spawn = function (this: SpawningProcess, options: SpawnOptions): number {
    const inherited = ownOutput ? [] : redirectInherited(options);
    const result = spawn.call(this, options);
    if (this.pid !== undefined) link.control({ type: 'spawned', pid: this.pid, command: options.file });
    for (const name of inherited) {
      this[name]?.on('data', (chunk: Buffer) => process[name].write(chunk));
      this[name] = null;
    }
    return result;
  };
}

function redirectInherited(options: SpawnOptions): Array<'stdout' | 'stderr'> {
  const { stdio } = options;
  const list: unknown[] = Array.isArray(stdio)
    ? [...stdio]
    : stdio === 'inherit'
      ? Array(3).fill('inherit')
      : [];
  const redirected: Array<'stdout' | 'stderr'> = [];
  for (const [fd, name] of [
    [1, 'stdout'],
    [2, 'stderr'],
  ] as const) {
    if (list[fd] !== 'inherit' && list[fd] !== fd && list[fd] !== process[name]) continue;
    list[fd] = 'pipe';
    redirected.push(name);
  }
  if (redirected.length > 0) options.stdio = list;
  return redirected;
}
