/** What `--watch` names: files, folders, globs, and `!` before what is to count no more. Pure. */
import path from 'node:path';
import picomatch from 'picomatch';
import { isForeign } from './watched-files.ts';

/** Files that count although the app did not load them. */
export interface Tree {
  /** Absolute path of the file, or of the folder that has all that matches. */
  base: string;
  /** Whether it counts; both work on absolute paths. */
  matches(file: string): boolean;
  /** Whether something in this folder may count. */
  enters(folder: string): boolean;
}

export interface WatchedGlobs {
  trees: Tree[];
  /** Whether a file is not to count, although it matches or was loaded. */
  excludes(file: string): boolean;
}

/** @param root absolute path of the folder that `patterns` are relative to */
export function watchedGlobs(patterns: readonly string[], root: string): WatchedGlobs {
  const trees = patterns.filter((text) => !text.startsWith('!')).map((text) => treeOf(text, root));
  const without = patterns.filter((text) => text.startsWith('!')).map((text) => treeOf(text.slice(1), root));
  return { trees, excludes: (file) => without.some(({ matches }) => matches(file)) };
}

function treeOf(pattern: string, root: string): Tree {
  // A backslash is no separator in a glob, but is one for a person on Windows.
  const text = path.sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  const { base: start, glob, isGlob } = picomatch.scan(text.trim());
  const base = path.resolve(root, start === '' ? '.' : start);
  // A name without magic is that file, or all that is in that folder, whichever of the two it comes to be; and `[id]`
  // may be the name of a folder.
  const literal = path.resolve(root, text.trim());
  const fits = isGlob ? picomatch(withoutSlash(glob), { dot: true }) : () => false;
  const named = new Set(glob.split('/'));
  return {
    base,
    matches(file) {
      const relative = below(base, file);
      return relative !== undefined && (fits(relative) || below(literal, file) !== undefined);
    },
    enters(folder) {
      const relative = below(base, folder);
      // `**` is not meant to reach into packages; who means them names them.
      return relative?.split('/').every((name) => !isForeign(name) || named.has(name)) === true;
    },
  };
}

/** The path from `folder` to `file`, with slashes; undefined if it is not there. */
function below(folder: string, file: string): string | undefined {
  if (file === folder) return '';
  const start = folder.endsWith(path.sep) ? folder : folder + path.sep;
  return file.startsWith(start) ? file.slice(start.length).replaceAll(path.sep, '/') : undefined;
}

function withoutSlash(glob: string): string {
  return glob.endsWith('/') ? glob.slice(0, -1) : glob;
}
