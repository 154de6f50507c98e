/** Splits bytes into lines of UTF-8. Holds at most one line, of bounded length. */

/** Longest line, in bytes, without its end. */
export const MAX_LINE_BYTES = 1024 * 1024;

const decoder = new TextDecoder('utf-8', { fatal: true });

export class LineReader {
  #parts: Buffer[] = [];
  #length = 0;
  #skipping = false;
  #onLine: (line: string) => void;
  #onBad: (why: string) => void;

  /** @param onBad called with the reason when a line is dropped: it is too long, or not UTF-8 */
  constructor(onLine: (line: string) => void, onBad: (why: string) => void) {
    this.#onLine = onLine;
    this.#onBad = onBad;
  }

  feed(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.#take(chunk.subarray(start, end));
      this.#finish();
      start = end + 1;
    }
    this.#take(chunk.subarray(start));
  }

  /** The end of the input. The text after the last line break is a line too. */
  end(): void {
    this.#finish();
  }

  #take(part: Buffer): void {
    if (this.#skipping || part.length === 0) return;
    this.#length += part.length;
    if (this.#length <= MAX_LINE_BYTES) {
      this.#parts.push(part);
      return;
    }
    this.#skipping = true;
    this.#parts = [];
    this.#onBad(`The line is longer than ${MAX_LINE_BYTES} bytes.`);
  }

  #finish(): void {
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    const skipped = this.#skipping;
    this.#skipping = false;
    if (skipped || bytes.length === 0) return;
    const text = decode(bytes);
    if (text === undefined) this.#onBad('The line is not valid UTF-8.');
    else if (text.trim() !== '') this.#onLine(text);
  }
}

function decode(bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
