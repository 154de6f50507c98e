/** The sending end of a wire. */
import { FRAME_HEADER_BYTES, Frame, MAX_DATA_BYTES } from './frames.ts';

/** Collects frames and sends them in one piece, because waking the other side costs more than a copy. */
export class FrameWriter {
  #scratch = Buffer.allocUnsafeSlow(64 * 1024);
  #used = 0;
  #sink: (bytes: Buffer) => void;

  /** @param sink gets whole frames in a new buffer, which it may transfer */
  constructor(sink: (bytes: Buffer) => void) {
    this.#sink = sink;
  }

  get pending(): boolean {
    return this.#used > 0;
  }

  /** A frame with at most one u32 as payload. */
  small(type: number, stream: number, value?: number): void {
    const at = this.#header(type, stream, value === undefined ? 0 : 4);
    if (value !== undefined) this.#scratch.writeUInt32LE(value, at);
  }

  bytes(type: number, stream: number, payload: Uint8Array, start = 0, end = payload.length): void {
    const length = end - start;
    if (length > MAX_DATA_BYTES / 2) {
      this.#large(type, stream, payload, start, end);
      return;
    }
    const at = this.#header(type, stream, length);
    this.#scratch.set(start === 0 && end === payload.length ? payload : payload.subarray(start, end), at);
  }

  /** A DATA frame from a string, without a buffer in between. The caller cuts strings that are longer than a frame. */
  text(stream: number, text: string, encoding: 'latin1' | 'utf8', byteLength: number): void {
    const at = this.#header(Frame.DATA, stream, byteLength);
    this.#scratch.write(text, at, byteLength, encoding);
  }

  started(stream: number, slot: number, micros: number): void {
    const at = this.#header(Frame.STARTED, stream, 8);
    this.#scratch.writeUInt32LE(slot, at);
    this.#scratch.writeUInt32LE(micros, at + 4);
  }

  head(stream: number, id: number, slot: number, payload: Uint8Array, start: number, end: number): void {
    const length = 8 + end - start;
    if (length > MAX_DATA_BYTES / 2) {
      const large = Buffer.allocUnsafe(length);
      large.writeUInt32LE(id, 0);
      large.writeUInt32LE(slot, 4);
      large.set(payload.subarray(start, end), 8);
      this.#large(Frame.HEAD, stream, large, 0, length);
      return;
    }
    const at = this.#header(Frame.HEAD, stream, length);
    this.#scratch.writeUInt32LE(id, at);
    this.#scratch.writeUInt32LE(slot, at + 4);
    this.#scratch.set(payload.subarray(start, end), at + 8);
  }

  json(type: number, stream: number, value: unknown): void {
    this.bytes(type, stream, Buffer.from(JSON.stringify(value)));
  }

  flush(): void {
    if (this.#used === 0) return;
    const out = Buffer.allocUnsafeSlow(this.#used);
    this.#scratch.copy(out, 0, 0, this.#used);
    this.#used = 0;
    this.#sink(out);
  }

  #header(type: number, stream: number, length: number): number {
    const total = FRAME_HEADER_BYTES + length;
    if (this.#used + total > this.#scratch.length) {
      this.flush();
      if (total > this.#scratch.length) this.#scratch = Buffer.allocUnsafeSlow(total);
    }
    const at = this.#used;
    this.#used += total;
    writeFrameHeader(this.#scratch, at, type, stream, length);
    return at + FRAME_HEADER_BYTES;
  }

  #large(type: number, stream: number, payload: Uint8Array, start: number, end: number): void {
    this.flush();
    const out = Buffer.allocUnsafeSlow(FRAME_HEADER_BYTES + end - start);
    writeFrameHeader(out, 0, type, stream, end - start);
    out.set(payload.subarray(start, end), FRAME_HEADER_BYTES);
    this.#sink(out);
  }
}

/** Writes a header into `out` at `at`. `id` is the stream, or on a lane the request. */
export function writeFrameHeader(out: Buffer, at: number, type: number, id: number, length: number): void {
  out.writeUInt32LE(length, at);
  out[at + 4] = type;
  out.writeUInt32LE(id, at + 5);
}
