/** The server's end of a stream: the image of one client connection in one worker (see wire/frames.ts). */
import type { FrameWriter } from '../../wire/frame-writer.ts';
import { CREDIT_STEP_BYTES, Frame, MAX_DATA_BYTES, STREAM_WINDOW_BYTES } from '../../wire/frames.ts';

/** The wire that carries a stream. */
export interface StreamPort {
  /** Number of the worker. */
  readonly id: number;
  readonly writer: FrameWriter;
  /** Asks for a flush of the writer at the end of this turn of the event loop. */
  touch(): void;
  /** The stream has no connection any more: later frames for it are dropped. */
  closed(stream: WorkerStream): void;
}

/** The client's side of a stream. */
export interface StreamOwner {
  onUpstreamData(stream: WorkerStream, bytes: Buffer): void;
  /** The app ended its side, or its connection has closed: see {@link WorkerStream.usable}. */
  onUpstreamEnd(stream: WorkerStream): void;
  /** There is room to send again. */
  onUpstreamCredit(stream: WorkerStream): void;
}

/**
 * Invariant, per stream: bytes sent = bytes acknowledged by the worker + bytes in flight, and at most a window is in
 * flight. A stream on which the front, the worker or the app dropped a byte is closed and never used again: later bytes
 * would be taken for the missing ones.
 */
export class WorkerStream {
  /** Unique on its wire: no number is used twice, so that no late frame reaches the wrong stream. */
  readonly id: number;
  readonly port: StreamPort;
  readonly owner: StreamOwner;
  /** `ended`: the app sends no more; `closed`: there is no connection any more. */
  #state: 'open' | 'ended' | 'closed' = 'open';
  #sent = 0;
  #acknowledged = 0;
  #creditDue = 0;
  #window: number;

  /** @param window the most bytes that may be in flight */
  constructor(id: number, port: StreamPort, owner: StreamOwner, window = STREAM_WINDOW_BYTES) {
    this.id = id;
    this.port = port;
    this.owner = owner;
    this.#window = window;
  }

  /** A request can be sent on it: the app has not ended it and nothing was dropped. */
  get usable(): boolean {
    return this.#state === 'open';
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** Bytes that may be sent to the worker. */
  get room(): number {
    return this.#window - (this.#sent - this.#acknowledged);
  }

  /** Bytes of the client that went to the worker in a frame other than DATA. */
  passed(bytes: number): void {
    this.#sent += bytes;
  }

  data(bytes: Uint8Array): void {
    if (this.#state === 'closed') return;
    this.#sent += bytes.length;
    for (let at = 0; at < bytes.length; at += MAX_DATA_BYTES) {
      const end = Math.min(bytes.length, at + MAX_DATA_BYTES);
      this.port.writer.bytes(Frame.DATA, this.id, bytes, at, end);
    }
    this.port.touch();
  }

  /** The client sends no more. */
  fin(): void {
    if (this.#state === 'closed') return;
    this.port.writer.small(Frame.FIN, this.id);
    this.port.touch();
  }

  /** Informs the app that its client has disconnected, and forgets the stream. */
  reset(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.port.closed(this);
    this.port.writer.small(Frame.RESET, this.id);
    this.port.touch();
  }

  /** The client took `bytes`; the worker may send as many more. */
  credit(bytes: number): void {
    if (this.#state === 'closed') return;
    this.#creditDue += bytes;
    if (this.#creditDue < CREDIT_STEP_BYTES) return;
    this.port.writer.small(Frame.CREDIT, this.id, this.#creditDue);
    this.#creditDue = 0;
    this.port.touch();
  }

  // From the worker

  /** @returns false if the worker acknowledges more than it was sent, which is an error */
  acknowledge(bytes: number): boolean {
    if (this.#acknowledged + bytes > this.#sent) return false;
    this.#acknowledged += bytes;
    return true;
  }

  ended(): void {
    if (this.#state === 'open') this.#state = 'ended';
  }

  lost(): void {
    this.#state = 'closed';
    this.port.closed(this);
  }
}
