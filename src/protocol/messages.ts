/**
 * The messages between a server and whoever drives it: the command line's `--json` (one message a line) and the
 * VS Code extension (the same messages over Node's IPC channel). Documented for other editors in docs/protocol.md.
 */
import type {
  LiveConfig,
  Mode,
  OverlapConfig,
  RandomDelayConfig,
  ReloadConfig,
  WrittenConfig,
} from './config.ts';
import type { WireError } from './errors.ts';

/** Version of the messages. Raised when an existing field changes its meaning, not when one is added. */
export const PROTOCOL_VERSION = 1;

/** The first message of a driver over Node's IPC channel: starts the server. */
export interface StartMessage {
  type: 'start';
  config?: WrittenConfig;
}

/** What can be asked of a running server. `id`, if given, comes back in the `reply`. */
export type Command = { id?: number } & (
  | { type: 'stop' /** Do not wait for requests in flight. */; now?: boolean }
  | { type: 'restart' }
  /** Changes the settings that a running server takes. */
  | ({ type: 'set' } & LiveConfig)
  /** Holds the next `size` requests that match, lets them go together, once; answered when they have gone. */
  | { type: 'overlapNext'; size: number; maxMs?: number; routes?: string[] }
  | { type: 'status' }
  | { type: 'restartWorker'; worker: number }
  | { type: 'killWorker'; worker: number }
);

export type WorkerState =
  | 'starting'
  /** Accepts requests and serves none. */
  | 'idle'
  /** Serves `inFlight` requests. */
  | 'busy'
  /** Its event loop has not answered for `blockedMs`. */
  | 'blocked'
  /** Gets no new requests; goes away when the last one is done. */
  | 'draining'
  /** Died; a replacement starts in `restartInMs`. */
  | 'restarting'
  | 'crashed'
  | 'stopped';

export interface WorkerStatus {
  /** Number of the worker, from 1, never used twice by one server. */
  id: number;
  mode: Mode;
  state: WorkerState;
  /** Counts restarts of the whole app, from 1. */
  generation: number;
  /** Process id: the worker's own in fork mode, the server's in thread mode. */
  pid?: number;
  /** `worker_threads` id, in thread mode. */
  threadId?: number;
  inFlight: number;
  done: number;
  /** JavaScript heap (thread) or resident set (fork), in bytes. */
  memory?: number;
  blockedMs?: number;
  restartInMs?: number;
  /** How it ended, in words: `exit code 1`, `signal SIGKILL`, `out of memory`. */
  exit?: string;
  /** What it is serving now, the oldest first, at most {@link MAX_LISTED_REQUESTS}; only in a `status`. */
  requests?: RequestUnderWay[];
}

/** Most requests of one worker that a `status` lists. */
export const MAX_LISTED_REQUESTS = 50;

export interface RequestUnderWay {
  id: number;
  method: string;
  /** As in {@link RequestRecord}. */
  target: string;
  /** Since it arrived. */
  ageMs: number;
}

/** Times are in ms with fractions; `at` is ms since the epoch, the others are durations. */
export interface RequestRecord {
  /** Number of the request, from 1, in the order of arrival. */
  id: number;
  at: number;
  method: string;
  /** Request target as sent, for example `/a?b=c`; at most 2,048 characters. */
  target: string;
  /** How often this route (method and path) was requested before, so a delay can be found again from the seed. */
  nth: number;
  /** Worker that served it; 0 when none did. */
  worker: number;
  /** Status of the answer; 0 when the client left before one. */
  status: number;
  bytesIn: number;
  bytesOut: number;
  /** Held on purpose: random delay. */
  delayMs: number;
  /** Held on purpose: waited for others to overlap with. */
  overlapMs: number;
  /** Number of the overlap group it was released with. */
  group?: number;
  /** Waited because no worker could take it. */
  queueMs: number;
  /** From arrival to the first byte of the answer. */
  firstByteMs?: number;
  totalMs: number;
  /** Why there is no complete answer: `client closed`, `worker crashed`, `timed out`. */
  failure?: string;
}

