/** Distinguishes the app's own writes from a person's saves. Pure. */

/**
 * A change within this time after the app opened the file for writing, or after the previous change, is the app's own:
 * a file is written in parts, and a busy machine reports them late. In ms.
 */
const OWN_MS = 1000;
/** At this many files, expired ones are forgotten. */
const MANY = 1000;

export class OwnWrites {
  /** Until when changes of a file are the app's own, in ms on the caller's clock. */
  #until = new Map<string, number>();

  /** The number of remembered files. */
  get size(): number {
    return this.#until.size;
  }

  /** The app is about to write this file, rename another one to its name, or delete it. */
  wrote(file: string, now: number): void {
    if (this.#until.size >= MANY) {
      for (const [other, until] of this.#until) if (until < now) this.#until.delete(other);
    }
    this.#until.set(file, now + OWN_MS);
  }

  /** Whether a change seen now is the app's own. */
  isOwn(file: string, now: number): boolean {
    const until = this.#until.get(file);
    if (until === undefined || until < now) return false;
    this.#until.set(file, now + OWN_MS);
    return true;
  }
}
