/** Where compiled code comes from, by the source map at its end. */
import fs from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Position } from './site-names.ts';

const LINK = /\/[/*][#@] sourceMappingURL=([^\s'"*]+)/g;
const INLINE = /^data:application\/json[^,]*?(;base64)?,/;

/**
 * Lines and columns are from 1.
 *
 * @param file absolute path of the code
 * @returns undefined if the code names no source map that can be read
 */
export function originalPositions(
  code: string,
  file: string,
): ((line: number, column: number) => Position | undefined) | undefined {
  // A map stands at the end; a link before that is text of the code.
  const link = [...code.slice(code.lastIndexOf('sourceMappingURL=') - 10).matchAll(LINK)].at(-1)?.[1];
  if (link === undefined) return undefined;
  try {
    const payload = JSON.parse(textOf(link, file)) as SourceMapPayload;
    const folder = path.resolve(path.dirname(file), localPath(payload.sourceRoot ?? ''));
    // Node leaves `sourceRoot` to its callers.
    const sources = payload.sources.map((source) => path.resolve(folder, localPath(source)));
    const map = new SourceMap({ ...payload, sourceRoot: '', sources });
    return (line, column) => {
      const entry = map.findEntry(line - 1, column - 1);
      if (!('originalSource' in entry) || typeof entry.originalLine !== 'number') return undefined;
      const source = entry.originalSource;
      const position = { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
      return source === file ? position : { ...position, source };
    };
  } catch {
    return undefined;
  }
}

function textOf(link: string, file: string): string {
  const inline = INLINE.exec(link);
  if (inline === null) {
    return fs.readFileSync(path.resolve(path.dirname(file), decodeURIComponent(link)), 'utf8');
  }
  const data = link.slice(inline[0].length);
  return inline[1] === undefined ? decodeURIComponent(data) : Buffer.from(data, 'base64').toString();
}

function localPath(source: string): string {
  return source.startsWith('file:') ? fileURLToPath(source) : source;
}
