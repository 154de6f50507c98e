/** Where in the app's source an error comes from, as far as its text tells. Pure. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceLocation } from '../../protocol/messages.ts';

/** What stands before the message of a syntax error: file and line, the line itself, a mark below the column. */
const HEADER = /^((?:file:\/\/)?[^\n]*[^\n\d:]):(\d+)\r?\n[^\n]*\r?\n( *)\^/m;
const FRAME = /^\s+at (?:async )?(?:.*? \()?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^()\n]*?):(\d+):(\d+)\)?$/gm;

/** The place of a syntax error, which Node writes above the message. Undefined where there is none. */
export function headerLocation(text: string): SourceLocation | undefined {
  const [, file, line, space] = HEADER.exec(text) ?? [];
  if (file === undefined || line === undefined || space === undefined) return undefined;
  const absolute = toPath(file);
  return path.isAbsolute(absolute)
    ? { file: absolute, line: Number(line), column: space.length + 1 }
    : undefined;
}

/** The innermost call in the app's own files, else in one of its packages. Undefined where there is none. */
export function frameLocation(stack: string): SourceLocation | undefined {
  const places = [...stack.matchAll(FRAME)].map(([, file, line, column]) => ({
    file: toPath(file!),
    line: Number(line),
    column: Number(column),
  }));
  return places.find(({ file }) => !/[\\/]node_modules[\\/]/.test(file)) ?? places[0];
}

/** A module that was not found: what was asked for, and the file that asked, as far as Node's message tells. */
export interface MissingModule {
  /** As written, or the absolute path that it stands for. */
  name: string;
  /** Absolute path. */
  importer: string | undefined;
}

export function missingModule(message: string): MissingModule | undefined {
  const [, name, imported] =
    /^Cannot find (?:module|package) '([^'\n]+)'(?: imported from ([^\n]+))?/.exec(message) ?? [];
  if (name === undefined) return undefined;
  const [, required] = /Require stack:\r?\n- ([^\n]+)/.exec(message) ?? [];
  return { name, importer: imported ?? required };
}

/** The file that should have been there; undefined for a package. */
export function missingFile(message: string): string | undefined {
  const { name, importer } = missingModule(message) ?? {};
  if (name === undefined || path.isAbsolute(name)) return name;
  if (importer === undefined || !/^\.{1,2}[\\/]/.test(name)) return undefined;
  return path.resolve(path.dirname(importer), name);
}

/** Where a source names a module: the first line with its name, or with the last part of its path, in quotes. */
export function importLocation(source: string, name: string): Omit<SourceLocation, 'file'> | undefined {
  const last = path.basename(name);
  const lines = source.split(/\r?\n/);
  for (const text of [name, last]) {
    const line = lines.findIndex((one) => /['"]/.test(one) && one.includes(text));
    if (line >= 0) return { line: line + 1, column: lines[line]!.indexOf(text) + 1 };
  }
  return undefined;
}

function toPath(file: string): string {
  try {
    return file.startsWith('file:') ? fileURLToPath(file) : file;
  } catch {
    return file;
  }
}
