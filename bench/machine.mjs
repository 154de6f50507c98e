/** The machine and the Node that every subject runs on. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import os from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * The user's Node: the first one on the path that does not belong to a package. `npm run` puts node_modules/.bin first,
 * which has the toolchain's own Node. Falls back to the running one.
 */
export function machineNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '' || folder.includes('node_modules')) continue;
    const candidate = join(folder, file);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this folder.
    }
  }
  return process.execPath;
}

export function nodeVersion(node) {
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
}

/** One line about the machine, and its load before the first measurement. */
export function describeMachine() {
  const cpus = os.cpus();
  const gib = (os.totalmem() / 2 ** 30).toFixed(0);
  const model = cpus[0]?.model.trim() ?? 'unknown processor';
  return {
    hardware: `${model}, ${cpus.length} cores, ${gib} GiB of memory`,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    load: os.loadavg()[0].toFixed(2),
  };
}
