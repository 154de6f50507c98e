/** Identifies the process behind a pid: pids are reused, so a pid alone is never enough to kill a process. */
import { MARKER_FD, ownersOf } from '../../../wire/marker.ts';
import {
  CIM_QUERY,
  type CommandRow,
  type ProcessRow,
  PS_ARGUMENTS,
  parseCim,
  parseProcStat,
  parsePs,
  powershellPath,
} from './parsers.ts';
import { procLink, procPids, readProc } from './proc-files.ts';
import { runTool } from './run-tool.ts';

/** Identifies a process among all, living and dead. */
export type Identity = Pick<ProcessRow, 'pid' | 'startTime'>;

const LINUX = process.platform === 'linux';

/**
 * All processes of the system, listed after the call; empty if they can't be listed. Calls at the same time share one
 * listing.
 */
export const listProcesses: () => Promise<ProcessRow[]> = shared(list);

/** {@link listProcesses} with their command lines. */
export async function listCommands(): Promise<CommandRow[]> {
  if (!LINUX) return listTool();
  return Promise.all((await listProcesses()).map(named));
}

/** The living process with this pid, or undefined; zombies are dead. */
export async function identify(pid: number): Promise<CommandRow | undefined> {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const row = LINUX ? await readRow(pid) : (await listCommands()).find((candidate) => candidate.pid === pid);
  if (row === undefined || row.zombie) return undefined;
  return LINUX ? named(row) : (row as CommandRow);
}

/** True while exactly this process is alive; false without a start time. */
export async function isAlive({ pid, startTime }: Identity): Promise<boolean> {
  if (startTime === '') return false;
  if (!LINUX) return (await living([{ pid, startTime }])).length > 0;
  const row = await readRow(pid);
  return row !== undefined && !row.zombie && row.startTime === startTime;
}

/** The living processes of `meant`; one listing serves all. */
export async function living<T extends Identity>(meant: readonly T[]): Promise<T[]> {
  return meant.length === 0 ? [] : livingIn(await listProcesses(), meant);
}

/** Pure: the processes of `meant` that are alive in a listing. */
export function livingIn<T extends Identity>(rows: readonly ProcessRow[], meant: readonly T[]): T[] {
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  return meant.filter(({ pid, startTime }) => {
    const row = byPid.get(pid);
    return startTime !== '' && row !== undefined && !row.zombie && row.startTime === startTime;
  });
}

/**
 * When a process started; empty if unknown. Ask right after its start.
 * @param parent who started it: a process with its pid and another parent is a stranger that got the pid
 */
export async function startTimeOf(pid: number, parent?: number): Promise<string> {
  const row = LINUX ? await readRow(pid) : (await listProcesses()).find((candidate) => candidate.pid === pid);
  if (row === undefined || (parent !== undefined && row.ppid !== parent)) return '';
  return row.startTime;
}

/** Whether {@link startTimeOf} costs one small read, and not a run of a system tool. */
export const START_TIMES_ARE_CHEAP = LINUX;

/**
 * The living processes that carry the mark of a server, or of one of its owners. Linux only; elsewhere empty, because
 * marks can't be read. Calls at the same time share one search of all processes.
 * @param owner see wire/marker.ts; any owner by default
 */
export async function findMarked(server: string, owner?: number | string): Promise<CommandRow[]> {
  if (!LINUX) return [];
  let look = looks.get(server);
  if (look === undefined) {
    look = shared(() => readMarks(server));
    looks.set(server, look);
  }
  const marked = await look();
  const wanted = marked.filter(({ owners }) => owner === undefined || owners.includes(String(owner)));
  const rows = await Promise.all(wanted.map(({ pid }) => identify(pid)));
  return rows.filter((row) => row !== undefined);
}

interface Marked {
  pid: number;
  owners: string[];
}

const looks = new Map<string, () => Promise<Marked[]>>();

async function readMarks(server: string): Promise<Marked[]> {
  const others = (await procPids()).filter((pid) => pid !== process.pid);
  const marks = await Promise.all(
    others.map(async (pid) => {
      const [environ, link] = await Promise.all([readProc(pid, 'environ'), procLink(pid, `fd/${MARKER_FD}`)]);
      return { pid, owners: ownersOf(server, environ, link) };
    }),
  );
  return marks.filter(({ owners }) => owners.length > 0);
}

/**
 * Calls at the same time share one run of `work`, but never a run that already started: it may have missed a process
 * that the caller has just seen.
 */
function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return () => {
    if (next === undefined) {
      next = running.then(() => {
        next = undefined;
        return work();
      });
      running = next.catch(() => {});
    }
    return next;
  };
}

async function list(): Promise<ProcessRow[]> {
  if (LINUX) {
    const rows = await Promise.all((await procPids()).map(readRow));
    const found = rows.filter((row) => row !== undefined);
    if (found.length > 0) return found;
  }
  return listTool();
}

/** The tools of other systems list the command lines as well. */
const listTool: () => Promise<CommandRow[]> = shared(async () => {
  if (process.platform === 'win32') {
    const text = await runTool(powershellPath(), ['-NoProfile', '-NonInteractive', '-Command', CIM_QUERY]);
    return parseCim(text ?? '');
  }
  return parsePs((await runTool('ps', PS_ARGUMENTS)) ?? '');
});

async function readRow(pid: number): Promise<ProcessRow | undefined> {
  return parseProcStat(await readProc(pid, 'stat'));
}

async function named(row: ProcessRow): Promise<CommandRow> {
  const line = Buffer.from(await readProc(row.pid, 'cmdline'), 'latin1').toString();
  return { ...row, command: line.split('\0').join(' ').trim() };
}
