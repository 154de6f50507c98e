/** What a real project is, as data: where it comes from, how it is run, and what is asked of it. */

/** One step of getting a project. Each runs in the project's own folder in the cache. */
export type Step =
  /** Files by name, written in our words after the documentation's example. */
  | { files: Record<string, string> }
  /** Packages to install from npm, with their versions. */
  | { npm: readonly string[] }
  /** Packages to install from Debian, for `/usr/bin/python3`. */
  | { debian: readonly string[] }
  /** A public repository, `owner/name`, whose named folders are copied to here. */
  | { github: string; folders: readonly string[] }
  /** A shell command, such as a generator. */
  | { run: string };

export interface AskedRequest {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A conversation over one WebSocket: each step sends a text, or waits for a message that has this text in it. */
export interface Talk {
  path: string;
  steps: readonly ({ send: string } | { wait: string })[];
}

/** A change as a developer makes it: in `file`, `from` becomes `to`; then `path` must answer with `to`. */
export interface Change {
  file: string;
  from: string;
  to: string;
  path: string;
  headers?: Record<string, string>;
  /** What must be seen, if it is not `to`. */
  sees?: string;
  /** A shell command that has to follow the edit, such as a build. The server is not touched. */
  build?: string;
}

export type ModeName = 'thread' | 'fork';

interface Described {
  /** Its name on the command line and in the cache. */
  name: string;
  /** Its name in the page. */
  title: string;
  /** Heading of the page that it is listed under. */
  group: string;
  get: readonly Step[];
  /** Folder below the project's own in which both commands run. */
  folder?: string;
  /** Packages of npm or Python whose versions the page names. */
  versions: readonly string[];
  /** Which Node runs it, if the machine's own is too old. */
  node?: 'pinned';
  env?: Record<string, string>;
}

/** A server, compared with its own command. */
export interface ServedProject extends Described {
  kind: 'served';
  /** Its own command, for a shell. `$PORT` is a free port. */
  bare: string;
  /** The port of `bare`, if it takes none from outside. */
  barePort?: number;
  /** Arguments of our command, beside port and mode; usually none. */
  ours?: readonly string[];
  modes?: readonly ModeName[];
  requests: readonly AskedRequest[];
  change?: Change;
  talk?: Talk;
  /** Files that a run changes, such as a database; each run starts with a copy of their first content. */
  state?: readonly string[];
  /** Parts of texts that differ between any two answers, such as tokens; patterns. */
  masks?: readonly string[];
  /** Why something is left out, for the page. */
  note?: string;
  /** Time for one start, in s; 30 unless given. */
  startS?: number;
}

/** Acceptance tests of a framework's own examples: mocha runs them unchanged, and their requests go to our port. */
export interface TestedProject extends Described {
  kind: 'tested';
  /** The examples: their folder, and the test file, both below the project's folder. */
  examples: readonly { folder: string; test: string }[];
  /** Titles of tests that look at the app's object in their own process, which no server can give them. */
  needApp?: readonly string[];
  note?: string;
}

/** What we do not run: our command must say so in one sentence. */
export interface RefusedProject extends Described {
  kind: 'refused';
  /** What the message must name. */
  says: string;
}

export type Project = ServedProject | TestedProject | RefusedProject;
