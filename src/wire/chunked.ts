/**
 * Checks the framing of a chunked body (RFC 9112 section 7.1), and finds its data and its end. Copies nothing: the front
 * passes the bytes on unchanged, and the gateway for WSGI takes the data out. The data of a chunk is skipped, so the cost
 * is per chunk, not per byte.
 */
import { COLON, CR, FIELD_VALUE, HEX, LF, SP, TAB, TOKEN } from './http-characters.ts';
import { FORBIDDEN_TRAILERS, LONGEST_FORBIDDEN_TRAILER } from './trailer-names.ts';

/** The most bytes of all chunk extensions and trailers of one body together; Node's limit for either of them. */
export const MAX_CHUNK_OVERHEAD_BYTES = 16 * 1024;

/** Hexadecimal digits of a chunk size, leading zeros included. */
const MAX_SIZE_DIGITS = 15;

const State = {
  /** Before the first digit of a size. */
  SIZE_START: 0,
  SIZE: 1,
  /** After the `;` of an extension. */
  EXTENSION_START: 2,
  EXTENSION_NAME: 3,
  /** After the `=`. */
  EXTENSION_VALUE_START: 4,
  EXTENSION_TOKEN: 5,
  EXTENSION_QUOTED: 6,
  /** After a backslash in a quoted string. */
  EXTENSION_ESCAPED: 7,
  EXTENSION_QUOTED_END: 8,
  /** An extension of any form, up to its CR. */
  EXTENSION_ANY: 9,
  /** White space after a size. */
  SIZE_SPACE: 10,
  SIZE_LF: 11,
  DATA: 12,
  DATA_CR: 13,
  DATA_LF: 14,
  /** At the start of a trailer line or of the empty line. */
  TRAILER_START: 15,
  TRAILER_NAME: 16,
  TRAILER_VALUE: 17,
  TRAILER_LF: 18,
  END_LF: 19,
  DONE: 20,
  FAILED: 21,
} as const;
type State = (typeof State)[keyof typeof State];

export interface ChunkedOptions {
  /**
   * For the app's own responses: accepts extensions of any form, white space after a size and any trailer, and still
   * checks what frames the message. Default: false.
   */
  lenient?: boolean;
}

/** Scans one chunked body that comes in pieces of any size; {@link reset} makes it ready for the next. */
export class ChunkedScanner {
  readonly #lenient: boolean;
  #state: State = State.SIZE_START;
  #size = 0;
  #digits = 0;
  #overhead = 0;
  #trailerName = '';
  #bodyBytes = 0;
  #error: string | undefined;

  constructor(options: ChunkedOptions = {}) {
    this.#lenient = options.lenient ?? false;
  }

  /** The body has ended, trailers included. */
  get done(): boolean {
    return this.#state === State.DONE;
  }

  /** A chunk may start here, so a last one could be inserted here. */
  get betweenChunks(): boolean {
    return this.#state === State.SIZE_START;
  }

  /** One sentence for the user. The framing is lost, so the connection can't be used any more. */
  get error(): string | undefined {
    return this.#error;
  }

  /** Bytes of data so far, without the framing. */
  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  reset(): void {
    this.#state = State.SIZE_START;
    this.#size = 0;
    this.#digits = 0;
    this.#overhead = 0;
    this.#trailerName = '';
    this.#bodyBytes = 0;
    this.#error = undefined;
  }

