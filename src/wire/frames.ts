/**
 * The private wire between the front and a worker: frames over a MessagePort (thread workers) or a socket pair
 * (fork workers). One wire carries many streams; a stream is the image of one client connection inside one
 * worker and carries that connection's bytes unchanged, so the app's own HTTP parser sees what the client sent.
 *
 * A frame is 9 bytes of header, then the payload: u32 payload length, u8 type, u32 stream, little-endian.
 */
import type { Diagnostic } from '../protocol/messages.ts';
import type { TerminalSize } from './terminal.ts';

export const FRAME_HEADER_BYTES = 9;

/** The largest payload of a DATA frame; longer writes are cut, so that streams share the wire fairly. */
export const MAX_DATA_BYTES = 64 * 1024;

/** Bytes a side may send on a stream before the other grants more; bounds the memory of a slow reader. */
export const STREAM_WINDOW_BYTES = 256 * 1024;

/** Credit is returned in portions of at least this size, so that it does not double the number of frames. */
export const CREDIT_STEP_BYTES = 64 * 1024;

export const Frame = {
  /** → worker: a client connection; payload {@link OpenInfo} as JSON. Opens nothing in the app until a HEAD. */
  OPEN: 1,
  /** → worker: a request starts; payload u32 request id, u32 claim slot, then bytes of the connection. */
  HEAD: 2,
  /** Both ways: bytes of the connection. */
  DATA: 3,
  /** Both ways: the sender will send no more bytes. */
  FIN: 4,
  /** Both ways: the connection is gone. */
  RESET: 5,
  /** Both ways: u32, the receiver took so many bytes. */
  CREDIT: 6,
  /**
   * → front: u32 claim slot, u32 µs; the worker took the request, and the app's handler let go of the event loop
   * for the first time after so long.
   */
  STARTED: 7,
  /**
   * → front: u32 claim slot; the request was not run and will not be: it was revoked before the worker saw it, or the
   * app had closed its end of the stream before the request came.
   */
  DROPPED: 8,
  /** → worker: answer with PONG from the event loop. */
  PING: 9,
  PONG: 10,
  /** Both ways, stream 0: a {@link ToWorker} or {@link FromWorker} as JSON. */
  CONTROL: 11,
  /** → worker: what comes next may take long, so send what is finished before it begins. */
  FLUSH: 12,
  /** → worker: u32 request id, u32 claim slot; give the request back, unless it was begun. */
  REVOKE: 13,
  /** → front: u32 claim slot, u8 1 when the request is given back and will not be run. */
  REVOKED: 14,
  /** → front: a worker that takes a limited number of requests is done with one, and may get another. */
  FREED: 15,
} as const;

/** A message may carry a list of files or a long line of output. Any text that is taken for a length is larger. */
export const MAX_CONTROL_BYTES = 256 * 1024 * 1024;

/** Sizes of payload by type, in bytes: the smallest and the largest. What is not in a table is no frame. */
export type FrameSizes = Readonly<Record<number, readonly [min: number, max: number]>>;

/** What a worker may send. */
export const FROM_WORKER: FrameSizes = {
  [Frame.DATA]: [0, MAX_DATA_BYTES],
  [Frame.FIN]: [0, 0],
  [Frame.RESET]: [0, 0],
  [Frame.CREDIT]: [4, 4],
  [Frame.STARTED]: [8, 8],
  [Frame.DROPPED]: [4, 4],
  [Frame.PONG]: [0, 0],
  [Frame.CONTROL]: [2, MAX_CONTROL_BYTES],
  [Frame.REVOKED]: [5, 5],
  [Frame.FREED]: [0, 0],
};

/** The other side sent what is no frame: what follows can't be read either. */
export class FrameError extends Error {}

/** What the app is to see of a connection. */
export interface OpenInfo {
  /** Index of the app's server, in the order of its `listen` calls. */
  server: number;
  remoteAddress: string;
  remotePort: number;
  remoteFamily: string;
  localAddress: string;
  localPort: number;
}

/** What an app asked for in `listen`. */
export interface AskedAddress {
  host?: string;
  port?: number;
  path?: string;
}

export type ToWorker =
  | { type: 'listening'; index: number; address: BoundAddress }
  | { type: 'listenFailed'; index: number; code: string; message: string }
  /** Run the app's own SIGTERM and exit handlers and go; sent once nothing is being served. `now`: without SIGTERM. */
  | { type: 'shutdown'; now?: boolean }
  /** The terminal that the app's output ends in has another size. */
  | { type: 'resize'; size: TerminalSize }
  /** Answer with `memory`. */
  | { type: 'measure' };

