/** `--write-test`: leaves the tokens of findings in their scenario. */
import { readFile, writeFile } from 'node:fs/promises';

const TOGETHER = /^[ \t]*(?:#{1,2}|\/\/)[ \t]*@together\b/;
const SCHEDULE = /^[ \t]*(?:#{1,2}|\/\/)[ \t]*@schedule[ \t=]+(\S+)/;

/**
 * Writes the tokens that the file does not have yet. Resolves with those. Nothing else in the file changes.
 *
 * @param near the line, from 1, of the first request of the group as it was read
 */
export async function writeSchedules(
  file: string,
  tokens: readonly string[],
  near?: number,
): Promise<readonly string[]> {
  // Each byte is one character, so that all bytes stay as they are, whatever they encode.
  const text = (await readFile(file)).toString('latin1');
  const { written, changed } = withSchedules(text, tokens.map(asBytes), near);
  if (written.length > 0) await writeFile(file, Buffer.from(changed, 'latin1'));
  return tokens.filter((token) => written.includes(asBytes(token)));
}

/** The text with a line for each new token, before the comment that makes the first request one of the group. */
export function withSchedules(
  text: string,
  tokens: readonly string[],
  near?: number,
): { written: readonly string[]; changed: string } {
  const lines = text.split(/(?<=\n)/);
  const there = lines.map((line) => SCHEDULE.exec(line)?.[1]);
  const written = [...new Set(tokens)].filter((token) => !there.includes(token));
  // A body may have such a line as well, so the nearest one above the request is right.
  const above = near === undefined ? -1 : lines.slice(0, near).findLastIndex((line) => TOGETHER.test(line));
  const at = above >= 0 ? above : lines.findIndex((line) => TOGETHER.test(line));
  const found = lines[at];
  if (written.length === 0 || found === undefined) return { written: [], changed: text };
  const [start = ''] = /^[ \t]*(?:#{1,2}|\/\/)/.exec(found) ?? [];
  const end = found.endsWith('\r\n') || (!found.endsWith('\n') && text.includes('\r\n')) ? '\r\n' : '\n';
  const added = written.map((token) => `${start} @schedule ${token}${end}`);
  return { written, changed: [...lines.slice(0, at), ...added, ...lines.slice(at)].join('') };
}

function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
