/** Where a mistake is, and how it is told. */

/** A line of a file, counted from 1. */
export interface Place {
  file: string;
  line: number;
}

/** A mistake in a file. `what` is a sentence without its full stop; `allowed` is one or more whole sentences. */
export type Problem = Place & { what: string; allowed?: string };

/** Something that is no mistake, but that the person may not expect. */
export type Note = Place & { what: string };

/** `file:line: what. allowed` */
export function problemText({
  file,
  line,
  what,
  allowed,
}: Place & { what: string; allowed?: string }): string {
  return `${file}:${line}: ${what}.${allowed === undefined ? '' : ` ${allowed}`}`;
}