export type BoundAddress = { address: string; family: string; port: number } | { path: string };

export type FromWorker =
  /** The app called `listen`. `raw` servers get whole connections instead of requests. */
  | { type: 'listen'; index: number; asked: AskedAddress; raw: boolean; tls: boolean }
  /** What a server takes at most of a request's head, before `listen` and whenever that changes; 0 fields: any number. */
  | { type: 'heads'; index: number; bytes: number; fields: number }
  | { type: 'unlisten'; index: number }
  /** Files that the app is about to load, as absolute paths, and their stamps now; see file-stamp.ts. */
  | { type: 'loaded'; files: string[]; stamps: string[] }
  /** Files that the app is about to write, delete or rename something to, as real absolute paths. */
  | { type: 'wrote'; files: string[] }
  /** The app started a process of its own. `startTime` in the words of /proc, read before the pid can be another's. */
  | { type: 'spawned'; pid: number; command: string; startTime?: string }
  /** A process that the app started has ended. */
  | { type: 'childExited'; pid: number }
  /** An exception that nothing caught; the worker will exit. `place` where the stack does not tell it. */
  | {
      type: 'exception';
      message: string;
      stack: string;
      location?: { file: string; line: number; column?: number };
    }
  /**
   * The app loads a native addon that may not survive the end of a thread, of the package `name`. `refused`: it was not
   * loaded, and the thread ends, so that the app can be started in a process.
   */
  | { type: 'addon'; name: string; refused: boolean }
  /** The thread stands still for ever: its end could end the server. */
  | { type: 'standsStill' }
  /** The app ended without listening and without exporting anything that can be served. */
  | { type: 'nothingToServe'; message: string }
  /** What the app's framework finds wrong with it; all that it finds, and none of what it found before. */
  | { type: 'diagnostics'; diagnostics: Diagnostic[] }
  /** JavaScript heap (thread) or resident set (fork). */
  | { type: 'memory'; bytes: number };

/** Collects frames and hands them over in one piece, because a wake-up of the other side costs more than a copy. */
export class FrameWriter {
  #scratch = Buffer.allocUnsafeSlow(64 * 1024);
  #used = 0;
  #sink: (bytes: Buffer) => void;

  /** @param sink gets whole frames in a buffer of its own, which it may transfer. */
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

  /** A DATA frame from a string, without a buffer in between. Longer than a frame: cut by the caller. */
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
    writeHeader(this.#scratch, at, type, stream, length);
    return at + FRAME_HEADER_BYTES;
  }

  #large(type: number, stream: number, payload: Uint8Array, start: number, end: number): void {
    this.flush();
    const out = Buffer.allocUnsafeSlow(FRAME_HEADER_BYTES + end - start);
    writeHeader(out, 0, type, stream, end - start);
    out.set(payload.subarray(start, end), FRAME_HEADER_BYTES);
    this.#sink(out);
  }
}

function writeHeader(out: Buffer, at: number, type: number, stream: number, length: number): void {
  out.writeUInt32LE(length, at);
  out[at + 4] = type;
  out.writeUInt32LE(stream, at + 5);
}

function checkHeader(sizes: FrameSizes, type: number, length: number): void {
  const size = sizes[type];
  if (size === undefined) throw new FrameError(`a frame of type ${type}, which does not exist`);
  const [min, max] = size;
  if (length < min || length > max) {
    throw new FrameError(`a frame of type ${type} has ${length} bytes; ${min} to ${max} are allowed`);
  }
}

/** Gets each frame as a range of `bytes`, which stay valid after the call. */
export type FrameHandler = (type: number, stream: number, bytes: Buffer, start: number, end: number) => void;

const EMPTY = Buffer.alloc(0);

/** What gives bytes, such as a socket. */
interface ByteSource {
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  off(event: 'data', listener: (bytes: Buffer) => void): unknown;
}

/** Reads frames from a socket until one is none: then `broken` is called with what came, and nothing more is read. */
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

  /** @param sizes what may come; everything where the other side is trusted */
  constructor(handler: FrameHandler, sizes?: FrameSizes) {
    this.#handler = handler;
    this.#sizes = sizes;
  }

  /**
   * Takes bytes in any portions; calls the handler for each frame that is complete.
   * @throws FrameError as soon as a header is there that `sizes` does not allow
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

  /** Called by the handler: the frames after this one wait for {@link resume}. */
  pause(): void {
    this.#paused = true;
  }

  /** Goes on with what has waited. */
  resume(): void {
    this.#paused = false;
    this.feed(EMPTY);
  }
}
