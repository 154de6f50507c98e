/** Character classes of HTTP as tables of 256 bytes, because parsers of the hottest code use them. */
export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COLON = 0x3a;

/** 1 for the characters of a token: method, field name, list element (RFC 9110 section 5.6.2). */
export const TOKEN: Uint8Array = table(
  (byte) => isAlphaNumeric(byte) || "!#$%&'*+-.^_`|~".includes(chr(byte)),
);

/** 1 for the characters of a field value: HTAB, SP, visible ASCII and obs-text (RFC 9110 section 5.5). */
export const FIELD_VALUE: Uint8Array = table((byte) => byte === TAB || (byte >= SP && byte !== 0x7f));

/**
 * 1 for the characters of a request target: visible ASCII. By RFC 9112 section 3.2 a client sends neither a fragment
 * nor `"<>\^{|}` and the backtick; node's parser accepts them all, so they pass here, and none of them can end a
 * target.
 */
export const TARGET: Uint8Array = table((byte) => byte > SP && byte < 0x7f);

/** Value of a hexadecimal digit, 255 for every other byte. */
export const HEX: Uint8Array = new Uint8Array(256).map((_, byte) => {
  const value = Number.parseInt(chr(byte), 16);
  return Number.isNaN(value) ? 255 : value;
});

function isAlphaNumeric(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a && byte < 0x80);
}

function chr(byte: number): string {
  return String.fromCharCode(byte);
}

function table(belongs: (byte: number) => boolean): Uint8Array {
  return new Uint8Array(256).map((_, byte) => (belongs(byte) ? 1 : 0));
}
