/** Flow control of one client connection: what the engine may be sent of it, and what it may send. */
import {
  CREDIT_STEP_BYTES,
  Frame,
  type FrameWriter,
  MAX_DATA_BYTES,
  STREAM_WINDOW_BYTES,
} from '../../../../wire/frames.ts';

/** Stands for the end of what is sent. */
const END = Buffer.alloc(0);

export class ConnectionFlow {
  readonly stream: number;
  #writer: FrameWriter;
  /** Bytes that the engine may be sent. */
  #window = STREAM_WINDOW_BYTES;
  /** What waits for the window. */
  #waiting: Buffer[] = [];
  #creditDue = 0;

  constructor(stream: number, writer: FrameWriter) {
    this.stream = stream;
    this.#writer = writer;
  }

  /** Something waits for the client to take what was sent before. */
  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  /** Sends what the window allows, and the rest later; `bytes` are not copied. */
  send(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#pump();
  }

  /** The connection ends after what was sent. */
  end(): void {
    if (this.#waiting.length === 0) this.#writer.small(Frame.FIN, this.stream);
    else this.#waiting.push(END);
  }

  /** The engine takes so many bytes more. */
  grant(bytes: number): void {
    this.#window += bytes;
    this.#pump();
  }

  /** Nobody wants what waits any more. */
  drop(): void {
    this.#waiting = [];
  }

  /** So many bytes from the engine were taken; it may send as much again. */
  credit(bytes: number): void {
    this.#creditDue += bytes;
    if (this.#creditDue < CREDIT_STEP_BYTES) return;
    this.#writer.small(Frame.CREDIT, this.stream, this.#creditDue);
    this.#creditDue = 0;
  }

  #pump(): void {
    const waiting = this.#waiting;
    while (waiting.length > 0 && this.#window > 0) {
      const first = waiting[0]!;
      const size = Math.min(first.length, this.#window, MAX_DATA_BYTES);
      const part = size === first.length ? first : first.subarray(0, size);
      if (part === first) waiting.shift();
      else waiting[0] = first.subarray(part.length);
      this.#window -= part.length;
      if (first === END) this.#writer.small(Frame.FIN, this.stream);
      else this.#writer.bytes(Frame.DATA, this.stream, part);
    }
  }
}
