/** Decodes the bytes of a worker's descriptor to text, with the stream and the request of each part. Pure. */
import { StringDecoder } from 'node:string_decoder';
import { MARK_BYTES, SECRET_BYTES, STREAM_NAMES, type StreamName } from '../../wire/output-marks.ts';

/** The text is never empty. `request` is undefined if the text belongs to no known request. */
export type TakeText = (stream: StreamName, text: string, request: number | undefined) => void;

export class OutputText {
  #secret: Buffer;
  #own: StreamName;
  #take: TakeText;
  /** A character may come in two pieces, even with a mark between them. Invalid bytes become U+FFFD. */
  #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  /** The start of bytes that may become a mark. */
  #rest: Buffer = Buffer.alloc(0);
  /** The content of the last mark. */
  #request = 0;
  #stream: StreamName;
  /** Text that was not delivered yet, and its stream and request. */
  #text = '';
  #owner = 0;
  #source: StreamName;

  /** @param own the stream of this descriptor */
  constructor(secret: Buffer, own: StreamName, take: TakeText) {
    this.#secret = secret;
    this.#own = this.#stream = this.#source = own;
    this.#take = take;
  }

  feed(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const found = bytes.indexOf(this.#secret, at);
      if (found < 0) break;
      this.#decode(bytes.subarray(at, found));
      at = found;
      if (bytes.length - at < MARK_BYTES) break;
      this.#request = bytes.readUInt32LE(at + SECRET_BYTES);
      this.#stream = STREAM_NAMES[bytes[at + SECRET_BYTES + 4]!] ?? this.#own;
      at += MARK_BYTES;
    }
    const end = this.#markBegins(bytes, at);
    this.#decode(bytes.subarray(at, end));
    this.#rest = bytes.subarray(end);
    this.#flush();
  }

  /** No more bytes follow, so an incomplete mark or character is final. */
  end(): void {
    this.#decode(this.#rest);
    this.#rest = Buffer.alloc(0);
    for (const stream of ['stdout', 'stderr'] as const) this.#append(stream, this.#decoders[stream].end());
    this.#flush();
  }

  /** The index of an incomplete mark at the end of the bytes; their length if there is none. */
  #markBegins(bytes: Buffer, from: number): number {
    for (let at = Math.max(from, bytes.length - MARK_BYTES + 1); at < bytes.length; at++) {
      const length = Math.min(bytes.length - at, SECRET_BYTES);
      if (bytes.compare(this.#secret, 0, length, at, at + length) === 0) return at;
    }
    return bytes.length;
  }

  #decode(bytes: Buffer): void {
    if (bytes.length > 0) this.#append(this.#stream, this.#decoders[this.#stream].write(bytes));
  }

  /** Adjacent pieces of one stream and request are delivered together. */
  #append(stream: StreamName, text: string): void {
    if (text === '') return;
    if (this.#owner !== this.#request || this.#source !== stream) this.#flush();
    this.#owner = this.#request;
    this.#source = stream;
    this.#text += text;
  }

  #flush(): void {
    const text = this.#text;
    this.#text = '';
    if (text !== '') this.#take(this.#source, text, this.#owner === 0 ? undefined : this.#owner);
  }
}
