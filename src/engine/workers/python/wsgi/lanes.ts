/** The lanes of a Python process, and which of them are free. */
import type { Duplex } from 'node:stream';
import { FrameReader, feedFrom } from '../../../../wire/frame-reader.ts';
import { FROM_LANE } from './lane-frames.ts';

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

  /** @param broken called on an invalid frame; nothing more is read */
  constructor(socket: Duplex, handler: LaneHandler, broken: (reason: string) => void) {
    this.socket = socket;
    const reader = new FrameReader(
      (type, id, bytes, start, end) => handler(this, type, id, bytes, start, end),
      FROM_LANE,
    );
    feedFrom(socket, reader, broken);
  }
}

/** Lanes are used last in, first out, so a process has only as many threads as requests at a time. */
export class Lanes {
  readonly capacity: number;
  #free: Lane[] = [];
  #unused: Array<() => Lane>;

  /** @param unused each function puts one more lane into use */
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
