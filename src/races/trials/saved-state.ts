/** Files and folders that are copied back before each trial (`--state`). */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** What SQLite keeps beside a database; a copy without it is another database. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

export class SavedState {
  #paths: readonly string[];
  #folder: string | undefined;

  /** @param paths absolute; they need not exist */
  constructor(paths: readonly string[]) {
    this.#paths = [...new Set(paths.flatMap((file) => [file, ...COMPANIONS.map((end) => file + end)]))];
  }

  /** Keeps what is there now. Rejects with the system's error if it can't be read. */
  async save(): Promise<void> {
    this.#folder = await fs.mkdtemp(path.join(os.tmpdir(), 'concurrent-server-state-'));
    for (const [index, file] of this.#paths.entries()) {
      if (await exists(file))
        await fs.cp(file, this.#copyOf(index), { recursive: true, preserveTimestamps: true });
    }
  }

  /** Restores all of it, also what was not there. */
  async restore(): Promise<void> {
    for (const [index, file] of this.#paths.entries()) {
      const copy = this.#copyOf(index);
      if (!(await exists(copy))) await fs.rm(file, { recursive: true, force: true });
      else if ((await fs.stat(copy)).isDirectory()) {
        await fs.rm(file, { recursive: true, force: true });
        await fs.cp(copy, file, { recursive: true, preserveTimestamps: true });
      } else await fs.copyFile(copy, file);
    }
  }

  async close(): Promise<void> {
    if (this.#folder === undefined) return;
    await fs.rm(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  #copyOf(index: number): string {
    return path.join(this.#folder ?? '', String(index));
  }
}

async function exists(file: string): Promise<boolean> {
  return fs.stat(file).then(
    () => true,
    () => false,
  );
}
