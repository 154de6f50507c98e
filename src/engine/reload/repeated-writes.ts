/**
 * A program that the app runs as it starts (a generator, a compiler) may write files that the app then loads. It would
 * restart forever. So what is written again with the same content while workers start is no change.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export class RepeatedWrites {
  #digests = new Map<string, string | undefined>();

  /**
   * Whether the file has the content that it had when it changed before.
   * @param loaded size of what was loaded, in bytes; it may have been the file in the middle of being written
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
