/** Splits a file at its `###` lines. */

/** A part of the file between two separators. */
export interface Part {
  /** Whether it stands above the first separator. */
  isFirst: boolean;
  title: string | undefined;
  /** The line of its separator; 1 in the first part. */
  line: number;
  lines: FileLine[];
}

export interface FileLine {
  text: string;
  line: number;
}

const SEPARATOR = /^\s*###(.*)$/;

export function splitFile(text: string): Part[] {
  const parts: Part[] = [{ isFirst: true, title: undefined, line: 1, lines: [] }];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, content] of lines.entries()) {
    const line = index + 1;
    const separator = SEPARATOR.exec(content);
    if (separator === null) parts.at(-1)!.lines.push({ text: content, line });
    else parts.push({ isFirst: false, title: titleOf(separator[1]!), line, lines: [] });
  }
  return parts;
}

/** Some people close the line with `###` as well. */
function titleOf(text: string): string | undefined {
  const title = text.replace(/^#+|#+\s*$/g, '').trim();
  return title === '' ? undefined : title;
}
