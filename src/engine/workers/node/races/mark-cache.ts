/**
 * Marked sources in a folder, because the same files are loaded in every trial: to parse a file in a fresh worker takes
 * longer than to start the worker.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { threadId } from 'node:worker_threads';

/** Source for one of Node's loaders. */
export interface Marked {
  source: string;
  /** As Node's loaders name it; undefined: by its syntax. */
  format: string | undefined;
}

/**
 * The result for these words, made once.
 *
 * @param folder is made if missing; undefined: nothing is kept
 * @param words all that the result depends on
 */
export function kept(
  folder: string | undefined,
  words: readonly string[],
  make: () => Marked | undefined,
): Marked | undefined {
  if (folder === undefined) return make();
  const file = path.join(folder, createHash('sha1').update(words.join('\0')).digest('hex'));
  try {
    return parsed(fs.readFileSync(file, 'utf8'));
  } catch {
    const made = make();
    write(file, made === undefined ? '' : `${made.format ?? ''}\n${made.source}`);
    return made;
  }
}

/** The first line is the format; an empty file says that there is nothing to mark. */
function parsed(text: string): Marked | undefined {
  if (text === '') return undefined;
  const end = text.indexOf('\n');
  return { source: text.slice(end + 1), format: text.slice(0, end) || undefined };
}

/** Other workers may read or write it at the same time. */
function write(file: string, text: string): void {
  const own = `${file}.${process.pid}-${threadId}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(own, text);
    fs.renameSync(own, file);
  } catch {
    // The next worker makes it again.
  }
}
