/** The servers of the ledgers: which are alive, and what the dead ones left behind. */
import { unlink } from 'node:fs/promises';
import { readStateFile, stateFiles, within } from '../../../common/state-folder.ts';
import { descendantsIn } from '../os/descendants.ts';
import { killAll } from '../os/kill-tree.ts';
import { findMarked, type Identity, identify, isAlive, listProcesses, living } from '../os/process-table.ts';
import { type LedgerContent, type LedgerEntry, type LedgerServer, parseLedger } from './ledger-lines.ts';

/** How long reading the folder may take: a disk that hangs does not keep a server from starting. */
const READ_MS = 1000;

interface Reaped {
  /** Processes that were ended. */
  killed: LedgerEntry[];
  /** Processes that were spared because their pid now belongs to another process. */
  strangers: LedgerEntry[];
  /** Why something could not be read or removed, for a person. */
  problem?: string;
}

interface Found {
  ledgers: Array<{ file: string; content: LedgerContent | undefined }>;
  problem: string | undefined;
}

/** The concurrent servers of this user that are alive. Never rejects. */
export async function findServers(): Promise<LedgerServer[]> {
  const { ledgers } = await readLedgers();
  const alive: LedgerServer[] = [];
  for (const { content } of ledgers) {
    if (content !== undefined && (await serverLives(content.server))) alive.push(content.server);
  }
  return alive;
}

/** A server ends with its parent. If it did not, because it hangs or was stopped, it is an orphan. */
export async function isLeftover({ parent }: LedgerServer): Promise<boolean> {
  return parent !== undefined && parent.pid > 1 && !(await serverLives(parent));
}

/**
 * Ends what dead servers left behind, but only if pid and start time match: a pid may belong to a new process now.
 * Never rejects.
 */
export async function reapLeftovers(): Promise<Reaped> {
  const { ledgers, problem } = await readLedgers();
  const reaped: Reaped = { killed: [], strangers: [] };
  let first = problem;
  for (const { file, content } of ledgers) {
    if (content !== undefined) {
      if (await serverLives(content.server)) continue;
      await reap(content, reaped);
    }
    const removed = unlink(file).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : error.message),
    );
    first ??= await within(READ_MS, removed, tooSlow);
  }
  return first === undefined ? reaped : { ...reaped, problem: first };
}

async function reap({ server, entries }: LedgerContent, reaped: Reaped): Promise<void> {
  const alive = await living(entries);
  const others = entries.filter((entry) => !alive.includes(entry));
  for (const entry of others) {
    if ((await identify(entry.pid)) !== undefined) reaped.strangers.push(entry);
  }
  const pids = descendantsIn(await listProcesses(), ...alive.map(({ pid }) => pid));
  const trees = (await Promise.all(pids.map(({ pid }) => identify(pid)))).filter((row) => row !== undefined);
  let known: LedgerEntry[] = [...alive, ...trees];
  const killed = await killAll(async () => {
    const rows = [...known, ...(await findMarked(server.id))];
    known = [];
    return rows;
  });
  for (const { pid, startTime, command } of killed) reaped.killed.push({ pid, startTime, command });
}

async function serverLives(server: Identity): Promise<boolean> {
  if (server.startTime !== '') return isAlive(server);
  return (await identify(server.pid)) !== undefined;
}

const tooSlow = `it takes longer than ${READ_MS} ms`;

async function readLedgers(): Promise<Found> {
  return within<Found, Found>(READ_MS, readAll(), { ledgers: [], problem: tooSlow });
}

async function readAll(): Promise<Found> {
  const found: Found = { ledgers: [], problem: undefined };
  try {
    for (const file of await stateFiles()) {
      try {
        const text = await readStateFile(file);
        found.ledgers.push({ file, content: text === undefined ? undefined : parseLedger(text) });
      } catch (error) {
        // It may belong to a living server: a file that can't be read is kept.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') found.problem ??= (error as Error).message;
      }
    }
  } catch (error) {
    found.problem = (error as Error).message;
  }
  return found;
}
