/** Whether a dead server may have left something: a look at the ledger, without a process. */
import { processExists } from '../../common/process-exists.ts';
import { readStateFile, stateFiles } from '../../common/state-folder.ts';

/** True when a server is written down that is gone. Whether it left anything is for the clean-up to find out. */
export async function leftoversLikely(): Promise<boolean> {
  for (const file of await stateFiles().catch(() => [])) {
    // What can't be read now can't be cleaned up either.
    const text = await readStateFile(file).catch(() => null);
    if (text === null) continue;
    const pid = serverPid(text);
    if (pid === undefined || !processExists(pid)) return true;
  }
  return false;
}

/** The first line of a ledger has the server; see engine/process/ledger-lines.ts. */
function serverPid(text = ''): number | undefined {
  try {
    const { server } = JSON.parse(text.split('\n', 1)[0] ?? '') as { server?: { pid?: unknown } };
    return typeof server?.pid === 'number' ? server.pid : undefined;
  } catch {
    return undefined;
  }
}
