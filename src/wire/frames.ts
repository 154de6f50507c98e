/**
 * The private wire between the front and a worker: frames over a MessagePort (thread workers) or a socket pair (fork
 * workers). One wire carries many streams. A stream stands for one client connection inside one worker and carries that
 * connection's bytes unchanged, so the app's own HTTP parser gets exactly the bytes that the client sent.
 *
 * A frame is a header of 9 bytes and a payload. The header is u32 payload length, u8 type, u32 stream, little-endian.
 * Python's constants are written from this file: `npm run wire`.
 */
import type { Diagnostic, SourceLocation } from '../protocol/messages.ts';
import type { FromRaceHooks, ToRaceHooks } from './race-messages.ts';
import type { TerminalSize } from './terminal.ts';

export const FRAME_HEADER_BYTES = 9;

/** The largest payload of a DATA frame; longer writes are split, so that streams share the wire fairly. */
export const MAX_DATA_BYTES = 64 * 1024;

/** Bytes that a side may send on a stream until the other grants more. Limits the memory that a slow reader costs. */
export const STREAM_WINDOW_BYTES = 256 * 1024;

/** The least bytes that one CREDIT frame grants, so that credit does not double the number of frames. */
export const CREDIT_STEP_BYTES = 64 * 1024;

export const Frame = {
  /** → worker: a client connection; payload {@link OpenInfo} as JSON. Opens nothing in the app until a HEAD. */
  OPEN: 1,
  /** → worker: a request starts; payload u32 request id, u32 claim slot, then bytes of the connection. */
  HEAD: 2,
  /** Both ways: bytes of the connection. */
  DATA: 3,
  /** Both ways: the sender will send no more bytes. */
  FIN: 4,
  /** Both ways: the connection was closed. */
  RESET: 5,
  /** Both ways: u32, the number of bytes that the receiver took. */
  CREDIT: 6,
  /**
   * → front: u32 claim slot, u32 µs; the worker took the request, and the app's handler first returned to the event
   * loop after this time.
   */
  STARTED: 7,
  /**
   * → front: u32 claim slot; the worker does not run the request: it was revoked before the worker read it, or the app
   * had closed its end of the stream before.
   */
  DROPPED: 8,
  /** → worker: answer with PONG from the event loop. */
  PING: 9,
  PONG: 10,
  /** Both ways, stream 0: a {@link ToWorker} or {@link FromWorker} as JSON. */
  CONTROL: 11,
  /** → worker: the next request may take long, so send finished responses before it starts. */
  FLUSH: 12,
  /** → worker: u32 request id, u32 claim slot; give the request back unless it has started. */
  REVOKE: 13,
  /** → front: u32 claim slot, u8 1 if the worker gives the request back and does not run it, else 0. */
  REVOKED: 14,
  /** → front: a worker that takes a limited number of requests has finished one and can take another. */
  FREED: 15,
} as const;

/** A message may be a list of files or a long line of output. Text that is read as a length gives a larger number. */
export const MAX_CONTROL_BYTES = 256 * 1024 * 1024;

/** The smallest and the largest payload by type, in bytes. Types that are not in the table are errors. */
export type FrameSizes = Readonly<Record<number, readonly [min: number, max: number]>>;

/** The frames that a worker may send. */
export const FROM_WORKER: FrameSizes = {
  [Frame.DATA]: [0, MAX_DATA_BYTES],
  [Frame.FIN]: [0, 0],
  [Frame.RESET]: [0, 0],
  [Frame.CREDIT]: [4, 4],
  [Frame.STARTED]: [8, 8],
  [Frame.DROPPED]: [4, 4],
  [Frame.PONG]: [0, 0],
  [Frame.CONTROL]: [2, MAX_CONTROL_BYTES],
  [Frame.REVOKED]: [5, 5],
  [Frame.FREED]: [0, 0],
};

/** The other side sent an invalid frame, so the bytes after it can't be read either. */
export class FrameError extends Error {}

