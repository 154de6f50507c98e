/** Parses `--watch`: files, folders, globs, and exclusions that start with `!`. Pure. */
import path from 'node:path';
import picomatch from 'picomatch';
import { isForeign } from './watched-files.ts';

/** Files that count although the app did not load them. */
export interface Tree {
  /** Absolute path of the file, or of the folder that contains all matches. */
  base: string;
  /** Whether the file counts; both functions take absolute paths. */
  matches(file: string): boolean;
  /** Whether a file in this folder may count. */
  enters(folder: string): boolean;
}

export interface WatchedGlobs {
  trees: Tree[];
  /** Whether a file does not count, even if it matches or was loaded. */
  excludes(file: string): boolean;
}

/** @param root absolute path of the folder that `patterns` are relative to */
export function watchedGlobs(patterns: readonly string[], root: string): WatchedGlobs {
  const trees = patterns.filter((text) => !text.startsWith('!')).map((text) => treeOf(text, root));
  const without = patterns.filter((text) => text.startsWith('!')).map((text) => treeOf(text.slice(1), root));
  return { trees, excludes: (file) => without.some(({ matches }) => matches(file)) };
}

function treeOf(pattern: string, root: string): Tree {
  // A backslash is not a separator in a glob, but it is one for a person on Windows.
  const text = path.sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  const { base: start, glob, isGlob } = picomatch.scan(text.trim());
  const base = path.resolve(root, start === '' ? '.' : start);
  // A name without magic stands for a file or for everything in a folder, whichever it turns out to be; and `[id]` may
  // be the name of a folder.
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
      // `**` does not reach into packages; to watch them, the user names them.
      return relative?.split('/').every((name) => !isForeign(name) || named.has(name)) === true;
    },
  };
}

/** The path from `folder` to `file`, with slashes; undefined if the file is not in the folder. */
function below(folder: string, file: string): string | undefined {
  if (file === folder) return '';
  const start = folder.endsWith(path.sep) ? folder : folder + path.sep;
  return file.startsWith(start) ? file.slice(start.length).replaceAll(path.sep, '/') : undefined;
}

function withoutSlash(glob: string): string {
  return glob.endsWith('/') ? glob.slice(0, -1) : glob;
}