export interface StatusReport {
  url: string;
  pid: number;
  mode: Mode;
  workers: WorkerStatus[];
  queued: number;
  inFlight: number;
  served: number;
  seed: number;
  randomDelay: RandomDelayConfig;
  overlap: OverlapConfig;
  reload: ReloadConfig;
}

/**
 * A worker that has been blocked for less is no news: a busy machine makes any worker silent for a moment. Beyond it there
 * is a `worker` event, ms.
 */
export const BLOCKED_NEWS_MS = 250;

/** New code, because files changed or somebody asked. */
export interface ReloadReport {
  /**
   * `started`: workers with it are starting, and requests wait for them. `done`: the first of them accepts.
   * `failed`: it does not start; an `error` says why, and the next change tries again.
   */
  state: 'started' | 'done' | 'failed';
  /** The generation of these workers. */
  generation: number;
  /** Absolute paths of what changed, at most {@link MAX_LISTED_FILES}; none after a `restart`. */
  files: string[];
  /** Since the first change was seen, or the restart asked for. */
  ms: number;
}

/** Most files that a `reload` lists. */
export const MAX_LISTED_FILES = 50;

/** A position in the app's source. */
export interface SourceLocation {
  /** Absolute path. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column?: number;
}

/** Something that the app's framework finds wrong with it, such as one of Django's system checks. */
export interface Diagnostic {
  level: 'error' | 'warning' | 'info';
  text: string;
  /** What can be done. */
  hint?: string;
  /** Absolute path, where the place in the source is known. */
  file?: string;
  /** From 1. */
  line?: number;
}

export type StopReason = 'asked' | 'signal' | 'parent gone' | 'failed';

/** What a server says. Each carries `v`, the protocol version, when it is written to a wire. */
export type ServerEvent =
  | {
      type: 'ready';
      /** Public address, for example `http://127.0.0.1:8000/`. */
      url: string;
      pid: number;
      mode: Mode;
      workers: number;
      /** The most threads of a worker, where each serves requests in threads of its own (Python, thread mode). */
      threads?: number;
      seed: number;
      /** Absolute path of the app, or what names it for Python: `module:attribute`. */
      entry: string;
    }
  /** A further public address, for an app that listens more than once. */
  | { type: 'listener'; url: string; index: number }
  | ({ type: 'worker' } & WorkerStatus)
  | ({ type: 'request' } & RequestRecord)
  | {
      type: 'log';
      level: 'debug' | 'info' | 'warn' | 'error';
      /** `server` for the product's own words, else the app's stream. */
      source: 'server' | 'stdout' | 'stderr';
      text: string;
      worker?: number;
      /** Number of the request that was being served when the app wrote this. */
      request?: number;
    }
  | { type: 'error'; error: WireError; worker?: number; id?: number }
  /** All that is found wrong with the app as it runs now; takes the place of what was found before. */
  | { type: 'diagnostics'; worker: number; diagnostics: Diagnostic[] }
  | ({ type: 'reload' } & ReloadReport)
  | ({ type: 'status'; id?: number } & StatusReport)
  | { type: 'reply'; id: number }
  | { type: 'stopped'; reason: StopReason; error?: WireError };

/** A server, seen from the command line or from the process the extension starts. */
export interface Engine {
  /**
   * Binds the public address and starts the workers. Resolves once the address is bound and `ready` was said.
   * Rejects with a ServerError (`PORT_TAKEN`, `ENTRY_NOT_FOUND`, ...), and nothing is left running.
   * An app that fails to start does not reject: the server stays up and answers with the report.
   */
  start(): Promise<void>;
  /** Carries out a command. Rejects with a ServerError that names the part that does not fit; nothing is half done. */
  command(command: Command): Promise<void>;
  /** Resolves when no process, port or file of the server is left. Safe to call again; `now` hurries a stop under way. */
  stop(reason: StopReason, now?: boolean): Promise<void>;
  /** Calls `listener` for every event until the returned function is called. */
  on(listener: (event: ServerEvent) => void): () => void;
}
