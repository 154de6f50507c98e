/**
 * What a server can be told, its defaults and its limits. The one place for both: the command line, the JSON
 * protocol and the VS Code settings all read this file.
 */
export const MODES = ['thread', 'fork'] as const;
export type Mode = (typeof MODES)[number];

export const AFFINITIES = ['none', 'client'] as const;
export type Affinity = (typeof AFFINITIES)[number];

export interface RandomDelayConfig {
  enabled: boolean;
  /** Shortest delay, in ms. */
  min: number;
  /** Longest delay, in ms. */
  max: number;
  /** Route globs such as `POST /cart/**` or `/api/*`; empty means every route. */
  routes: string[];
}

export interface OverlapConfig {
  /** How many matching requests are collected before they are released together; 0 turns overlap off. */
  size: number;
  /** The longest a request is held while the others are awaited, in ms. */
  maxMs: number;
  /** Route globs that form one group; empty means each route is a group of its own. */
  routes: string[];
}

/** What becomes of a request that waited too long for new code. */
export const LATE_ANSWERS = ['refuse', 'old'] as const;
export type LateAnswer = (typeof LATE_ANSWERS)[number];

export interface ReloadConfig {
  /** Start the app anew when one of the files it loaded changes. */
  enabled: boolean;
  /** Globs, relative to `cwd`, of files that count although the app did not load them, such as `views/**`. */
  watch: string[];
  /** Pages in browsers reload after the app has. */
  browser: boolean;
  /** The longest a request waits for new code to accept, in ms. */
  waitMs: number;
  /** Then it is refused with 503, or served by the code from before the change. */
  late: LateAnswer;
}

export interface ServerConfig {
  /** The app: a file, absolute or relative to `cwd`; undefined means "find it". */
  entry: string | undefined;
  /** Absolute path of the folder the app runs in. */
  cwd: string;
  /** Address of the public socket, without brackets for IPv6. */
  addr: string;
  /** Port of the public socket; 0 lets the system choose. */
  port: number;
  /** End a concurrent server that holds the port although nobody is left whom it serves. */
  takeOver: boolean;
  mode: Mode;
  /** Workers that are always kept. */
  workers: number;
  /** The most workers that are started when all others are blocked; at least `workers`. */
  maxWorkers: number;
  /** A worker is replaced after this many requests; 0 means never. */
  maxRequestsPerWorker: number;
  affinity: Affinity;
  randomDelay: RandomDelayConfig;
  overlap: OverlapConfig;
  /** The seed of every random decision; the same seed gives the same decisions. */
  seed: number;
  /** Host names, beside the loopback names and the bound address, that requests may name. */
  allowedHosts: string[];
  /** Arguments the app sees in `process.argv`. */
  args: string[];
  /** Arguments for the Node of the workers, such as `--conditions=dev`. */
  nodeArgs: string[];
  /** The Node executable for fork workers; undefined means the one that runs the server. */
  node: string | undefined;
  /** The Python of a Python app, as a path or a name on the path; undefined means "find it". */
  python: string | undefined;
  /** Processes of a Python app in thread mode, where `workers` does not count. */
  processes: number;
  /** The most requests at a time in each of them, each in a thread of its own. */
  threads: number;
  /** Settings of {@link OVERRIDABLE} that were given, and so win over what the app itself says. */
  given: string[];
  /** Variables added to the app's environment. */
  env: Record<string, string>;
  /** A `.env` file, absolute or relative to `cwd`; variables that are already set win. */
  envFile: string | undefined;
  /** How long a stop waits for requests in flight, in ms. */
  stopTimeoutMs: number;
  reload: ReloadConfig;
  /** What a file's absolute path is appended to, to make a link that opens it in the editor. */
  editorLink: string;
}

/** Settings for which a Django project may have defaults of its own (the 2009 server's settings). */
export const OVERRIDABLE = ['addr', 'port', 'mode', 'randomDelay'] as const;

/** Highest number of threads of a Python process; each has a socket of its own. */
export const MAX_THREADS = 256;
/** Highest number of workers; more of them is a typing mistake, not a wish. */
export const MAX_WORKERS = 64;
export const MAX_DELAY_MS = 60_000;
export const MAX_SEED = 0xffff_ffff;
/** Most requests collected for one overlap. */
export const MAX_OVERLAP = 1000;
export const MAX_STOP_TIMEOUT_MS = 60_000;
export const MAX_RELOAD_WAIT_MS = 600_000;

/** Workers for `auto`: one a core, between 2 and 4. */
export function autoWorkers(cores: number): number {
  return Math.min(4, Math.max(2, cores));
}

/** Room for workers above the base number, for when every one of them is blocked. */
export function defaultMaxWorkers(workers: number): number {
  return Math.min(MAX_WORKERS, workers * 2);
}

/** The defaults that do not depend on the machine. 0–333 ms is the range of the 2009 server. */
export const DEFAULTS = {
  addr: '127.0.0.1',
  port: 8000,
  takeOver: false,
  mode: 'thread',
  maxRequestsPerWorker: 0,
  affinity: 'none',
  randomDelay: { enabled: false, min: 0, max: 333, routes: [] },
  overlap: { size: 0, maxMs: 150, routes: [] },
  allowedHosts: [],
  args: [],
  nodeArgs: [],
  processes: 1,
  threads: 32,
  env: {},
  stopTimeoutMs: 2000,
  reload: { enabled: true, watch: [], browser: false, waitMs: 30_000, late: 'refuse' },
  editorLink: 'vscode://file',
} as const satisfies Partial<ServerConfig>;
