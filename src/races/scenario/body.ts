/** Reads the body of a request: text, and files that stand in their place. */
import { posix } from 'node:path';
import type { Problems } from './problems.ts';
import type { FileLine } from './split.ts';
import { parseLines, type Template } from './template.ts';
import type { BodyPart } from './types.ts';

/** The content of a file by its path as written; undefined if it has not been read. */
export type Contents = ReadonlyMap<string, Buffer>;

/** `< ./a.json`, `<@ ./a.json`, and REST Client's `<@utf8 ./a.json`. */
const FILE = /^<(?:(@)([\w-]*))?\s+(\S.*?)\s*$/;

export interface BodyInput {
  file: string;
  contents: Contents;
  problems: Problems;
}

/** @param lines without comments; empty lines around the body are no part of it, as in all clients */
export function parseBody(lines: readonly FileLine[], input: BodyInput): BodyPart[] {
  const first = lines.findIndex(({ text }) => text.trim() !== '');
  const last = lines.findLastIndex(({ text }) => text.trim() !== '');
  const pieces = first < 0 ? [] : groups(lines.slice(first, last + 1));
  return pieces.map((piece, index) => {
    if (!Array.isArray(piece)) return fileOf(piece, input);
    // The line breaks between text and a file belong to the text.
    const text = parseLines(
      piece.map((line) => line.text),
      (at) => ({ file: input.file, line: piece[at]!.line }),
      input.problems,
    );
    const parts = [...text.parts];
    if (index > 0) parts.unshift('\n');
    if (index < pieces.length - 1) parts.push('\n');
    return { type: 'text', text: { parts } };
  });
}

/** Lines of text together, each file alone. */
function groups(lines: readonly FileLine[]): Array<FileLine[] | FileLine> {
  const found: Array<FileLine[] | FileLine> = [];
  for (const line of lines) {
    const open = found.at(-1);
    if (FILE.test(line.text)) found.push(line);
    else if (Array.isArray(open)) open.push(line);
    else found.push([line]);
  }
  return found;
}

function fileOf({ text, line }: FileLine, { file, contents, problems }: BodyInput): BodyPart {
  const [, at, encoding = '', path] = FILE.exec(text) as unknown as [string, string?, string?, string?];
  const place = { file, line };
  if (!/^(?:utf-?8)?$/i.test(encoding)) {
    problems.add(place, `The encoding ${encoding} is not known`, 'Files are UTF-8.');
  }
  if (path!.includes('{{')) {
    problems.add(place, 'The name of a file contains a reference', 'Write the name itself.');
  }
  const bytes = contents.get(path!);
  const substitute = at !== undefined;
  const named = posix.isAbsolute(path!) ? path! : posix.join(posix.dirname(file), path!);
  const template = substitute && bytes !== undefined ? templateOf(bytes, named, line, problems) : undefined;
  return { type: 'file', path: path!, substitute, line, bytes, template };
}

/** Mistakes in the file have its own lines. */
function templateOf(bytes: Buffer, file: string, from: number, problems: Problems): Template {
  const lines = bytes.toString('utf8').split('\n');
  return parseLines(lines, (at) => ({ file, line: at + 1 }), problems, from);
}
