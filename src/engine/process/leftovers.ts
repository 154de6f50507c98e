/** Servers of ours that are still there although whoever had started them is gone, and what dead ones left. */
import { type KillStep, killTree } from './kill-tree.ts';
import { findServers, isLeftover, type LedgerEntry, reapLeftovers } from './ledger.ts';
import { portOwner } from './port-owner.ts';

/** Ends the leftover of ours that listens on `port`. Resolves with false when it is none, or could not be ended. */
export async function endLeftoverOn(port: number): Promise<boolean> {
  const owner = await portOwner(port);
  if (owner?.leftover !== true) return false;
  return ended(await killTree(owner.pid, { graceMs: 0 }));
}

/** Ends every leftover: servers, and what dead servers left. Resolves with what was ended. */
export async function endLeftovers(): Promise<LedgerEntry[]> {
  const servers: LedgerEntry[] = [];
  for (const server of await findServers()) {
    if (!(await isLeftover(server))) continue;
    if (ended(await killTree(server.pid, { graceMs: 0 }))) servers.push(server);
  }
  const { killed } = await reapLeftovers();
  return [...servers, ...killed];
}

function ended(step: KillStep): boolean {
  return step !== 'survived';
}
