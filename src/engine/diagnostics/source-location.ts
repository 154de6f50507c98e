/** Reads the location of an error in the app's source from the error's text. Pure. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceLocation } from '../../protocol/messages.ts';

/** The lines before the message of a syntax error: file and line, the source line, a mark below the column. */
const HEADER = /^((?:file:\/\/)?[^\n]*[^\n\d:]):(\d+)\r?\n[^\n]*\r?\n( *)\^/m;
const FRAME = /^\s+at (?:async )?(?:.*? \()?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^()\n]*?):(\d+):(\d+)\)?$/gm;

/** The location of a syntax error, which Node writes above the message. Undefined if there is none. */
export function headerLocation(text: string): SourceLocation | undefined {
  const [, file, line, space] = HEADER.exec(text) ?? [];
  if (file === undefined || line === undefined || space === undefined) return undefined;
  const absolute = toPath(file);
  return path.isAbsolute(absolute)
    ? { file: absolute, line: Number(line), column: space.length + 1 }
    : undefined;
}

/** The innermost call in the app's own files, otherwise in one of its packages. Undefined if there is none. */
export function frameLocation(stack: string): SourceLocation | undefined {
  const locations = [...stack.matchAll(FRAME)].map(([, file, line, column]) => ({
    file: toPath(file!),
    line: Number(line),
    column: Number(column),
  }));
  return locations.find(({ file }) => !/[\\/]node_modules[\\/]/.test(file)) ?? locations[0];
}

/** A module that was not found, and the file that imports it, if Node's message has it. */
export interface MissingModule {
  /** As written in the import, or its absolute path. */
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

/** The file that does not exist; undefined for a package. */
export function missingFile(message: string): string | undefined {
  const { name, importer } = missingModule(message) ?? {};
  if (name === undefined || path.isAbsolute(name)) return name;
  if (importer === undefined || !/^\.{1,2}[\\/]/.test(name)) return undefined;
  return path.resolve(path.dirname(importer), name);
}

/** The first line of a source that has a module's name, or the last part of its path, in quotes. */
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
