/** The lines around a location in a source, for error pages and terminals. */
import { readFile } from 'node:fs/promises';
import type { SourceLocation } from '../../protocol/messages.ts';

const LINES_AROUND = 3;
/** Longer lines are cut; a bundle has all its code in one line. */
const MAX_COLUMNS = 160;
/** Larger sources are not read: they are generated. */
const MAX_SOURCE_BYTES = 4 * 1024 * 1024;

/** Numbered lines, with a mark before the line of the location and one below its column. */
export function codeFrame(source: string, { line, column }: SourceLocation): string {
  const lines = source.split(/\r?\n/);
  const first = Math.max(1, line - LINES_AROUND);
  const last = Math.min(lines.length, line + LINES_AROUND);
  const width = String(last).length;
  const out: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1]!;
    const mark = number === line ? '>' : ' ';
    out.push(`${mark} ${String(number).padStart(width)} | ${text.slice(0, MAX_COLUMNS)}`.trimEnd());
    if (number !== line || column === undefined || column > MAX_COLUMNS) continue;
    // Tabs stay tabs, so the mark is below its column whatever their width is.
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
    out.push(`  ${' '.repeat(width)} | ${indent}^`);
  }
  return out.join('\n');
}

/** The frame of a location; undefined if the file cannot be read or has no such line. */
export async function readCodeFrame(location: SourceLocation): Promise<string | undefined> {
  const source = await readFile(location.file, 'utf8').catch(() => undefined);
  if (source === undefined || source.length > MAX_SOURCE_BYTES) return undefined;
  const frame = codeFrame(source, location);
  return frame.includes('\n') || frame.startsWith('>') ? frame : undefined;
}
