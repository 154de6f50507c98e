/**
 * The differences between systems: the paths of the tools, and the meaning of their output. The parsers are pure
 * and tested with real output, because two of the three systems can't be run everywhere.
 */
import { system32 } from '../../../common/windows-tools.ts';
import { startTimeIn, statFields } from '../../../wire/proc-stat.ts';

/** One process of a listing. */
export interface ProcessRow {
  pid: number;
  ppid: number;
  /** When it started, in the system's own format; the same for one process, different for a later one with its pid. */
  startTime: string;
  /** An exited process that waits until its parent reads its exit code. It counts as dead. */
  zombie: boolean;
}

/** With the command line; on Linux that takes one more read per process. */
export interface CommandRow extends ProcessRow {
  command: string;
}

export function powershellPath(): string {
  return system32('WindowsPowerShell', 'v1.0', 'powershell.exe');
}

/** CIM, because new versions of Windows have no `wmic`. */
export const CIM_QUERY =
  'Get-CimInstance Win32_Process | ForEach-Object { "{0}`t{1}`t{2}`t{3}" -f ' +
  '$_.ProcessId,$_.ParentProcessId,$_.CreationDate.ToFileTimeUtc(),$_.CommandLine }';

/** Arguments of `ps` that have the same meaning on Linux and macOS; the start time is five words in the C locale. */
export const PS_ARGUMENTS = ['-A', '-o', 'pid=,ppid=,lstart=,stat=,command='];

/** Output of {@link PS_ARGUMENTS}. */
export function parsePs(text: string): CommandRow[] {
  const rows: CommandRow[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(\S+)\s+(.*)$/.exec(line);
    if (match === null) continue;
    const [, pid, ppid, startTime, stat, command] = match as unknown as string[];
    rows.push({
      pid: Number(pid),
      ppid: Number(ppid),
      startTime: startTime!.replace(/\s+/g, ' '),
      zombie: stat!.startsWith('Z'),
      command: command!.trim(),
    });
  }
  return rows;
}

/** Output of {@link CIM_QUERY}: pid, parent, creation time, command line, with tabs between. */
export function parseCim(text: string): CommandRow[] {
  const rows: CommandRow[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [pid, ppid, startTime, ...command] = line.split('\t');
    if (!/^\d+$/.test(pid ?? '') || ppid === undefined || startTime === undefined) continue;
    const words = command.join('\t').trim();
    rows.push({ pid: Number(pid), ppid: Number(ppid), startTime, zombie: false, command: words });
  }
  return rows;
}

/** `/proc/PID/stat` of Linux. */
export function parseProcStat(text: string): ProcessRow | undefined {
  const fields = statFields(text);
  const startTime = startTimeIn(fields);
  if (fields === undefined || startTime === undefined) return undefined;
  const state = fields[0];
  return {
    pid: Number.parseInt(text, 10),
    ppid: Number(fields[1]),
    startTime,
    zombie: state === 'Z' || state === 'X',
  };
}

/** `lsof -nP -iTCP:PORT -sTCP:LISTEN -Fp` (macOS): lines that start with `p` name the process. */
export function parseLsof(text: string): number | undefined {
  const line = text.split('\n').find((candidate) => /^p\d+$/.test(candidate));
  return line === undefined ? undefined : Number(line.slice(1));
}

/** `netstat -ano -p TCP` (Windows). The state is translated there, but a listener's peer is always port 0. */
export function parseNetstat(text: string, port: number): number | undefined {
  for (const line of text.split(/\r?\n/)) {
    const [protocol, local, remote, , pid] = line.trim().split(/\s+/);
    if (protocol !== 'TCP' || local === undefined || remote === undefined) continue;
    if (local.endsWith(`:${port}`) && remote.endsWith(':0')) return Number(pid);
  }
  return undefined;
}

/** `/proc/net/tcp` and `tcp6` (Linux): inodes of the sockets that listen (state 0A) on a port. */
export function parseProcNet(text: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(wanted) && fields[3] === '0A')
    .map((fields) => fields[9]!);
}
