/** Processes that dead servers left. Only the command line lists and kills processes; this asks it to. */
import { execFile } from 'node:child_process';
import { processExists } from '../../common/process-exists.ts';
import { readStateFile, stateFiles } from '../../common/state-folder.ts';

/** Whether the ledger names a server that no longer runs. Starts no process, so it is cheap enough for each start. */
export async function leftoversLikely(): Promise<boolean> {
  for (const file of await stateFiles().catch(() => [])) {
    // A file that cannot be read now cannot be cleaned up either.
    const text = await readStateFile(file).catch(() => null);
    if (text === null) continue;
    const pid = serverPid(text);
    if (pid === undefined || !processExists(pid)) return true;
  }
  return false;
}

/** Resolves with the processes it ended, each as `PID (COMMAND)`. @param cli absolute path of dist/cli.js */
export function endLeftovers(cli: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    execFile(process.execPath, [cli, '--clean-up', '--json'], { env, windowsHide: true }, (error, stdout) => {
      if (error !== null) reject(error);
      else resolve((JSON.parse(stdout) as { ended: string[] }).ended);
    });
  });
}

/** The first line of a ledger describes the server; see engine/process/orphans/ledger-lines.ts. */
function serverPid(text = ''): number | undefined {
  try {
    const { server } = JSON.parse(text.split('\n', 1)[0] ?? '') as { server?: { pid?: unknown } };
    return typeof server?.pid === 'number' ? server.pid : undefined;
  } catch {
    return undefined;
  }
}
