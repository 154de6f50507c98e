/**
 * Collects bytes that come in portions. It doubles when it is full, so that a client that sends a long head byte by
 * byte does not make the front copy the head for each byte.
 */
const NOTHING = Buffer.alloc(0);
const LEAST_BYTES = 1024;

export class ByteBuffer {
  #bytes = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds a copy of `part`; returns all collected bytes, valid until the next call. */
  append(part: Uint8Array): Buffer {
    const length = this.#length + part.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#bytes.length, LEAST_BYTES));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#bytes.set(part, this.#length);
    this.#length = length;
    return this.#bytes.subarray(0, length);
  }

  /** Returns all collected bytes, which stay valid, and empties the buffer. */
  take(): Buffer {
    const all = this.#bytes.subarray(0, this.#length);
    this.#bytes = NOTHING;
    this.#length = 0;
    return all;
  }
}
