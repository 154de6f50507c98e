/** Finds candidates for an app's file: names, extensions, folders. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ENDINGS, GUESSED_FOLDERS, GUESSED_NAMES } from '../../common/entry-names.ts';

type Kind = 'file' | 'folder' | 'none';

export async function kindOf(target: string): Promise<Kind> {
  try {
    const stats = await stat(target);
    return stats.isDirectory() ? 'folder' : 'file';
  } catch {
    return 'none';
  }
}

/** The file that `target` names, with or without its extension; undefined if there is none, or if it is a folder. */
export async function fileAt(target: string): Promise<string | undefined> {
  if ((await kindOf(target)) === 'file') return target;
  for (const ending of ENDINGS) {
    if ((await kindOf(target + ending)) === 'file') return target + ending;
  }
  return undefined;
}

/**
 * Files of the guessed names in `folder` and its `src`, one per name. It compares names with the folder's listing and
 * does not open them, because on Windows and macOS `App.js` (a React component) would open as `app.js`.
 */
export async function guesses(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const part of GUESSED_FOLDERS) {
    const names = await namesIn(path.join(folder, part));
    for (const name of GUESSED_NAMES) {
      const ending = ENDINGS.find((ending) => names.has(name + ending));
      if (ending !== undefined) found.push(path.join(folder, part, name + ending));
    }
  }
  return found;
}

async function namesIn(folder: string): Promise<Set<string>> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
  } catch {
    return new Set();
  }
}

/**
 * The files of `files` that no other of them imports. A `server.js` that imports `./app.js` is the program, and
 * `app.js` is a part of it, whatever their names. All of them if they import each other in a circle.
 */
export async function notImported(files: readonly string[]): Promise<string[]> {
  const imported = new Set<string>();
  await Promise.all(
    files.map(async (file) => {
      const source = await readFile(file, 'utf8').catch(() => '');
      for (const target of relativeImports(source)) {
        const absolute = path.resolve(path.dirname(file), target);
        const hit = files.find((other) => other !== file && sameModule(other, absolute));
        if (hit !== undefined) imported.add(hit);
      }
    }),
  );
  const rest = files.filter((file) => !imported.has(file));
  return rest.length === 0 ? [...files] : rest;
}

/** The relative imports in a source, found in its text; a comment may look like an import. */
export function relativeImports(source: string): string[] {
  const pattern = /(?:\brequire\s*\(|\bimport\s*\(|\bfrom|\bimport)\s*["'](\.{1,2}\/[^"'\n]*)["']/g;
  return [...source.matchAll(pattern)].map(([, target]) => target!);
}

/** `./app`, `./app.js` (even for `app.ts`, as TypeScript writes it) and the folder of an index all name a file. */
function sameModule(file: string, target: string): boolean {
  const stem = withoutEnding(file);
  return stem === withoutEnding(target) || stem === path.join(target, 'index');
}

function withoutEnding(file: string): string {
  const ending = ENDINGS.find((ending) => file.endsWith(ending));
  return ending === undefined ? file : file.slice(0, -ending.length);
}
