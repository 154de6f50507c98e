/**
 * When the app starts, it may run a program (a generator, a compiler) that writes files that the app then loads.
 * Without this check it would restart forever: a file that is written again with the same content while workers start
 * has not changed.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export class RepeatedWrites {
  #digests = new Map<string, string | undefined>();

  /**
   * Whether the file has the same content as at its previous change.
   * @param loaded size of the loaded file, in bytes; the file may have been half written
   */
  async isRepeated(file: string, loaded: number | undefined): Promise<boolean> {
    const content = await readFile(file).catch(() => undefined);
    const digest = content && createHash('sha1').update(content).digest('hex');
    const same = this.#digests.has(file) && this.#digests.get(file) === digest;
    this.#digests.set(file, digest);
    return same && (loaded === undefined || loaded === content?.length);
  }

  clear(): void {
    this.#digests.clear();
  }
}
