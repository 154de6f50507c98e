/** The receiving end of a wire. */
import { FRAME_HEADER_BYTES, FrameError, type FrameSizes } from './frames.ts';

function checkHeader(sizes: FrameSizes, type: number, length: number): void {
  const size = sizes[type];
  if (size === undefined) throw new FrameError(`a frame of type ${type}, which does not exist`);
  const [min, max] = size;
  if (length < min || length > max) {
    throw new FrameError(`a frame of type ${type} has ${length} bytes; ${min} to ${max} are allowed`);
  }
}

/** Gets each frame as a range of `bytes`, which remain valid after the call. */
export type FrameHandler = (type: number, stream: number, bytes: Buffer, start: number, end: number) => void;

const EMPTY = Buffer.alloc(0);

/** A socket, for example. */
interface ByteSource {
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  off(event: 'data', listener: (bytes: Buffer) => void): unknown;
}

/** Reads frames from a socket until one is not valid. Then it calls `broken` with the reason, and reads nothing more. */
export function feedFrom(source: ByteSource, reader: FrameReader, broken: (reason: string) => void): void {
  const feed = (bytes: Buffer): void => {
    try {
      reader.feed(bytes);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      source.off('data', feed);
      broken(error.message);
    }
  };
  source.on('data', feed);
}

/** Cuts a byte stream into frames. */
export class FrameReader {
  #rest: Buffer | undefined;
  #paused = false;
  #handler: FrameHandler;
  #sizes: FrameSizes | undefined;

  /** @param sizes the frames that are allowed; undefined allows all, for a trusted sender */
  constructor(handler: FrameHandler, sizes?: FrameSizes) {
    this.#handler = handler;
    this.#sizes = sizes;
  }

  /**
   * Takes bytes in pieces of any size and calls the handler for each complete frame.
   * @throws FrameError as soon as it has a header that `sizes` does not allow
   */
  feed(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    let at = 0;
    while (!this.#paused && bytes.length - at >= FRAME_HEADER_BYTES) {
      const length = bytes.readUInt32LE(at);
      if (this.#sizes !== undefined) checkHeader(this.#sizes, bytes[at + 4]!, length);
      const start = at + FRAME_HEADER_BYTES;
      if (bytes.length - start < length) break;
      at = start + length;
      this.#handler(bytes[start - 5]!, bytes.readUInt32LE(start - 4), bytes, start, at);
    }
    if (at < bytes.length) this.#rest = at === 0 ? bytes : bytes.subarray(at);
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** The handler may call this: the frames after this one wait for {@link resume}. */
  pause(): void {
    this.#paused = true;
  }

  /** Continues with the frames that waited. */
  resume(): void {
    this.#paused = false;
    this.feed(EMPTY);
  }
}
