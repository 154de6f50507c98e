/** Where in the app's source an error comes from, as far as its stack tells. Pure. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SourcePlace {
  /** Absolute path. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column?: number;
}

/** What stands before the message of a syntax error: file and line, the line itself, a mark below the column. */
const HEADER = /^((?:file:\/\/)?[^\n]*[^\n\d:]):(\d+)\r?\n[^\n]*\r?\n( *)\^/m;
const FRAME = /^\s+at (?:.*? \()?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^()\n]*?):(\d+):(\d+)\)?$/gm;

/**
 * The place an error's stack, or what Node printed of the error, points to: that of a syntax error itself, else the
 * innermost call in the app's own files, else in one of its packages. Undefined where there is none.
 */
export function sourcePlace(text: string): SourcePlace | undefined {
  const header = HEADER.exec(text);
  if (header !== null) {
    const [, file, line, space] = header;
    const absolute = toPath(file!);
    if (path.isAbsolute(absolute)) {
      return { file: absolute, line: Number(line), column: space!.length + 1 };
    }
  }
  const places = [...text.matchAll(FRAME)].map(([, file, line, column]) => ({
    file: toPath(file!),
    line: Number(line),
    column: Number(column),
  }));
  return places.find(({ file }) => !/[\\/]node_modules[\\/]/.test(file)) ?? places[0];
}

/** A module that was not found, where the message names the file that should have been there. */
export function missingFile(message: string): string | undefined {
  const [, name, importer] =
    /^Cannot find module '([^'\n]+)'(?: imported from ([^\n]+))?/.exec(message) ?? [];
  if (name === undefined) return undefined;
  if (path.isAbsolute(name)) return name;
  const [, requirer] = /Require stack:\r?\n- ([^\n]+)/.exec(message) ?? [];
  const from = importer ?? requirer;
  return from === undefined || !/^\.{1,2}[\\/]/.test(name)
    ? undefined
    : path.resolve(path.dirname(from), name);
}

function toPath(file: string): string {
  try {
    return file.startsWith('file:') ? fileURLToPath(file) : file;
  } catch {
    return file;
  }
}
