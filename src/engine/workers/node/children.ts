/**
 * Processes that the app starts itself are told to the front, so that they can be ended with it. The app's own
 * `detached` children leave every group and, once their parent died, every tree: later they could not be found.
 */
import childProcess from 'node:child_process';
import type { WorkerLink } from './worker-link.ts';

interface SpawnOptions {
  file: string;
}

interface SpawningProcess extends childProcess.ChildProcess {
  spawn(options: SpawnOptions): number;
}

export function reportChildren(link: WorkerLink): void {
  const prototype = childProcess.ChildProcess.prototype as SpawningProcess;
  const spawn = prototype.spawn;
  prototype.spawn = function (this: SpawningProcess, options: SpawnOptions): number {
    const result = spawn.call(this, options);
    if (this.pid !== undefined) link.control({ type: 'spawned', pid: this.pid, command: options.file });
    return result;
  };
}
