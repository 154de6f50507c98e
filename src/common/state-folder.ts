/** The folder of ledgers, one file per server, for the current user; see engine/process/orphans/ledger.ts. */
import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const ENDING = '.jsonl';
/** Earlier versions wrote a single line into a .json file. */
const ENDINGS = /\.jsonl?$/;
/** Far more than any ledger needs. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Throws a SystemError if the user has no home folder and the environment names no folder. */
function stateFolder(): string {
  const given = process.env.CONCURRENT_SERVER_STATE_DIR;
  if (given) return given;
  const home = os.homedir();
  if (process.platform === 'win32') {
    return path.join(process.env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'), 'concurrent-server');
  }
  if (process.platform === 'darwin')
    return path.join(home, 'Library', 'Application Support', 'concurrent-server');
  return path.join(process.env.XDG_STATE_HOME || path.join(home, '.local', 'state'), 'concurrent-server');
}

/** File of the server with this id. */
export function stateFile(id: string): string {
  return path.join(stateFolder(), id + ENDING);
}

/** The ledgers of all servers; none if the folder does not exist. Rejects with any other error of the file system. */
export async function stateFiles(): Promise<string[]> {
  const folder = stateFolder();
  try {
    const names = await readdir(folder);
    return names.filter((name) => ENDINGS.test(name)).map((name) => path.join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * The text of a ledger; undefined if it is not a regular file, such as a link or a pipe. Never waits for the writer of
 * a pipe. Rejects with an error of the file system.
 */
export async function readStateFile(file: string): Promise<string | undefined> {
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
  const handle = await open(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ELOOP' || error.code === 'ENXIO' || error.code === 'EISDIR') return undefined;
      throw error;
    },
  );
  if (handle === undefined) return undefined;
  try {
    const stat = await handle.stat();
    return stat.isFile() && stat.size <= MAX_BYTES ? await handle.readFile('utf8') : undefined;
  } finally {
    await handle.close();
  }
}

/** Settles as `work` does, or resolves with `fallback` after `ms`: a disk can hang without end. */
export async function within<T, F>(ms: number, work: Promise<T>, fallback: F): Promise<T | F> {
  let late: NodeJS.Timeout | undefined;
  const tooLong = new Promise<F>((resolve) => {
    late = setTimeout(() => resolve(fallback), ms);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(late);
  }
}
