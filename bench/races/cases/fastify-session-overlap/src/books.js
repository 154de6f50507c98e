import { open } from 'node:fs/promises';

/** The title of a book; the catalogue has one `isbn title` a line. */
export async function titleOf(isbn) {
  const catalogue = await open(new URL('../catalogue.txt', import.meta.url));
  for await (const line of catalogue.readLines()) {
    if (line.startsWith(`${isbn} `)) return line.slice(isbn.length + 1);
  }
  return 'unknown';
}
