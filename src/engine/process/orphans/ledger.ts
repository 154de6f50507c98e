/**
 * Records a started process before it runs user code, so that the next start can end what a dead server left behind.
 * One file per server, in a folder of this user. Nothing here blocks, and nothing waits for long: a folder that can't
 * be written to costs a warning.
 */
import { type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { stateFile, within } from '../../../common/state-folder.ts';
import { endedLine, firstLine, type LedgerEntry, type LedgerServer, startedLine } from './ledger-lines.ts';

/** A file with this many more lines than entries is rewritten, so its size is bounded. */
const SPARE_LINES = 256;
/** How long a process waits for its record, and the server's end for the last write. */
const LATE_MS = 300;

export class Ledger {
  #server: LedgerServer;
  #failed: (error: Error) => void;
  /** The wanted content of the file. */
  #entries = new Map<number, LedgerEntry>();
  /** Pids whose change is not written yet. */
  #changed = new Set<number>();
  /** Pids that are alive according to the file. */
  #written = new Set<number>();
  #lines = 0;
  #handle: FileHandle | undefined;
  /** The write that was started last, or the next one. */
  #last: Promise<void> = Promise.resolve();
  /** A write that has not started: it includes changes until then. */
  #next: Promise<void> | undefined;
  /** A write hangs, so the next ones are not waited for. */
  #hangs = false;
  #closed = false;
  /** Resolves once the server itself is recorded, or when that takes too long. Never rejects. */
  readonly opened: Promise<void>;

  /** @param failed called with each error of the file system */
  constructor(server: LedgerServer, failed: (error: Error) => void) {
    this.#server = server;
    this.#failed = failed;
    this.opened = this.#inTime(this.#write());
  }

  /**
   * An entry replaces an earlier one with the same pid. Resolves once it is in the file, or when that takes too long.
   * Never rejects.
   */
  add(entry: LedgerEntry): Promise<void> {
    this.#entries.set(entry.pid, entry);
    this.#changed.add(entry.pid);
    return this.#inTime(this.#write());
  }

  remove(pid: number): void {
    if (!this.#entries.delete(pid)) return;
    this.#changed.add(pid);
    void this.#write();
  }

  /** The server's own data is now complete. */
  writeAfresh(): void {
    this.#lines = Number.POSITIVE_INFINITY;
    void this.#write();
  }

  /** Removes the file. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    const closing = this.#last.then(async () => {
      const written = this.#handle !== undefined;
      await this.#release();
      if (written) await unlink(stateFile(this.#server.id));
    });
    await this.#inTime(closing.catch(this.#failed));
  }

  async #inTime(writing: Promise<void>): Promise<void> {
    if (this.#hangs) return;
    const late = await within(
      LATE_MS,
      writing.then(() => false),
      true,
    );
    if (!late || this.#hangs) return;
    this.#hangs = true;
    this.#failed(new Error(`a write took longer than ${LATE_MS} ms`));
  }

  #write(): Promise<void> {
    if (this.#next === undefined) {
      this.#next = this.#last.then(() => {
        this.#next = undefined;
        return this.#closed ? undefined : this.#writeChanges();
      });
      this.#last = this.#next;
    }
    return this.#next;
  }

  async #writeChanges(): Promise<void> {
    try {
      const long = this.#lines > 2 * this.#entries.size + SPARE_LINES;
      if (this.#handle === undefined || long) await this.#writeAfresh();
      else await this.#append(this.#handle);
    } catch (error) {
      // The next change tries everything again: a full disk may have room by then.
      await this.#release();
      this.#failed(error as Error);
    }
    this.#hangs = false;
  }

  async #append(handle: FileHandle): Promise<void> {
    const changed = [...this.#changed];
    this.#changed.clear();
    let text = '';
    for (const pid of changed) {
      const entry = this.#entries.get(pid);
      if (entry !== undefined) {
        text += startedLine(entry);
        this.#written.add(pid);
      } else if (this.#written.delete(pid)) text += endedLine(pid);
      else continue;
      this.#lines += 1;
    }
    // A process that has already exited is not worth a line.
    if (text !== '') await handle.appendFile(text);
  }

  /** Replaces the whole file at once, so that a reader finds either the old or the new one. */
  async #writeAfresh(): Promise<void> {
    const file = stateFile(this.#server.id);
    const draft = `${file}.tmp`;
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    this.#changed.clear();
    this.#written = new Set(this.#entries.keys());
    this.#lines = this.#written.size;
    const text = firstLine(this.#server, this.#entries.values());
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.appendFile(text);
      await rename(draft, file);
    } catch (error) {
      await handle.close();
      await unlink(draft).catch(() => {});
      throw error;
    }
    await this.#release();
    this.#handle = handle;
  }

  async #release(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close().catch(() => {});
  }
}
