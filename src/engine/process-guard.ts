/** Sees to it that what was started ends with the server, however that ends (docs/architecture.md, orphans). */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { BoundAddress } from '../protocol/frames.ts';
import type { ManagedWorker } from './managed-worker.ts';
import { findMarked, identify, startTimeNow } from './process/identity.ts';
import { DEATH_MS, gone, killExactly } from './process/kill-tree.ts';
import { Ledger, type Reaped, reapLeftovers } from './process/ledger.ts';
import { MARKER_VARIABLE } from './process/marker.ts';
import { Sentinel } from './process/sentinel.ts';
import { descendants } from './process/tree.ts';

export class ProcessGuard {
  readonly #id = randomUUID();
  #ledger: Ledger | undefined;
  #sentinel = new Sentinel(this.#id);
  /** Processes that a worker's app started itself. */
  #children = new Map<ManagedWorker, Array<{ pid: number; startTime: string }>>();

  /** What the app's environment needs, so that whatever it starts can be told from strangers. */
  get environment(): Record<string, string> {
    return { [MARKER_VARIABLE]: this.#id };
  }

  /** Ends what dead servers left, then begins to write down. Goes on without a ledger where none can be written. */
  async open(info: { url: string; cwd: string }): Promise<Reaped & { warning?: string }> {
    const reaped = await reapLeftovers();
    try {
      this.#ledger = new Ledger({ id: this.#id, ...info });
      return reaped;
    } catch (error) {
      return { ...reaped, warning: `Started processes can't be written down: ${(error as Error).message}` };
    }
  }

  started(worker: ManagedWorker): void {
    const pid = ownPid(worker);
    if (pid !== undefined) this.guard(pid, `worker ${worker.id}`);
    // What a thread calls and waits for (`execFileSync`) nobody can tell of before it is over.
    else this.#sentinel.watch();
  }

  /** The app of a worker started a process. */
  spawned(worker: ManagedWorker, pid: number, command: string): void {
    const startTime = this.guard(pid, command);
    const children = this.#children.get(worker) ?? [];
    children.push({ pid, startTime });
    this.#children.set(worker, children);
  }

  /** The app listens on a unix path. */
  bound(address: BoundAddress): void {
    if ('path' in address) this.#sentinel.guardFile(path.resolve(address.path));
  }

  /** A worker is gone: so is to be what it started, and what those started. */
  async ended(worker: ManagedWorker): Promise<void> {
    const children = this.#children.get(worker) ?? [];
    this.#children.delete(worker);
    for (const { pid, startTime } of children) {
      const tree = await descendants(pid);
      // Without a start time, as on macOS and Windows, the tree at this moment is all there is to go by.
      const row = startTime === '' ? await identify(pid) : { pid, startTime };
      await Promise.all(
        [...(row === undefined ? [] : [row]), ...tree].map((process) => killExactly(process)),
      );
      this.release(pid);
    }
    const pid = ownPid(worker);
    if (pid !== undefined) this.release(pid);
  }

  /** All workers are gone. What still carries the marker left its tree; it goes as well. */
  async close(): Promise<void> {
    const marked = findMarked(MARKER_VARIABLE, this.#id);
    await Promise.all(marked.map((row) => killExactly(row)));
    await gone(marked, DEATH_MS);
    this.#sentinel.close();
    this.#ledger?.close();
  }

  /** From now on the process does not outlive the server. Returns its start time, where that is known. */
  guard(pid: number, command: string): string {
    const startTime = startTimeNow(pid);
    this.#sentinel.guard(pid, startTime);
    this.#ledger?.add({ pid, startTime, command });
    return startTime;
  }

  release(pid: number): void {
    this.#sentinel.release(pid);
    this.#ledger?.remove(pid);
  }
}

/** Undefined for a thread, and for a process that could not be started, or is still to be forked: nothing to end. */
function ownPid({ runner }: ManagedWorker): number | undefined {
  return runner.pid === process.pid ? undefined : runner.pid;
}
