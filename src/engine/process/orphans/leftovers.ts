/** Orphaned servers, whose parent has ended, and what dead servers left behind. */
import { type KillStep, killTree } from '../os/kill-tree.ts';
import { findServers, isLeftover, reapLeftovers } from './known-servers.ts';
import type { LedgerEntry } from './ledger-lines.ts';
import { portOwner } from './port-owner.ts';

/** Ends the orphaned server that listens on `port`. Resolves with false if there is none, or if it survives. */
export async function endLeftoverOn(port: number): Promise<boolean> {
  const owner = await portOwner(port);
  if (owner?.leftover !== true) return false;
  return ended(await killTree(owner.pid, { graceMs: 0 }));
}

/** Ends every leftover: servers, and processes of dead servers. Resolves with what was ended, and the first problem. */
export async function endLeftovers(): Promise<{ ended: LedgerEntry[]; problem: string | undefined }> {
  const servers: LedgerEntry[] = [];
  for (const server of await findServers()) {
    if (!(await isLeftover(server))) continue;
    if (ended(await killTree(server.pid, { graceMs: 0 }))) servers.push(server);
  }
  const { killed, problem } = await reapLeftovers();
  return { ended: [...servers, ...killed], problem };
}

function ended(step: KillStep): boolean {
  return step !== 'survived';
}
