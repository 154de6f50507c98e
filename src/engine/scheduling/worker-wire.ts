/** The server's end of a worker's wire: its frames and streams. */

import { FrameReader } from '../../wire/frame-reader.ts';
import { FrameWriter } from '../../wire/frame-writer.ts';
import { FROM_WORKER, Frame, FrameError, type OpenInfo } from '../../wire/frames.ts';
import type { StreamOwner, StreamPort } from '../requests/worker-stream.ts';
import { WorkerStream } from '../requests/worker-stream.ts';

/** The owner of a wire. */
export interface WireOwner {
  /** A frame of this type came. */
  onAny(type: number): void;
  /** A frame came that belongs to no stream. @throws FrameError if it violates the protocol */
  onFrame(type: number, bytes: Buffer, start: number, end: number): void;
}

/** Sends frames to workers at the end of a turn of the event loop, so that all frames of one turn cost one wake-up. */
export class FlushQueue {
  #dirty: WorkerWire[] = [];

  add(wire: WorkerWire): void {
    this.#dirty.push(wire);
    if (this.#dirty.length > 1) return;
    setImmediate(() => {
      for (const dirty of this.#dirty.splice(0)) dirty.flush();
    });
  }
}

export class WorkerWire implements StreamPort {
  readonly id: number;
  readonly writer: FrameWriter;
  readonly streams = new Map<number, WorkerStream>();
  #owner: WireOwner;
  #reader: FrameReader;
  #touched: (wire: WorkerWire) => void;
  #dirty = false;
  #lastStream = 0;

  /**
   * @param id number of the worker
   * @param touched asks for a call of {@link flush} at the end of this turn of the event loop
   */
  constructor(
    id: number,
    send: (bytes: Buffer) => void,
    owner: WireOwner,
    touched: (wire: WorkerWire) => void,
  ) {
    this.id = id;
    this.#owner = owner;
    this.#touched = touched;
    this.writer = new FrameWriter(send);
    this.#reader = new FrameReader((type, stream, bytes, start, end) => {
      this.#onFrame(type, stream, bytes, start, end);
    }, FROM_WORKER);
  }

  /** @throws FrameError if they violate the protocol */
  feed(bytes: Buffer): void {
    this.#reader.feed(bytes);
  }

  /** Opens the image of a client connection. */
  open(owner: StreamOwner, info: OpenInfo): WorkerStream {
    this.#lastStream += 1;
    const stream = new WorkerStream(this.#lastStream, this, owner);
    this.streams.set(stream.id, stream);
    this.writer.json(Frame.OPEN, stream.id, info);
    return stream;
  }

  /** See {@link StreamPort}. */
  closed(stream: WorkerStream): void {
    this.streams.delete(stream.id);
  }

  /** Asks for a flush at the end of this turn. */
  touch(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    this.#touched(this);
  }

  flush(): void {
    this.#dirty = false;
    this.writer.flush();
  }

  #onFrame(type: number, id: number, bytes: Buffer, start: number, end: number): void {
    this.#owner.onAny(type);
    switch (type) {
      case Frame.DATA: {
        const stream = this.streams.get(id);
        stream?.owner.onUpstreamData(stream, bytes.subarray(start, end));
        return;
      }
      case Frame.CREDIT: {
        const stream = this.streams.get(id);
        if (stream === undefined) return;
        if (!stream.acknowledge(bytes.readUInt32LE(start))) {
          throw new FrameError('credit for more bytes than it got');
        }
        stream.owner.onUpstreamCredit(stream);
        return;
      }
      case Frame.FIN: {
        const stream = this.streams.get(id);
        stream?.ended();
        stream?.owner.onUpstreamEnd(stream);
        return;
      }
      case Frame.RESET: {
        const stream = this.streams.get(id);
        stream?.lost();
        stream?.owner.onUpstreamEnd(stream);
        return;
      }
      default:
        this.#owner.onFrame(type, bytes, start, end);
    }
  }
}
