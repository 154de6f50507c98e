/** Flow control of one client connection, both ways. */
import type { FrameWriter } from '../../../../wire/frame-writer.ts';
import { CREDIT_STEP_BYTES, Frame, MAX_DATA_BYTES, STREAM_WINDOW_BYTES } from '../../../../wire/frames.ts';

/** Stands for the end of the connection. */
const END = Buffer.alloc(0);

export class ConnectionFlow {
  readonly stream: number;
  #writer: FrameWriter;
  /** Bytes that may be sent to the engine. */
  #window = STREAM_WINDOW_BYTES;
  /** Bytes that wait for the window. */
  #waiting: Buffer[] = [];
  #creditDue = 0;

  constructor(stream: number, writer: FrameWriter) {
    this.stream = stream;
    this.#writer = writer;
  }

  /** Bytes wait until the client has taken earlier ones. */
  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  /** Sends as much as the window allows now, and the rest later. `bytes` are not copied. */
  send(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#pump();
  }

  /** Ends the connection after everything that was sent. */
  end(): void {
    if (this.#waiting.length === 0) this.#writer.small(Frame.FIN, this.stream);
    else this.#waiting.push(END);
  }

  /** The engine takes this many more bytes. */
  grant(bytes: number): void {
    this.#window += bytes;
    this.#pump();
  }

  /** Drops the waiting bytes: the client has disconnected. */
  drop(): void {
    this.#waiting = [];
  }

  /** The app took this many bytes from the engine, which may send as many again. */
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