  /**
   * Takes the next `bytes[start, end)` of the body. Returns the index just past the body if it ends here, the index of
   * the wrong byte if there is an error, else `end`. Takes nothing once done or failed.
   *
   * @param data gets each range of data, which is never empty
   */
  scan(bytes: Uint8Array, start: number, end: number, data?: (from: number, to: number) => void): number {
    let at = start;
    while (at < end && this.#state < State.DONE) {
      if (this.#state === State.DATA) {
        const skipped = Math.min(this.#size, end - at);
        this.#size -= skipped;
        this.#bodyBytes += skipped;
        data?.(at, at + skipped);
        at += skipped;
        if (this.#size === 0) this.#state = State.DATA_CR;
        continue;
      }
      this.#state = this.#step(bytes[at]!);
      if (this.#state === State.FAILED) return at;
      at++;
    }
    return at;
  }

  /** The state after one byte of framing. */
  #step(byte: number): State {
    switch (this.#state) {
      case State.SIZE_START:
        this.#size = 0;
        this.#digits = 0;
        if (HEX[byte] === 255) return this.#fail('A chunk size is not a hexadecimal number');
        return this.#digit(byte);
      case State.SIZE:
        if (HEX[byte] !== 255) return this.#digit(byte);
        return this.#afterSize(byte);
      case State.SIZE_SPACE:
        return this.#afterSize(byte);
      case State.EXTENSION_START:
        if (TOKEN[byte] === 1) return this.#counted(State.EXTENSION_NAME);
        return this.#fail('A chunk extension has no name');
      case State.EXTENSION_NAME:
        if (TOKEN[byte] === 1) return this.#counted(State.EXTENSION_NAME);
        if (byte === EQUALS) return this.#counted(State.EXTENSION_VALUE_START);
        return this.#afterExtension(byte);
      case State.EXTENSION_VALUE_START:
        if (byte === QUOTE) return this.#counted(State.EXTENSION_QUOTED);
        if (TOKEN[byte] === 1) return this.#counted(State.EXTENSION_TOKEN);
        return this.#fail('A chunk extension has no value after its "="');
      case State.EXTENSION_TOKEN:
        if (TOKEN[byte] === 1) return this.#counted(State.EXTENSION_TOKEN);
        return this.#afterExtension(byte);
      case State.EXTENSION_QUOTED:
        if (byte === QUOTE) return this.#counted(State.EXTENSION_QUOTED_END);
        if (byte === BACKSLASH) return this.#counted(State.EXTENSION_ESCAPED);
        if (FIELD_VALUE[byte] === 1) return this.#counted(State.EXTENSION_QUOTED);
        return this.#fail('A chunk extension has a control character in a quoted string');
      case State.EXTENSION_ESCAPED:
        if (FIELD_VALUE[byte] === 1) return this.#counted(State.EXTENSION_QUOTED);
        return this.#fail('A chunk extension has a control character in a quoted string');
      case State.EXTENSION_QUOTED_END:
        return this.#afterExtension(byte);
      case State.EXTENSION_ANY:
        if (FIELD_VALUE[byte] === 1) return this.#counted(State.EXTENSION_ANY);
        return byte === CR ? State.SIZE_LF : this.#fail('A chunk extension has a control character');
      case State.SIZE_LF:
        if (byte !== LF) return this.#fail('A chunk size line has a CR without LF');
        return this.#size === 0 ? State.TRAILER_START : State.DATA;
      case State.DATA_CR:
        return byte === CR ? State.DATA_LF : this.#fail('A chunk is longer than its size');
      case State.DATA_LF:
        return byte === LF ? State.SIZE_START : this.#fail('A chunk is longer than its size');
      case State.TRAILER_START:
        if (byte === CR) return State.END_LF;
        if (TOKEN[byte] !== 1) return this.#fail('A trailer line does not start with a field name');
        this.#trailerName = lower(byte);
        return this.#counted(State.TRAILER_NAME);
      case State.TRAILER_NAME:
        return this.#inTrailerName(byte);
      case State.TRAILER_VALUE:
        if (FIELD_VALUE[byte] === 1) return this.#counted(State.TRAILER_VALUE);
        if (byte === CR) return this.#counted(State.TRAILER_LF);
        return this.#fail('A trailer has a control character');
      case State.TRAILER_LF:
        if (byte === LF) return this.#counted(State.TRAILER_START);
        return this.#fail('A trailer line has a CR without LF');
      case State.END_LF:
        return byte === LF ? State.DONE : this.#fail('The end of the body has a CR without LF');
      default:
        throw new Error(`State ${this.#state} takes no byte`);
    }
  }

  #digit(byte: number): State {
    this.#size = this.#size * 16 + HEX[byte]!;
    this.#digits++;
    if (this.#digits > MAX_SIZE_DIGITS || this.#size > Number.MAX_SAFE_INTEGER) {
      return this.#fail('A chunk size is too large');
    }
    return State.SIZE;
  }

  #afterSize(byte: number): State {
    if (byte === CR) return State.SIZE_LF;
    if (byte === SEMICOLON) return this.#counted(this.#lenient ? State.EXTENSION_ANY : State.EXTENSION_START);
    if (this.#lenient && (byte === SP || byte === TAB)) return this.#counted(State.SIZE_SPACE);
    if (byte === LF) return this.#fail('A chunk size line ends with a bare LF instead of CRLF');
    return this.#fail('A chunk size is not a hexadecimal number');
  }

  #afterExtension(byte: number): State {
    if (byte === CR) return State.SIZE_LF;
    if (byte === SEMICOLON) return this.#counted(State.EXTENSION_START);
    return this.#fail('A chunk extension has a character that is not allowed');
  }

  #inTrailerName(byte: number): State {
    if (TOKEN[byte] === 1) {
      if (this.#trailerName.length <= LONGEST_FORBIDDEN_TRAILER) this.#trailerName += lower(byte);
      return this.#counted(State.TRAILER_NAME);
    }
    if (byte !== COLON) return this.#fail('A trailer name has a character that is not allowed');
    if (!this.#lenient && FORBIDDEN_TRAILERS.has(this.#trailerName)) {
      return this.#fail(`A trailer must not be named ${this.#trailerName}`);
    }
    return this.#counted(State.TRAILER_VALUE);
  }

  /** Continues with `next`, unless extensions and trailers are too long. */
  #counted(next: State): State {
    this.#overhead++;
    if (this.#overhead <= MAX_CHUNK_OVERHEAD_BYTES) return next;
    return this.#fail('Chunk extensions and trailers are longer than 16 KiB');
  }

  #fail(reason: string): State {
    this.#error = reason;
    return State.FAILED;
  }
}

const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Field names are case-insensitive. */
function lower(byte: number): string {
  return String.fromCharCode(byte).toLowerCase();
}
