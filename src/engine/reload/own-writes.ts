/** Tells what the app itself writes from what a person saves. Pure. */

/**
 * A change that comes so soon after the app opened the file for writing, or after the change before, is the app's own:
 * a file is written in parts, and a busy machine reports them late.
 */
const OWN_MS = 1000;
/** So many files are remembered before those whose time is over are forgotten. */
const MANY = 1000;

export class OwnWrites {
  /** Until when changes of a file are the app's own, in ms on the caller's clock. */
  #until = new Map<string, number>();

  /** How many files are remembered. */
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

  /** Whether a change that is seen now is the app's own. */
  isOwn(file: string, now: number): boolean {
    const until = this.#until.get(file);
    if (until === undefined || until < now) return false;
    this.#until.set(file, now + OWN_MS);
    return true;
  }
}
