/**
 * What the rooms of the race finder share: requests, schedules, what a trial observed, and findings. A *trial* runs a
 * scenario's requests once, in fresh workers, under one schedule.
 */

/** Where code can be held; see docs/finding-races.md for the words. */
export type BoundaryKind =
  /** The request's body, after its head. The client holds it, so the app may be written in any language. */
  | 'body'
  /** The answer's head: everything that the app does for the request after it. */
  | 'headers'
  /** An `await` or a callback in the user's code that ran in a later turn of the event loop. */
  | 'await'
  | 'callback'
  /** The same, after a call of a database or a store. */
  | 'query'
  /** Completion of an operation of Node: a file, a timer, name resolution and the like. */
  | 'io'
  /** After a synchronous call that reads or writes what other processes share. Only with several workers. */
  | 'sync';

/** A boundary, in a form that survives edits elsewhere in the file. */
export interface Site {
  kind: BoundaryKind;
  /** Name of the function; empty at the top level or if it has none. */
  fn: string;
  /** Path relative to the app's folder, with `/`; empty for `body` and `headers`. */
  file: string;
  /** Which of the boundaries of this kind, function and file in this request, from 1. */
  occurrence: number;
}

/** Whether these are one boundary, in whatever trial and wherever its line is now. */
export function isSameSite(a: Site, b: Site): boolean {
  return a.kind === b.kind && a.fn === b.fn && a.file === b.file && a.occurrence === b.occurrence;
}

/** A boundary as one request passed it. */
export interface Boundary extends Site {
  /** From 1; 0 if unknown. */
  line: number;
  /** What runs there, for a person: source text, SQL, a key. */
  label: string;
  /** Milliseconds since the group was released. */
  atMs: number;
}

/** Holds a request of the group at a site. */
export interface Pause extends Site {
  /** Index of the request in the group, from 0. */
  request: number;
}

/** `one`: all requests in one worker. `many`: each request in a worker of its own. */
export type Topology = 'one' | 'many';

/** How a trial releases its requests. */
export interface Schedule {
  topology: Topology;
  /** The worker answered some requests before. */
  warm: boolean;
  /** The requests of the group that take part, by their index; all if undefined. */
  members?: readonly number[];
  /** Serial: the order of the group's requests, one after the other. */
  serial?: readonly number[];
  /** All requests start together, also those without a pause. Otherwise they start when the pauses were reached. */
  free: boolean;
  /** In the order in which they are reached. */
  pauses: readonly Pause[];
}

/** One answer, as it is compared. */
export interface Answer {
  /** Index of the request in its scenario. */
  request: number;
  /** 0 if there was none; see `failure`. */
  status: number;
  /** Raw names and values, in the order in which they came. */
  headers: ReadonlyArray<readonly [name: string, value: string]>;
  /** Decoded from its transfer and content coding, as UTF-8. */
  body: string;
  /** `died`: its worker exited before the answer. `timeout`: it did not come in time. `cut`: the connection ended early. */
  failure?: 'died' | 'timeout' | 'cut';
}

/** What a trial showed. */
export interface Outcome {
  /** One per request of the group, in the order of the group. */
  answers: readonly Answer[];
  probes: readonly Answer[];
  /** How a worker exited during the trial: `exit code 1`, `TypeError: …`. */
  death?: string;
}

/** What came of a trial. */
export interface TrialResult {
  schedule: Schedule;
  outcome: Outcome;
  /** The answers to resets and setup. */
  prepared: readonly Answer[];
  /** Per request of the group, the boundaries that it passed. */
  boundaries: readonly (readonly Boundary[])[];
  /** The pauses that were reached. The others were not met on the way. */
  reached: readonly Pause[];
  /** A request could not go on while another one was held: the schedule can't happen. */
  impossible: boolean;
  /** In which order the group ran, for the card: starts, pauses, continuations and answers. */
  steps: readonly Step[];
  /** Boundaries that belong to no known request. */
  unknown: number;
}

/** A step of a trial. */
export interface Step {
  request: number;
  what: 'start' | 'boundary' | 'held' | 'go' | 'answered';
  boundary?: Boundary;
}

/** Ordered from the worst. */
export const KINDS = [
  'wrong-state',
  'other-users-data',
  'double-effect',
  'crash',
  'error-only',
  'extra-work',
  'busy',
  'state-per-process',
] as const;
export type FindingKind = (typeof KINDS)[number];
export type Severity = 'error' | 'warning' | 'note';

/** A schedule whose outcome no serial order has. */
export interface Finding {
  kind: FindingKind;
  severity: Severity;
  token: string;
  /** One sentence. */
  sentence: string;
  /** The difference to the nearest serial outcome, a line each. */
  difference: readonly string[];
  schedule: Schedule;
  steps: readonly Step[];
  observed: Outcome;
  nearestSerial: Outcome;
  replays: { reproduced: number; times: number };
  /** The person accepts it, for this reason. */
  accepted?: string;
}
