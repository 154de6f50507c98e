/** The transform for sources as Node's loaders have them. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { kept, type Marked } from './mark-cache.ts';

/** Plain data: the thread of the hooks gets it as well. */
export interface Users {
  /** Absolute paths of the folders of the app's project. */
  folders: readonly string[];
  /** Absolute path of a folder that keeps what was marked, for this version of the app. */
  cache?: string | undefined;
}

export interface Loaded {
  format?: string | null | undefined;
  source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined;
}

/** The workers' halves may be inside a project: in this repository they are. */
const OURS = path.dirname(__dirname);

/** @param file absolute path without links */
export function isUserFile(file: string, { folders }: Users): boolean {
  if (/[\\/]node_modules[\\/]/.test(file) || isIn(OURS, file)) return false;
  return folders.some((folder) => isIn(folder, file));
}

function isIn(folder: string, file: string): boolean {
  return file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}

/** What a `load` hook hands on; unchanged if it is not the user's, or there is nothing to mark. */
export function markedModule<L extends Loaded>(url: string, loaded: L, users: Users): L {
  const { format, source } = loaded;
  if (!url.startsWith('file:') || source === null || source === undefined) return loaded;
  // TypeScript in CommonJS goes through `_compile` later, by Node's loader or the app's.
  if (format !== 'module' && format !== 'module-typescript' && format !== 'commonjs') return loaded;
  const file = fileURLToPath(url);
  if (!isUserFile(file, users)) return loaded;
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
  const result = marked(text, file, format, users);
  return result === undefined ? loaded : { ...loaded, ...result };
}

/**
 * @param format as Node's loaders name it; undefined: CommonJS, or an ES module by its syntax
 * @returns undefined if there is nothing to mark
 */
export function marked(
  text: string,
  file: string,
  format: string | undefined,
  { cache }: Users,
): Marked | undefined {
  return kept(cache, [file, format ?? '', text], () => {
    // A file of its own, because it is large, and most workers find all they need in the folder.
    const { newlyMarked } = createRequire(__filename)('./marker.js') as typeof import('./marker.ts');
    return newlyMarked(text, file, format);
  });
}
