/** From the bytes of a worker's stdout or stderr to text, with the request it belongs to. Pure. */
import { StringDecoder } from 'node:string_decoder';
import { MARK_BYTES, SECRET_BYTES } from '../../protocol/output-marks.ts';

export class OutputText {
  #secret: Buffer;
  #emit: (text: string, request: number | undefined) => void;
  /** A character may come in two pieces, also with a mark between them. Invalid bytes become U+FFFD. */
  #decoder = new StringDecoder('utf8');
  /** The beginning of what may become a mark. */
  #rest: Buffer = Buffer.alloc(0);
  #request = 0;
  #text = '';
  /** The request that `#text` belongs to. */
  #owner = 0;

  /** @param emit gets text that is not empty; undefined where it belongs to no request that is known */
  constructor(secret: Buffer, emit: (text: string, request: number | undefined) => void) {
    this.#secret = secret;
    this.#emit = emit;
  }

  feed(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const found = bytes.indexOf(this.#secret, at);
      if (found < 0) break;
      this.#take(bytes.subarray(at, found));
      at = found;
      if (bytes.length - at < MARK_BYTES) break;
      this.#request = bytes.readUInt32LE(at + SECRET_BYTES);
      at += MARK_BYTES;
    }
    const end = this.#markBegins(bytes, at);
    this.#take(bytes.subarray(at, end));
    this.#rest = bytes.subarray(end);
    this.#flush();
  }

  /** Nothing follows: what looked like the beginning of something is all there is. */
  end(): void {
    this.#take(this.#rest);
    this.#rest = Buffer.alloc(0);
    this.#append(this.#decoder.end());
    this.#flush();
  }

  /** Where an incomplete mark begins at the end of the bytes; their length if there is none. */
  #markBegins(bytes: Buffer, from: number): number {
    for (let at = Math.max(from, bytes.length - MARK_BYTES + 1); at < bytes.length; at++) {
      const length = Math.min(bytes.length - at, SECRET_BYTES);
      if (bytes.compare(this.#secret, 0, length, at, at + length) === 0) return at;
    }
    return bytes.length;
  }

  #take(bytes: Buffer): void {
    if (bytes.length > 0) this.#append(this.#decoder.write(bytes));
  }

  /** Pieces of one request that follow each other leave together. */
  #append(text: string): void {
    if (text === '') return;
    if (this.#owner !== this.#request) this.#flush();
    this.#owner = this.#request;
    this.#text += text;
  }

  #flush(): void {
    const text = this.#text;
    this.#text = '';
    if (text !== '') this.#emit(text, this.#owner === 0 ? undefined : this.#owner);
  }
}
