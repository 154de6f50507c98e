/** The server's end of a stream: the image of one client connection in one worker (see protocol/frames.ts). */
import { CREDIT_STEP_BYTES, Frame, MAX_DATA_BYTES, STREAM_WINDOW_BYTES } from '../protocol/frames.ts';
import type { Upstream } from './upstream.ts';

/** The client's side of a stream. */
export interface StreamOwner {
  readonly streamId: number;
  onUpstreamData(stream: Stream, bytes: Buffer): void;
  /** The app ended its side. */
  onUpstreamEnd(stream: Stream): void;
  /** The app's connection is gone; the stream can't be used any more. */
  onUpstreamReset(stream: Stream): void;
  /** There is room to send again. */
  onUpstreamCredit(stream: Stream): void;
}

/** The image of one client connection in one worker. */
export class Stream {
  readonly upstream: Upstream;
  readonly owner: StreamOwner;
  /** Bytes that may still be sent to the worker. */
  window = STREAM_WINDOW_BYTES;
  #creditDue = 0;

  constructor(upstream: Upstream, owner: StreamOwner) {
    this.upstream = upstream;
    this.owner = owner;
  }

  data(bytes: Uint8Array): void {
    this.window -= bytes.length;
    for (let at = 0; at < bytes.length; at += MAX_DATA_BYTES) {
      const end = Math.min(bytes.length, at + MAX_DATA_BYTES);
      this.upstream.writer.bytes(Frame.DATA, this.owner.streamId, bytes, at, end);
    }
    this.upstream.touch();
  }

  fin(): void {
    this.upstream.writer.small(Frame.FIN, this.owner.streamId);
    this.upstream.touch();
  }

  /** Tells the app that its client is gone, and forgets the stream. */
  reset(): void {
    if (!this.upstream.streams.delete(this.owner.streamId)) return;
    this.upstream.writer.small(Frame.RESET, this.owner.streamId);
    this.upstream.touch();
  }

  /** The client took `bytes`; the worker may send as much again. */
  credit(bytes: number): void {
    this.#creditDue += bytes;
    if (this.#creditDue < CREDIT_STEP_BYTES) return;
    this.upstream.writer.small(Frame.CREDIT, this.owner.streamId, this.#creditDue);
    this.#creditDue = 0;
    this.upstream.touch();
  }
}
