/**
 * Reports processes that the app starts itself, so that they can be ended with it, and reports their end.
 * The app's own `detached` children leave every group and, once their parent died, every tree: later only their mark
 * (child-mark.ts) names their owner.
 */
import childProcess from 'node:child_process';
import type { WorkerLink } from '../worker-link.ts';
import { childStartTime, openMark, withMark } from './child-mark.ts';

interface SpawnOptions {
  file: string;
  stdio?: unknown;
}

interface SpawningProcess extends childProcess.ChildProcess {
  spawn(options: SpawnOptions): number;
}

export function reportChildren(link: WorkerLink): void {
  const prototype = childProcess.ChildProcess.prototype as SpawningProcess;
  const spawn = prototype.spawn;
  const mark = openMark();
  prototype.spawn = function (this: SpawningProcess, options: SpawnOptions): number {
    const marked = mark === undefined ? undefined : withMark(options.stdio, mark);
    if (marked !== undefined) options.stdio = marked.stdio;
    const result = spawn.call(this, options);
    // The app must find the `stdio` it asked for. There is none if no process could be started.
    if (marked !== undefined && this.stdio !== undefined) (this.stdio as unknown[]).length = marked.own;
    if (this.pid !== undefined) reportChild(link, this, this.pid, options.file);
    return result;
  };
}

function reportChild(link: WorkerLink, child: SpawningProcess, pid: number, command: string): void {
  const startTime = childStartTime(pid);
  link.control({ type: 'spawned', pid, command, ...(startTime === undefined ? {} : { startTime }) });
  child.once('exit', () => link.control({ type: 'childExited', pid }));
}
