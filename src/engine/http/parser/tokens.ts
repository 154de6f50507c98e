/**
 * The parts that the parsers of request and response heads share: the scan of one field line, and the few list
 * syntaxes that decide framing. Everything works on bytes, because this is the hottest code of the front.
 */
import { COLON, CR, FIELD_VALUE, LF, SP, TAB, TOKEN } from '../../../wire/http-characters.ts';

/** Bits of {@link connectionOptions}. */
export const Option = { CLOSE: 1, KEEP_ALIVE: 2, UPGRADE: 4 } as const;

/** More bytes are needed; those so far are valid. */
export const INCOMPLETE = -1;

const Fault = {
  FOLDED: -2,
  SPACE_BEFORE_COLON: -3,
  NO_NAME: -4,
  BAD_NAME: -5,
  BAD_VALUE: -6,
  BARE_LF: -7,
  BARE_CR: -8,
} as const;

/** The sentence for a negative result of {@link FieldLine.scan} or {@link lineEnd}, other than {@link INCOMPLETE}. */
export function faultReason(code: number): string {
  switch (code) {
    case Fault.FOLDED:
      return 'A field line starts with white space (obsolete line folding)';
    case Fault.SPACE_BEFORE_COLON:
      return 'There is white space between a field name and its colon';
    case Fault.NO_NAME:
      return 'A field line has no name';
    case Fault.BAD_NAME:
      return 'A field name has a character that is not allowed';
    case Fault.BARE_LF:
      return 'A line ends with a bare LF instead of CRLF';
    case Fault.BARE_CR:
      return 'A line has a CR without LF';
    default:
      return 'A field value has a control character';
  }
}

/** Position after the CRLF expected at `at`, {@link INCOMPLETE}, or a fault. */
export function lineEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return INCOMPLETE;
  const byte = bytes[at]!;
  if (byte === LF) return Fault.BARE_LF;
  if (byte !== CR) return Fault.BAD_VALUE;
  if (at + 1 >= end) return INCOMPLETE;
  return bytes[at + 1] === LF ? at + 2 : Fault.BARE_CR;
}

/** One field line, `name: value CRLF`; reused for each line, so that no header costs an object. */
export class FieldLine {
  /** Index of the colon. */
  nameEnd = 0;
  /** The value without the white space around it. */
  valueStart = 0;
  valueEnd = 0;

  /** Reads the line that starts at `start`; returns where the next one starts, {@link INCOMPLETE}, or a fault. */
  scan(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && TOKEN[bytes[at]!] === 1) at++;
    if (at >= end) return INCOMPLETE;
    if (bytes[at] !== COLON || at === start) return nameFault(bytes, start, at);
    this.nameEnd = at++;
    while (at < end && isSpace(bytes[at]!)) at++;
    this.valueStart = at;
    while (at < end && FIELD_VALUE[bytes[at]!] === 1) at++;
    let valueEnd = at;
    while (valueEnd > this.valueStart && isSpace(bytes[valueEnd - 1]!)) valueEnd--;
    this.valueEnd = valueEnd;
    // The good case is here, the rest in another function, so that this one stays small enough to be inlined.
    if (at + 1 < end && bytes[at] === CR && bytes[at + 1] === LF) return at + 2;
    return lineEnd(bytes, at, end);
  }
}

function nameFault(bytes: Uint8Array, start: number, at: number): number {
  const byte = bytes[at]!;
  if (isSpace(byte)) return at === start ? Fault.FOLDED : Fault.SPACE_BEFORE_COLON;
  if (byte === COLON) return Fault.NO_NAME;
  if (byte === LF) return Fault.BARE_LF;
  return Fault.BAD_NAME;
}

/** True if the bytes from `start` are `lower` in any case. `lower` contains letters, digits and `-` only. */
export function matches(bytes: Uint8Array, start: number, lower: Uint8Array): boolean {
  for (let i = 0; i < lower.length; i++) {
    const byte = bytes[start + i]!;
    const wanted = lower[i]!;
    // Only letters have two cases: `|0x20` alone would take a CR for a `-`.
    if (byte !== wanted && (wanted < 0x61 || (byte | 0x20) !== wanted)) return false;
  }
  return true;
}

/** The form that {@link matches} wants. */
export function lowerBytes(text: string): Uint8Array {
  return Buffer.from(text.toLowerCase(), 'latin1');
}

const CLOSE_BYTES = lowerBytes('close');
const KEEP_ALIVE_BYTES = lowerBytes('keep-alive');
const UPGRADE_BYTES = lowerBytes('upgrade');

/** The relevant options that a Connection value names (RFC 9110 section 7.6.1), as a bit set. */
export function connectionOptions(bytes: Uint8Array, start: number, end: number): number {
  let options = 0;
  let at = start;
  while (at < end) {
    while (at < end && (isSpace(bytes[at]!) || bytes[at] === COMMA)) at++;
    const from = at;
    while (at < end && bytes[at] !== COMMA) at++;
    let to = at;
    while (to > from && isSpace(bytes[to - 1]!)) to--;
    const length = to - from;
    if (length === 5 && matches(bytes, from, CLOSE_BYTES)) options |= Option.CLOSE;
    else if (length === 10 && matches(bytes, from, KEEP_ALIVE_BYTES)) options |= Option.KEEP_ALIVE;
    else if (length === 7 && matches(bytes, from, UPGRADE_BYTES)) options |= Option.UPGRADE;
  }
  return options;
}

/** A Content-Length (RFC 9110 section 8.6): digits only and exact in a double; otherwise -1. */
export function contentLength(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
    if (value > Number.MAX_SAFE_INTEGER) return -1;
  }
  return value;
}

/** The bytes as text, one character per byte. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  const buffer =
    bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('latin1', start, end);
}

const COMMA = 0x2c;

function isSpace(byte: number): boolean {
  return byte === SP || byte === TAB;
}
