/** Removes the framing from a request's body, which the front has checked, and finds its end. */
import { ChunkedScanner } from '../../../../wire/chunked.ts';

export class BodyReader {
  done: boolean;
  /** Bytes that are still to come; not for a chunked body. */
  #remaining: number;
  #chunks: ChunkedScanner | undefined;

  /** @param length in bytes; -1 for a chunked body */
  constructor(length: number) {
    this.#chunks = length < 0 ? new ChunkedScanner() : undefined;
    this.#remaining = Math.max(0, length);
    this.done = length === 0;
  }

  /** Calls `data` with each part of the body itself, as ranges of `bytes`. */
  feed(bytes: Buffer, data: (part: Buffer) => void): void {
    if (this.#chunks !== undefined) {
      this.#chunks.scan(bytes, 0, bytes.length, (from, to) => data(bytes.subarray(from, to)));
      this.done = this.#chunks.done;
      return;
    }
    const size = Math.min(bytes.length, this.#remaining);
    this.#remaining -= size;
    if (size > 0) data(bytes.subarray(0, size));
    if (this.#remaining === 0) this.done = true;
  }
}
