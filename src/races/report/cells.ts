/** Text that must fit into columns of a terminal. Pure. */
import { escapeControls } from '../../common/terminal-style.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Characters that take two columns: East Asian wide ones (Unicode's UAX #11) and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** Columns that a text takes, without control characters. */
export function widthOf(text: string): number {
  // Most text is ASCII.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return [...graphemes.segment(text)].reduce((sum, { segment }) => sum + charWidth(segment), 0);
}

function charWidth(grapheme: string): number {
  if (WIDE.test(grapheme)) return 2;
  return /^[\p{Mn}\p{Me}\u200b\ufeff]+$/u.test(grapheme) ? 0 : 1;
}

/** Text of anyone in one line: white space is collapsed, and what a terminal would interpret is escaped. */
export function oneLine(text: string): string {
  return escapeControls(text.replace(/\s+/g, ' ').trim());
}

/** The text, with `…` at its end if it had to be cut. */
export function fit(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${head(text, width - 1)}…`;
}

/** The text, with `…` before its end if it had to be cut: the end of a path says more than its start. */
export function fitPath(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const parts = text.split('/');
  for (let from = 1; from < parts.length; from++) {
    const short = `…/${parts.slice(from).join('/')}`;
    if (widthOf(short) <= width) return short;
  }
  const last = [...graphemes.segment(parts.at(-1) ?? '')].map(({ segment }) => segment);
  while (last.length > 0 && widthOf(last.join('')) > width - 1) last.shift();
  return `…${last.join('')}`;
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Lines of whole words; a word that is longer than a line is cut into several. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (widthOf(word) > width) {
      const part = head(word, width);
      lines.push(part);
      word = word.slice(part.length);
    }
    line = word;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** The longest start of a text that fits, but at least one character. */
function head(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += charWidth(segment);
    if (used > width && taken !== '') break;
    taken += segment;
  }
  return taken;
}
