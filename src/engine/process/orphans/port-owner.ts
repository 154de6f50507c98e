/** Finds the process that listens on a port, to report it to a person whose start failed. */
import fs from 'node:fs';
import { system32 } from '../../../common/windows-tools.ts';
import { parseLsof, parseNetstat, parseProcNet } from '../os/parsers.ts';
import { identify } from '../os/process-table.ts';
import { runTool } from '../os/run-tool.ts';
import { findServers, isLeftover } from './known-servers.ts';

interface PortOwner {
  pid: number;
  command: string;
  /** It is a Concurrent Server. */
  ours: boolean;
  /** Its parent has exited, so no one uses it any more. */
  leftover?: boolean;
}

/** Undefined if it is unknown, for example because the port belongs to another user. */
export async function portOwner(port: number): Promise<PortOwner | undefined> {
  const pid = await listenerPid(port);
  if (pid === undefined) return undefined;
  const row = await identify(pid);
  if (row === undefined) return undefined;
  const server = (await findServers()).find((candidate) => candidate.pid === pid);
  return {
    pid,
    command: row.command,
    ours: server !== undefined,
    ...(server === undefined ? {} : { leftover: await isLeftover(server) }),
  };
}

async function listenerPid(port: number): Promise<number | undefined> {
  if (process.platform === 'linux') return linuxListener(port);
  if (process.platform === 'win32') {
    return parseNetstat((await runTool(system32('netstat.exe'), ['-ano', '-p', 'TCP'])) ?? '', port);
  }
  return parseLsof((await runTool('/usr/sbin/lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'])) ?? '');
}

function linuxListener(port: number): number | undefined {
  const inodes = new Set(['tcp', 'tcp6'].flatMap((name) => parseProcNet(read(`/proc/net/${name}`), port)));
  if (inodes.size === 0) return undefined;
  const sockets = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  for (const pid of list('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const fd of list(`/proc/${pid}/fd`)) {
      try {
        if (sockets.has(fs.readlinkSync(`/proc/${pid}/fd/${fd}`))) return Number(pid);
      } catch {
        // It was closed meanwhile, or this user may not see it.
      }
    }
  }
  return undefined;
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function list(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}
