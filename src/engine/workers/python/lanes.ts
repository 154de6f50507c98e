/** The lanes of a Python process: which carries a request now, and which are free. */
import type { Duplex } from 'node:stream';
import { FrameReader } from '../../../protocol/frames.ts';

export type LaneHandler = (
  lane: Lane,
  type: number,
  id: number,
  bytes: Buffer,
  start: number,
  end: number,
) => void;

export class Lane {
  readonly socket: Duplex;

  constructor(socket: Duplex, handler: LaneHandler) {
    this.socket = socket;
    const reader = new FrameReader((type, id, bytes, start, end) =>
      handler(this, type, id, bytes, start, end),
    );
    socket.on('data', (bytes: Buffer) => reader.feed(bytes));
  }
}

/** Lanes are used last in, first out, so that a process has no more threads than requests at a time. */
export class Lanes {
  readonly capacity: number;
  #free: Lane[] = [];
  #unused: Array<() => Lane>;

  /** @param unused each puts one more lane into use */
  constructor(unused: Array<() => Lane>) {
    this.#unused = unused;
    this.capacity = unused.length;
  }

  take(): Lane | undefined {
    return this.#free.pop() ?? this.#unused.shift()?.();
  }

  release(lane: Lane): void {
    this.#free.push(lane);
  }
}
