/**
 * Ensures that every process that was started ends with the server, whatever ends the server (docs/architecture.md,
 * orphans).
 */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { BoundAddress, FromWorker } from '../../../wire/frames.ts';
import { MARKER_VARIABLE } from '../../../wire/marker.ts';
import { descendantsIn } from '../os/descendants.ts';
import { killAll } from '../os/kill-tree.ts';
import {
  findMarked,
  type Identity,
  listProcesses,
  living,
  livingIn,
  START_TIMES_ARE_CHEAP,
  startTimeOf,
} from '../os/process-table.ts';
import { reapLeftovers } from './known-servers.ts';
import { Ledger } from './ledger.ts';
import type { LedgerEntry } from './ledger-lines.ts';
import { Reaper } from './reaper.ts';

/** From this many children on, the guard checks which of them are still alive. */
const MANY_CHILDREN = 256;

/** A process or thread that runs the app and may start processes: a worker or a zygote. */
export interface Owner {
  /** The name in marks; see wire/marker.ts. */
  name: number | string;
  /** Undefined if it has no process of its own to forget. */
  pid: number | undefined;
}

/** Processes that the app started itself, by pid. */
interface Children {
  known: Map<number, Identity>;
  /**
   * At this many the guard checks them. It grows after each check, so that living ones are not checked all the time.
   */
  limit: number;
}

export class ProcessGuard {
  readonly #id = randomUUID();
  #ledger: Ledger | undefined;
  #reaper = new Reaper(this.#id);
  /** All guarded processes by pid. */
  #guarded = new Map<number, LedgerEntry>();
  #children = new Map<Owner['name'], Children>();
  #warn: ((text: string) => void) | undefined;

  /** @param warn called at most once: a process could not be recorded, or a leftover could not be removed */
  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  /** Variables for the app's environment: they mark what the app starts; see markedFor. */
  get environment(): Record<string, string> {
    return { [MARKER_VARIABLE]: this.#id };
  }

  /**
   * Ends what dead servers left behind, then starts the ledger. Goes on without a ledger if it can't be written.
   * Resolves with the ended processes.
   */
  async open(info: { url: string; cwd: string }): Promise<LedgerEntry[]> {
    const { killed, problem } = await reapLeftovers();
    if (problem !== undefined) this.#problem(`Can't remove what earlier servers left behind: ${problem}`);
    const server = {
      ...info,
      id: this.#id,
      pid: process.pid,
      startTime: '',
      command: process.argv.join(' '),
      parent: { pid: process.ppid, startTime: '' },
    };
    const times = Promise.all([startTimeOf(process.pid), startTimeOf(process.ppid)]).then(([own, parent]) => {
      server.startTime = own;
      server.parent.startTime = parent;
    });
    if (START_TIMES_ARE_CHEAP) await times;
    const ledger = new Ledger(server, ({ message }) => {
      this.#problem(`Can't record started processes in the ledger: ${message}`);
    });
    this.#ledger = ledger;
    // Another server may now find the port taken and ask the ledger whose it is.
    await ledger.opened;
    if (!START_TIMES_ARE_CHEAP) void times.then(() => ledger.writeAfresh());
    return killed;
  }

  /** A worker was started. Resolves when its process, if it has one, is in the ledger; see {@link guard}. */
  async started({ name, pid }: Owner): Promise<void> {
    // A program that a thread waits for (`execFileSync`) is reported only when it is over.
    if (pid === undefined) this.#reaper.watch();
    else await this.guard(pid, `worker ${name}`);
  }

  /** The app started a process. */
  spawned(owner: Owner, message: Extract<FromWorker, { type: 'spawned' }>): void {
    const { pid, command, startTime } = message;
    let children = this.#children.get(owner.name);
    if (children === undefined) {
      children = { known: new Map(), limit: MANY_CHILDREN };
      this.#children.set(owner.name, children);
    }
    const child = { pid, startTime: startTime ?? '', command };
    children.known.set(pid, child);
    // Without a start time, only its parent proves that the child is still the same process.
    void this.#guard(child, startTime === undefined ? () => startTimeOf(pid, owner.pid) : undefined);
    if (children.known.size > children.limit) void this.#forgetEnded(children);
  }

  childExited({ name }: Owner, pid: number): void {
    if (this.#children.get(name)?.known.delete(pid)) this.release(pid);
  }

  /** The app listens on a unix path. */
  bound(address: BoundAddress): void {
    if ('path' in address) this.#reaper.guardFile(path.resolve(address.path));
  }

  /** The worker has ended, or waits for a program: end everything that it started, and what that started. */
  async ownerEnded({ name, pid }: Owner): Promise<void> {
    const known = [...(this.#children.get(name)?.known.values() ?? [])];
    this.#children.delete(name);
    if (pid !== undefined) this.release(pid);
    await this.#endAll(known, name);
    for (const child of known) this.release(child.pid);
  }

  /** All workers have ended. Processes that still carry the mark have left their tree; end them as well. */
  async close(): Promise<void> {
    await this.#endAll([]);
    this.#reaper.close();
    await this.#ledger?.close();
  }

  /**
   * From now on the process, a child of this one, does not outlive the server. Resolves once it is in the ledger, or
   * when that takes too long.
   */
  async guard(pid: number, command: string): Promise<void> {
    const entry = { pid, startTime: '', command };
    const parent = process.pid;
    if (START_TIMES_ARE_CHEAP) entry.startTime = await startTimeOf(pid);
    await this.#guard(entry, START_TIMES_ARE_CHEAP ? undefined : () => startTimeOf(pid, parent));
  }

  release(pid: number): void {
    if (!this.#guarded.delete(pid)) return;
    this.#reaper.release(pid);
    this.#ledger?.remove(pid);
  }

  /** @param later finds a start time that is not known yet; without one the process is never killed by its pid */
  async #guard(entry: LedgerEntry, later: (() => Promise<string>) | undefined): Promise<void> {
    const { pid } = entry;
    this.#guarded.set(pid, entry);
    if (entry.startTime !== '') this.#reaper.guard(pid, entry.startTime);
    const written = this.#ledger?.add(entry);
    if (later !== undefined) {
      void later().then((startTime) => {
        if (startTime === '' || this.#guarded.get(pid) !== entry) return;
        entry.startTime = startTime;
        this.#reaper.guard(pid, startTime);
        void this.#ledger?.add(entry);
      });
    }
    await written;
  }

  /**
   * Ends the known processes, those with the mark of the owner (of any owner by default), and all their descendants.
   */
  async #endAll(known: readonly Identity[], owner?: number | string): Promise<void> {
    let first = known;
    await killAll(async () => {
      const found = await findMarked(this.#id, owner);
      if (first.length === 0 && found.length === 0) return [];
      const rows = await listProcesses();
      const roots = [...livingIn(rows, first), ...found];
      first = [];
      return [...roots, ...descendantsIn(rows, ...roots.map(({ pid }) => pid))];
    });
  }

  /** Forgets children whose exit was not reported, for example because a Python program does not wait for them. */
  async #forgetEnded(children: Children): Promise<void> {
    children.limit = Number.POSITIVE_INFINITY;
    const all = [...children.known.values()];
    const alive = new Set(await living(all));
    for (const child of all) {
      if (alive.has(child) || child.startTime === '' || children.known.get(child.pid) !== child) continue;
      children.known.delete(child.pid);
      this.release(child.pid);
    }
    children.limit = MANY_CHILDREN + 2 * children.known.size;
  }

  #problem(text: string): void {
    this.#warn?.(text);
    this.#warn = undefined;
  }
}
