/**
 * What travels on a lane: a socket to one thread or one forked process of a Python worker, which carries one WSGI
 * request at a time. Headers are those of protocol/frames.ts, with the request's number in place of the stream's;
 * the other side's list is in python/concurrent_server/wire/frames.py.
 */
import { FRAME_HEADER_BYTES, type FrameSizes, MAX_CONTROL_BYTES } from '../../../../wire/frames.ts';

export const Lane = {
  /** → Python: the environ, as {@link EnvironReader} makes it; no body follows. */
  REQUEST: 1,
  /** → Python: the environ; DATA follow, then END or GONE. */
  REQUEST_WITH_BODY: 2,
  /** Both ways. */
  DATA: 3,
  /** Both ways; from Python: the answer is complete. */
  END: 4,
  /** → Python: the client has left. → server: the answer can't be completed. */
  GONE: 5,
  /** → server: a whole answer; payload u32 length of the head, u8 {@link ResponseFlag}s, head, body. */
  ANSWER: 6,
  /** → server: u8 {@link ResponseFlag}s, head; DATA and END follow. */
  START: 7,
  /** → server: the app reads a body that the client holds back until it is told to continue. */
  CONTINUE: 8,
  /** → server: the app is done with the request, so the next one may come. */
  FREE: 9,
  /** Both ways: JSON, see protocol/frames.ts. */
  CONTROL: 11,
} as const;

/** What Python may send on a lane. */
export const FROM_LANE: FrameSizes = {
  [Lane.DATA]: [0, MAX_CONTROL_BYTES],
  [Lane.END]: [0, 0],
  [Lane.GONE]: [0, 0],
  [Lane.ANSWER]: [8, MAX_CONTROL_BYTES],
  [Lane.START]: [4, MAX_CONTROL_BYTES],
  [Lane.CONTINUE]: [0, 0],
  [Lane.FREE]: [0, 0],
  [Lane.CONTROL]: [2, MAX_CONTROL_BYTES],
};

/** Headers that an answer has, so that nobody need look for them. */
export const ResponseFlag = { LENGTH: 1, DATE: 2, SERVER: 4 } as const;

/** One frame in a buffer of its own. */
export function laneFrame(type: number, id: number, payload?: Uint8Array): Buffer {
  const length = payload?.length ?? 0;
  const out = Buffer.allocUnsafe(FRAME_HEADER_BYTES + length);
  writeLaneHeader(out, type, id, length);
  if (payload !== undefined) out.set(payload, FRAME_HEADER_BYTES);
  return out;
}

export function laneControl(message: object): Buffer {
  return laneFrame(Lane.CONTROL, 0, Buffer.from(JSON.stringify(message)));
}

export function writeLaneHeader(out: Buffer, type: number, id: number, length: number): void {
  out.writeUInt32LE(length, 0);
  out[4] = type;
  out.writeUInt32LE(id, 5);
}
