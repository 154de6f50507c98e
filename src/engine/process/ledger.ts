/**
 * What was started is written down before it runs user code, so that the next start can end what a server left that
 * died without a chance to. One file a server, in a folder of this user.
 */
import fs from 'node:fs';
import path from 'node:path';
import { stateFolder } from '../../common/state-folder.ts';
import { findMarked, identify, isAlive, startTimeNow } from './identity.ts';
import { DEATH_MS, gone, killExactly } from './kill-tree.ts';
import { MARKER_VARIABLE } from './marker.ts';

export interface LedgerEntry {
  pid: number;
  /** Empty where it could not be told; such an entry is never killed. */
  startTime: string;
  command: string;
}

export interface LedgerServer extends LedgerEntry {
  /** Value of the marker variable in everything this server started. */
  id: string;
  url: string;
  cwd: string;
  /** Who had started it. */
  parent?: Pick<LedgerEntry, 'pid' | 'startTime'>;
}

interface LedgerFile {
  server: LedgerServer;
  entries: LedgerEntry[];
}

export interface Reaped {
  /** What was ended. */
  killed: LedgerEntry[];
  /** What was left alone because its pid now belongs to another process. */
  strangers: LedgerEntry[];
}

export class Ledger {
  #file: string;
  #content: LedgerFile;

  /** Creates the file. Throws what the file system throws. */
  constructor(server: Omit<LedgerServer, 'startTime' | 'pid' | 'command'>) {
    const folder = stateFolder();
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const parent = { pid: process.ppid, startTime: startTimeNow(process.ppid) };
    const own = { pid: process.pid, startTime: startTimeNow(process.pid), command: process.argv.join(' ') };
    this.#file = path.join(folder, `${server.id}.json`);
    this.#content = { server: { ...server, ...own, parent }, entries: [] };
    this.#write();
  }

  add(entry: LedgerEntry): void {
    this.#content.entries.push(entry);
    this.#write();
  }

  remove(pid: number): void {
    this.#content.entries = this.#content.entries.filter((entry) => entry.pid !== pid);
    this.#write();
  }

  close(): void {
    fs.rmSync(this.#file, { force: true });
  }

  #write(): void {
    const draft = `${this.#file}.tmp`;
    fs.writeFileSync(draft, JSON.stringify(this.#content), { mode: 0o600 });
    fs.renameSync(draft, this.#file);
  }
}

/** The concurrent servers of this user that are alive. */
export async function findServers(): Promise<LedgerServer[]> {
  const alive: LedgerServer[] = [];
  for (const { content } of readLedgers()) {
    if (content !== undefined && (await serverLives(content.server))) alive.push(content.server);
  }
  return alive;
}

/** A server ends with its parent; one that did not, because it hangs or was stopped, serves nobody. */
export async function isLeftover({ parent }: LedgerServer): Promise<boolean> {
  return parent !== undefined && parent.pid > 1 && !(await serverLives(parent));
}

/** Ends what dead servers left; only where pid and start time match, so that no stranger dies for a used-again pid. */
export async function reapLeftovers(): Promise<Reaped> {
  const reaped: Reaped = { killed: [], strangers: [] };
  for (const { file, content } of readLedgers()) {
    if (content !== undefined) {
      if (await serverLives(content.server)) continue;
      for (const entry of content.entries) {
        if (entry.startTime !== '' && (await isAlive(entry))) {
          await killExactly(entry);
          reaped.killed.push(entry);
        } else if ((await identify(entry.pid)) !== undefined) reaped.strangers.push(entry);
      }
      for (const row of findMarked(MARKER_VARIABLE, content.server.id)) {
        await killExactly(row);
        reaped.killed.push({ pid: row.pid, startTime: row.startTime, command: row.command });
      }
    }
    fs.rmSync(file, { force: true });
  }
  await gone(reaped.killed, DEATH_MS);
  return reaped;
}

async function serverLives(server: Pick<LedgerEntry, 'pid' | 'startTime'>): Promise<boolean> {
  if (server.startTime !== '') return isAlive(server);
  return (await identify(server.pid)) !== undefined;
}

function readLedgers(): Array<{ file: string; content: LedgerFile | undefined }> {
  const folder = stateFolder();
  let names: string[];
  try {
    names = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
  return names.map((name) => {
    const file = path.join(folder, name);
    try {
      const content: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
      return { file, content: isLedgerFile(content) ? content : undefined };
    } catch {
      return { file, content: undefined };
    }
  });
}

function isLedgerFile(value: unknown): value is LedgerFile {
  if (typeof value !== 'object' || value === null) return false;
  const { server, entries } = value as Partial<LedgerFile>;
  return isEntry(server) && typeof server.id === 'string' && Array.isArray(entries) && entries.every(isEntry);
}

function isEntry(value: unknown): value is LedgerEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startTime } = value as Partial<LedgerEntry>;
  return Number.isInteger(pid) && typeof startTime === 'string';
}
