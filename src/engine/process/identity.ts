/** Which process a pid means: pids are used again, so a pid alone is never enough to kill by. */
import fs from 'node:fs';
import {
  CIM_QUERY,
  type ProcessRow,
  PS_ARGUMENTS,
  parseCim,
  parseProcStat,
  parsePs,
  powershellPath,
} from './platform.ts';
import { runTool } from './run-tool.ts';

/** All processes of the system; empty when they can't be listed. */
export async function listProcesses(): Promise<ProcessRow[]> {
  if (process.platform === 'linux') {
    const rows = listProc();
    if (rows.length > 0) return rows;
  }
  if (process.platform === 'win32') {
    const text = await runTool(powershellPath(), ['-NoProfile', '-NonInteractive', '-Command', CIM_QUERY]);
    return parseCim(text ?? '');
  }
  return parsePs((await runTool('ps', PS_ARGUMENTS)) ?? '');
}

/** The living process with this pid, or undefined; zombies are dead. */
export async function identify(pid: number): Promise<ProcessRow | undefined> {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  let row: ProcessRow | undefined;
  if (process.platform === 'linux') row = readProc(pid);
  else row = (await listProcesses()).find((candidate) => candidate.pid === pid);
  return row === undefined || row.zombie ? undefined : row;
}

/** True while the very process that `row` describes is alive. */
export async function isAlive(row: Pick<ProcessRow, 'pid' | 'startTime'>): Promise<boolean> {
  const now = await identify(row.pid);
  return now !== undefined && now.startTime === row.startTime;
}

/** When a process started, on Linux at the price of one small read; empty where that can't be told so cheaply. */
export function startTimeNow(pid: number): string {
  return process.platform === 'linux' ? (readProc(pid)?.startTime ?? '') : '';
}

/** The processes with a variable in their environment (Linux; elsewhere none, since it can't be read). */
export function findMarked(name: string, value: string): ProcessRow[] {
  if (process.platform !== 'linux') return [];
  const wanted = `${name}=${value}\0`;
  return listProc().filter(({ pid, zombie }) => {
    if (zombie || pid === process.pid) return false;
    try {
      return `\0${fs.readFileSync(`/proc/${pid}/environ`, 'latin1')}\0`.includes(`\0${wanted}`);
    } catch {
      return false;
    }
  });
}

function listProc(): ProcessRow[] {
  try {
    return fs
      .readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => readProc(Number(name)))
      .filter((row) => row !== undefined);
  } catch {
    return [];
  }
}

function readProc(pid: number): ProcessRow | undefined {
  try {
    const row = parseProcStat(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'));
    if (row === undefined) return undefined;
    const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return { ...row, command };
  } catch {
    return undefined;
  }
}
