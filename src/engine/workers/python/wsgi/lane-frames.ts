/**
 * The frames on a lane: a socket to one thread or one forked process of a Python worker, which carries one WSGI request
 * at a time. Headers are those of wire/frames.ts, with the request's number in place of the stream's. Python's numbers
 * are written from this file: `npm run wire`.
 */
import { writeFrameHeader } from '../../../../wire/frame-writer.ts';
import { FRAME_HEADER_BYTES, type FrameSizes, MAX_CONTROL_BYTES } from '../../../../wire/frames.ts';

export const LaneFrame = {
  /** → Python: the environ, as environ.ts makes it; no body follows. */
  REQUEST: 1,
  /** → Python: the environ; DATA follow, then END or GONE. */
  REQUEST_WITH_BODY: 2,
  /** Both ways. */
  DATA: 3,
  /** Both ways; from Python: the response is complete. */
  END: 4,
  /** → Python: the client has left. → server: the response can't be completed. */
  GONE: 5,
  /** → server: a whole response; payload u32 length of the head, u8 {@link ResponseFlag}s, head, body. */
  ANSWER: 6,
  /** → server: u8 {@link ResponseFlag}s, head; DATA and END follow. */
  START: 7,
  /** → server: the app reads the body, for which the client waits until it gets a 100. */
  CONTINUE: 8,
  /** → server: the app has finished the request, so the next one may come. */
  FREE: 9,
  /** Both ways: JSON, see wire/frames.ts. */
  CONTROL: 11,
} as const;

/** The frames that Python may send on a lane. */
export const FROM_LANE: FrameSizes = {
  [LaneFrame.DATA]: [0, MAX_CONTROL_BYTES],
  [LaneFrame.END]: [0, 0],
  [LaneFrame.GONE]: [0, 0],
  [LaneFrame.ANSWER]: [8, MAX_CONTROL_BYTES],
  [LaneFrame.START]: [4, MAX_CONTROL_BYTES],
  [LaneFrame.CONTINUE]: [0, 0],
  [LaneFrame.FREE]: [0, 0],
  [LaneFrame.CONTROL]: [2, MAX_CONTROL_BYTES],
};

/** Which headers a response has, so that the server need not search for them. */
export const ResponseFlag = { LENGTH: 1, DATE: 2, SERVER: 4 } as const;

/** One frame in a new buffer. */
export function laneFrame(type: number, id: number, payload?: Uint8Array): Buffer {
  const length = payload?.length ?? 0;
  const out = Buffer.allocUnsafe(FRAME_HEADER_BYTES + length);
  writeFrameHeader(out, 0, type, id, length);
  if (payload !== undefined) out.set(payload, FRAME_HEADER_BYTES);
  return out;
}

export function laneControl(message: object): Buffer {
  return laneFrame(LaneFrame.CONTROL, 0, Buffer.from(JSON.stringify(message)));
}
