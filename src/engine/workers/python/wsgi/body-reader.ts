/** Takes the framing off a request's body, which the front has checked (front/chunked.ts), and finds its end. */

/** Where a chunked body stands. */
const Part = { SIZE: 0, DATA: 1, DATA_END: 2, TRAILER: 3 } as const;
type Part = (typeof Part)[keyof typeof Part];

const LF = 0x0a;

export class BodyReader {
  done: boolean;
  /** Bytes that are still to come, of the body or of the current chunk. */
  #remaining: number;
  #chunked: boolean;
  #part: Part = Part.SIZE;
  /** The current line of framing, without its end. */
  #line = '';

  /** @param length in bytes; -1 for a chunked body */
  constructor(length: number) {
    this.#chunked = length < 0;
    this.#remaining = Math.max(0, length);
    this.done = length === 0;
  }

  /** Calls `data` with each part of the body itself, as ranges of `bytes`. */
  feed(bytes: Buffer, data: (part: Buffer) => void): void {
    if (this.#chunked) this.#feedChunked(bytes, data);
    else {
      const size = Math.min(bytes.length, this.#remaining);
      this.#remaining -= size;
      if (size > 0) data(bytes.subarray(0, size));
      if (this.#remaining === 0) this.done = true;
    }
  }

  #feedChunked(bytes: Buffer, data: (part: Buffer) => void): void {
    let at = 0;
    while (at < bytes.length && !this.done) {
      if (this.#part === Part.DATA) {
        const size = Math.min(bytes.length - at, this.#remaining);
        this.#remaining -= size;
        data(bytes.subarray(at, at + size));
        at += size;
        if (this.#remaining === 0) this.#part = Part.DATA_END;
        continue;
      }
      const lineEnd = bytes.indexOf(LF, at);
      const end = lineEnd < 0 ? bytes.length : lineEnd;
      this.#line += bytes.toString('latin1', at, end);
      at = end + 1;
      if (lineEnd >= 0) this.#endLine();
    }
  }

  #endLine(): void {
    const line = this.#line.replace(/\r$/, '');
    this.#line = '';
    if (this.#part === Part.DATA_END) this.#part = Part.SIZE;
    else if (this.#part === Part.TRAILER) this.done = line === '';
    else {
      this.#remaining = Number.parseInt(line, 16);
      this.#part = this.#remaining === 0 ? Part.TRAILER : Part.DATA;
    }
  }
}
