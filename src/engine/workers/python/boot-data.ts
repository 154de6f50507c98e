/** The start data of a Python process: inherited descriptors and one variable; see python/concurrent_server/main.py. */
import type { FromWorker } from '../../../wire/frames.ts';
import {
  FROM_WORKER_SHAPES,
  index,
  number,
  readMessage,
  type Shape,
  text,
} from '../../../wire/from-worker.ts';

import type { TerminalProperties } from '../../../wire/terminal.ts';

/** Name of the variable that carries {@link PythonBootData} as JSON; removed before the app is loaded. */
export const BOOT_VARIABLE = 'CONCURRENT_SERVER_WORKER';

/** Descriptors in the order of `stdio`: control messages (for ASGI the whole wire), the watchdog's pipe, lanes. */
export const CONTROL_FD = 3;
export const WATCHDOG_FD = 4;
export const FIRST_LANE_FD = 5;

/**
 * The first byte in the watchdog's pipe: the process is in the ledger and may load the app. If the pipe ends without
 * it, the process exits.
 */
export const GO = Buffer.from([1]);

export interface PythonBootData {
  /** As the engine resolved it: an absolute path, or `module:attribute`. */
  entry: string;
  args: readonly string[];
  /** Load the app and fork workers on demand, instead of serving. */
  fork: boolean;
  /** The app runs in several processes. */
  multiprocess: boolean;
  /** Descriptors of the lanes. */
  lanes: readonly number[];
  /** Base64; see wire/output-marks.ts. */
  secret: string;
  terminal: TerminalProperties;
}

const SHAPES: Readonly<Record<FromPython['type'], Shape>> = {
  serving: { style: (value) => value === 'wsgi' || value === 'asgi', software: text },
  lane: { worker: index, path: text },
  forked: { worker: index, pid: index },
  notForked: { worker: index, reason: text },
  exited: { worker: index, code: number, 'signal?': text },
};

/**
 * @param json the payload of a CONTROL frame
 * @throws FrameError if it is not a message
 */
export function readFromPython(json: string): FromPython | FromWorker {
  return readMessage<FromPython | FromWorker>(json, { ...FROM_WORKER_SHAPES, ...SHAPES });
}

/** Messages from Python to its runner, in addition to those to the engine (FromWorker). */
export type FromPython =
  /** The app was loaded, and this is how it is served. */
  | { type: 'serving'; style: 'wsgi' | 'asgi'; software: string }
  /** A new worker is about to be forked and waits for its connection at this path. */
  | { type: 'lane'; worker: number; path: string }
  | { type: 'forked'; worker: number; pid: number }
  | { type: 'notForked'; worker: number; reason: string }
  | { type: 'exited'; worker: number; code: number; signal: NodeJS.Signals | null };
