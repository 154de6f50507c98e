/** Colours, and the escaping of control characters in untrusted text. */

import { present } from './defined.ts';

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

export type Color = keyof typeof CODES;

/** Colours a text, or returns it as it is if the output has no colours. */
export type Paint = (color: Color, text: string) => string;

export const plain: Paint = (_color, text) => text;

export const coloured: Paint = (color, text) => {
  const [on, off] = CODES[color];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};

/**
 * Whether a stream gets colours. `--no-color` and NO_COLOR (no-color.org) win over FORCE_COLOR. Without any of them a
 * terminal gets colours, unless TERM is `dumb`.
 */
export function wantsColor(stream: object, env: NodeJS.ProcessEnv, allowed: boolean): boolean {
  if (!allowed || (env.NO_COLOR ?? '') !== '') return false;
  const { FORCE_COLOR: forced } = env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return 'isTTY' in stream && stream.isTTY === true && env.TERM !== 'dumb';
}

/** C0 and C1 controls, DEL, line separators, and marks that change the direction of text. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Escapes everything that a terminal would interpret. A request target or a host name comes from the client; an escape
 * sequence in it could change the terminal's title, or forge or hide lines.
 */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

/** Like {@link escapeControls}, but keeps line breaks. */
export function escapeControlsInLines(text: string): string {
  return text.replace(UNSAFE, (char) =>
    char === '\n' ? char : char === '\t' ? '  ' : escapeCharacter(char),
  );
}

function escapeCharacter(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** The mark before a line of the app's output: its worker and, if known, its request. */
export function outputMark(worker: number | undefined, request: number | undefined, paint: Paint): string {
  const marks = present([
    worker === undefined ? undefined : `#${worker}`,
    request === undefined ? undefined : `r${request}`,
  ]);
  return marks.length === 0 ? '' : paint('dim', `${marks.join(' ')} `);
}
