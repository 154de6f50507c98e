/** Whether a dead server may have left something: a look at the ledger, without a process. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { processExists } from '../common/process-exists.ts';
import { stateFolder } from '../common/state-folder.ts';

/** True when a server is written down that is gone. Whether it left anything is for the clean-up to find out. */
export async function leftoversLikely(): Promise<boolean> {
  const folder = stateFolder();
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => name.endsWith('.json'))) {
    const pid = await serverPid(path.join(folder, name));
    if (pid === undefined || !processExists(pid)) return true;
  }
  return false;
}

async function serverPid(file: string): Promise<number | undefined> {
  try {
    const { server } = JSON.parse(await readFile(file, 'utf8')) as { server?: { pid?: unknown } };
    return typeof server?.pid === 'number' ? server.pid : undefined;
  } catch {
    return undefined;
  }
}
