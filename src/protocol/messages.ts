/**
 * The messages between a server and its driver: `--json` of the command line (one message per line), and the VS Code
 * extension (the same messages over Node's IPC channel). docs/protocol.md explains them for other drivers.
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

/** Version of the messages. It changes when an existing field changes its meaning, not when a field is added. */
export const PROTOCOL_VERSION = 1;

/** The first message of a driver over Node's IPC channel: starts the server. */
export interface StartMessage {
  type: 'start';
  config?: WrittenConfig;
}

/** A command to a running server. If it has an `id`, the `reply` has the same. */
export type Command = { id?: number } & (
  | { type: 'stop' /** Do not wait for requests in flight. */; now?: boolean }
  | { type: 'restart' }
  /** Changes the settings that a running server takes. */
  | ({ type: 'set' } & LiveConfig)
  /** Holds the next `size` matching requests and releases them together, once. The reply comes after the release. */
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
  /** Gets no new requests, and exits when the last one is done. */
  | 'draining'
  /** Crashed; a replacement starts in `restartInMs`. */
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
  /** How it exited, in words: `exit code 1`, `signal SIGKILL`, `out of memory`. */
  exit?: string;
  /** The requests that it is serving now, the oldest first, at most {@link MAX_LISTED_REQUESTS}; only in a `status`. */
  requests?: RequestUnderWay[];
}

/** Most other apps that `ready` lists. */
export const MAX_OTHERS = 5;

/** Most requests of one worker that a `status` lists. */
export const MAX_LISTED_REQUESTS = 50;

export interface RequestUnderWay {
  id: number;
  method: string;
  /** As in {@link RequestRecord}. */
  target: string;
  /** Time since it arrived. */
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
  /** How often this route (method and path) was requested before. With the seed it decides the delay. */
  nth: number;
  /** Worker that served it; 0 if none did. */
  worker: number;
  /** Status of the answer; 0 if the client disconnected before it. */
  status: number;
  bytesIn: number;
  bytesOut: number;
  /** Held on purpose: random delay. */
  delayMs: number;
  /** Held on purpose: wait for requests to overlap with. */
  overlapMs: number;
  /** Number of the overlap group it was released with. */
  group?: number;
  /** Wait because no worker could take it. */
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
 * A worker that is blocked for longer than this gets a `worker` event, in ms. A shorter time is not worth an event: on a
 * busy machine any worker is silent for a moment.
 */
export const BLOCKED_NEWS_MS = 250;

/** The app restarts, because files changed or a driver asked for it. */
export interface ReloadReport {
  /**
   * `started`: workers with it are starting, and requests wait for them. `done`: the first of them accepts.
   * `failed`: it does not start; an `error` says why, and the next change tries again.
   */
  state: 'started' | 'done' | 'failed';
  /** The generation of these workers. */
  generation: number;
  /** Absolute paths of the changed files, at most {@link MAX_LISTED_FILES}; none after a `restart`. */
  files: string[];
  /** Time since the first change was noticed, or since the restart was requested. */
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

/** A problem that the app's framework reports, such as one of Django's system checks. */
export interface Diagnostic {
  level: 'error' | 'warning' | 'info';
  text: string;
  /** What the user can do. */
  hint?: string;
  /** Absolute path, if the location is known. */
  file?: string;
  /** From 1. */
  line?: number;
}

/** A cookie that one worker knows and another one does not. */
export interface LostState {
  /** Name of the cookie. */
  cookie: string;
  /** The method and path that showed it. */
  route: string;
  /** Number of a worker that knows the cookie. */
  knows: number;
  /** Number of a worker that does not. */
  lost: number;
  /** The setting that says how many workers there are. */
  setting: 'workers' | 'processes';
}

/** What a script of package.json says about the app, and whether it is done. */
export interface TakenScript {
  /** The script, for example `scripts.dev`; missing if no script runs the app and only a runner was added. */
  from?: string;
  /** In words, for example `tsx`, `NODE_ENV=development`, `2 arguments`. */
  taken: string[];
  /** Parts of the script that have no effect here, for example `--inspect`. */
  notTaken: string[];
}

export type StopReason = 'asked' | 'signal' | 'parent gone' | 'failed';

/** An event from a server. On a wire each one also has `v`, the version of the protocol. */
export type ServerEvent =
  | {
      type: 'ready';
      /** Public address, for example `http://127.0.0.1:8000/`. */
      url: string;
      pid: number;
      mode: Mode;
      workers: number;
      /** Python, thread mode: the most threads per process. */
      threads?: number;
      seed: number;
      /** Absolute path of the app; for Python also `module:attribute`. */
      entry: string;
      /** Node: what was taken over from the project's scripts. */
      script?: TakenScript;
      /** What else in the folder could be run, as a person would name it; at most {@link MAX_OTHERS}. */
      others?: string[];
    }
  /** A further public address, for an app that listens more than once. */
  | { type: 'listener'; url: string; index: number }
  | ({ type: 'worker' } & WorkerStatus)
  | ({ type: 'request' } & RequestRecord)
  | {
      type: 'log';
      level: 'debug' | 'info' | 'warn' | 'error';
      /** `server` for the server's own messages, otherwise the app's stream. */
      source: 'server' | 'stdout' | 'stderr';
      text: string;
      worker?: number;
      /** Number of the request that was being served when the app wrote this. */
      request?: number;
    }
  | { type: 'error'; error: WireError; worker?: number; id?: number }
  /** All problems of the app as it runs now. They replace those of an earlier event. */
  | { type: 'diagnostics'; worker: number; diagnostics: Diagnostic[] }
  /** Once in a run: the app keeps sessions in the memory of a worker, so another worker does not know them. */
  | ({ type: 'stateInWorker' } & LostState)
  | ({ type: 'reload' } & ReloadReport)
  | ({ type: 'status'; id?: number } & StatusReport)
  | { type: 'reply'; id: number }
  | { type: 'stopped'; reason: StopReason; error?: WireError };

/** A server, as the command line uses it. */
export interface Engine {
  /**
   * Binds the public address and starts the workers. Resolves after the address is bound and `ready` was emitted.
   * Rejects with a ServerError (`PORT_TAKEN`, `ENTRY_NOT_FOUND`, ...), and nothing is left running.
   * An app that fails to start does not reject: the server stays up and answers with the report.
   */
  start(): Promise<void>;
  /** Carries out a command. Rejects with a ServerError that names the wrong part; then nothing has changed. */
  command(command: Command): Promise<void>;
  /** Resolves when no process, port or file of the server is left. Safe to call again; `now` hurries a stop. */
  stop(reason: StopReason, now?: boolean): Promise<void>;
  /** Calls `listener` for every event until the returned function is called. */
  on(listener: (event: ServerEvent) => void): () => void;
}