/** A connection's properties for the app. */
export interface OpenInfo {
  /** Number of the address that the client connected to; 0 is the app's own. See `serves`. */
  server: number;
  remoteAddress: string;
  remotePort: number;
  remoteFamily: string;
  localAddress: string;
  localPort: number;
}

/** The arguments of the app's `listen`. */
export interface AskedAddress {
  host?: string;
  port?: number;
  path?: string;
  /** The app wants the address for this worker alone. */
  exclusive?: boolean;
}

/**
 * What a server does with a connection. `requests`: the app handles requests. `http`: it is HTTP, but refuses requests or
 * has no handler for them, as WebSocket servers do. `bytes`: the app reads the connection itself. `nothing`: nobody
 * listens to what arrives, as in a probe for a free port.
 */
export type ServerKind = 'requests' | 'http' | 'bytes' | 'nothing';

/**
 * How long a worker that listens has waited for the app's own server. 1: nothing else is under way, or the event loop has
 * turned for 1 s. 2: nothing was for 0.5 s, or it has turned for 3 s, which is enough for a server that was expected.
 */
export type Patience = 0 | 1 | 2;

export type ToWorker =
  /** Also for a server that listens already and has another address now. */
  | { type: 'listening'; index: number; address: BoundAddress }
  /** Clients of the address `server` are for the app's server `index`. */
  | { type: 'serves'; index: number; server: number }
  | { type: 'listenFailed'; index: number; code: string; message: string }
  /** Run the app's SIGTERM and exit handlers, then exit; sent once the worker is idle. `now`: without SIGTERM. */
  | { type: 'shutdown'; now?: boolean }
  /** The terminal that shows the app's output has another size. */
  | { type: 'resize'; size: TerminalSize }
  /** Answer with `memory`. */
  | { type: 'measure' }
  | { type: 'race'; message: ToRaceHooks };

export type BoundAddress = { address: string; family: string; port: number } | { path: string };

export type FromWorker =
  /**
   * The app called `listen` for the `index`th time in this worker. `raw` servers get whole connections instead of requests.
   * `forPort`: it asks for the port that PORT names. `expectsPort`: the app's own source reads PORT.
   */
  | {
      type: 'listen';
      index: number;
      asked: AskedAddress;
      raw: boolean;
      tls: boolean;
      kind?: ServerKind;
      forPort?: boolean;
      expectsPort?: boolean;
    }
  /** See {@link Patience}. */
  | { type: 'waited'; patience: number }
  /** The limits of a server for a request's head, before `listen` and whenever they change; 0 fields: any number. */
  | { type: 'heads'; index: number; bytes: number; fields: number }
  | { type: 'unlisten'; index: number }
  /** Files that the app is about to load, as absolute paths, and their stamps now; see file-stamp.ts. */
  | { type: 'loaded'; files: string[]; stamps: string[] }
  /** Files that the app is about to write, delete or replace, as real absolute paths. */
  | { type: 'wrote'; files: string[] }
  /** The app started a process. `startTime` as in /proc, read before another process can get the pid. */
  | { type: 'spawned'; pid: number; command: string; startTime?: string }
  /** A process that the app started has ended. */
  | { type: 'childExited'; pid: number }
  /** An uncaught exception; the worker will exit. `location` if the stack does not contain it. */
  | {
      type: 'exception';
      message: string;
      stack: string;
      location?: SourceLocation;
    }
  /**
   * The app loads a native addon of the package `name`, which may crash at the end of a thread. `refused`: the addon was
   * not loaded and the thread ends, so that the app can be started in a process.
   */
  | { type: 'addon'; name: string; refused: boolean }
  /** The thread blocks for good, because its end could crash the server. */
  | { type: 'standsStill' }
  /** There is no app that can be served: a sentence without its full stop, and the line where it shows, if there is one. */
  | { type: 'nothingToServe'; message: string; location?: SourceLocation }
  /** All diagnostics of the app's framework; they replace those before. */
  | { type: 'diagnostics'; diagnostics: Diagnostic[] }
  /** JavaScript heap (thread) or resident set (fork). */
  | { type: 'memory'; bytes: number }
  | { type: 'race'; message: FromRaceHooks };
