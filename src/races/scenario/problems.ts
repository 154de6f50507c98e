/** Collects the mistakes of a file, so that a person sees all of them at once. */
import type { Note, Place, Problem } from './place.ts';

export class Problems {
  readonly notes: Note[] = [];
  readonly #found: Problem[] = [];

  /** @param what a sentence without its full stop */
  add({ file, line }: Place, what: string, allowed?: string): void {
    if (this.#found.some((other) => other.file === file && other.line === line && other.what === what))
      return;
    this.#found.push({ file, line, what, ...(allowed === undefined ? {} : { allowed }) });
  }

  note({ file, line }: Place, what: string): void {
    this.notes.push({ file, line, what });
  }

  /** In the order of their lines. */
  get sorted(): Problem[] {
    return this.#found.toSorted((a, b) => (a.file === b.file ? a.line - b.line : 0));
  }
}
