/**
 * The messages of `concurrent-server races --json`, one per line. docs/protocol.md explains them. Each has `v` as well,
 * the version of the protocol, and all but some errors have the `scenario` that they are about: the file, as it was named.
 */
import type { WireError } from './errors.ts';

export type RaceMessage =
  | ({ type: 'progress'; scenario: string } & RaceProgress)
  /** Confirmed just now. The same finding is in `races`, where it may be smaller and have more replays. */
  | { type: 'finding'; scenario: string; finding: RaceFinding }
  /** For a person. */
  | { type: 'note'; scenario: string; text: string }
  /** The trials would write to something that nothing restores, so there were none. */
  | { type: 'touched'; scenario: string; touched: readonly TouchedState[]; hint: string }
  /** A replay waits for a debugger at this address. */
  | { type: 'inspect'; scenario: string; url: string }
  /** `--write-test` has changed the scenario. */
  | { type: 'written'; scenario: string; tokens: readonly string[] }
  | { type: 'error'; scenario?: string; error: WireError }
  /** The last message about a scenario. */
  | ({ type: 'races'; scenario: string } & RacesReport);

interface RaceProgress {
  phase: 'starting' | 'serial' | 'exploring' | 'confirming' | 'minimising';
  /** Schedules. */
  done: number;
  /** Schedules that are known by now; 0 before any is. */
  of: number;
  /** Findings so far. */
  findings: number;
  /** What is left of the budget, in ms. */
  leftMs: number;
}

interface TouchedState {
  what: 'database' | 'file';
  /** `postgres at 127.0.0.1:5432`, or a path relative to the app's folder. */
  name: string;
}

interface RacesReport {
  verdict: 'race' | 'none' | 'undecided';
  /** Schedules. */
  explored: { done: number; of: number };
  /** The worst first. */
  findings: readonly RaceFinding[];
  coverage: RaceCoverage;
  /** What is not compared: JSON path, header, or text span. */
  masked: readonly string[];
  /** Why the verdict is undecided, a line each; the last one says what helps. */
  undecided: readonly string[];
  notes: readonly string[];
  seed: number;
  durationMs: number;
  /** Titles of the group's requests, in its order. */
  group: readonly string[];
}

interface RaceCoverage {
  boundaries: number;
  /** Boundaries of no known request. */
  unknown: number;
  /** Schedules that can't happen. */
  impossible: number;
  topologies: readonly ('one' | 'many')[];
  /** All trials, serial orders and repetitions included. */
  trials: number;
}

interface RaceFinding {
  /** `--replay` takes it. */
  token: string;
  severity: 'error' | 'warning' | 'note';
  kind:
    | 'wrong-state'
    | 'other-users-data'
    | 'double-effect'
    | 'crash'
    | 'error-only'
    | 'extra-work'
    | 'busy'
    | 'state-per-process';
  sentence: string;
  /** The difference to the nearest serial outcome, a line each. */
  difference: readonly string[];
  schedule: RaceSchedule;
  /** What happened, in order. */
  steps: readonly RaceStep[];
  observed: RaceOutcome;
  nearestSerial: RaceOutcome;
  replays: { reproduced: number; times: number };
  /** The reason of the scenario's `# @accept`. Such a finding does not make the verdict. */
  accepted?: string;
}

interface RaceSchedule {
  topology: 'one' | 'many';
  warm: boolean;
  /** The requests of the group that take part, by their index; absent if all do. */
  members?: readonly number[];
  /** All requests start together; otherwise those without a pause start when the others are held. */
  free: boolean;
  pauses: readonly RacePause[];
}

/** A place where code can be held. */
interface RaceSite {
  kind: 'body' | 'headers' | 'await' | 'callback' | 'query' | 'io' | 'sync';
  /** Name of the function; empty without one. */
  fn: string;
  /** Relative to the app's folder; empty outside of its code. */
  file: string;
  /** Counts the sites of this kind, function and file in a request, from 1. */
  occurrence: number;
}

interface RacePause extends RaceSite {
  /** Index of the request in the group, from 0. */
  request: number;
}

interface RaceStep {
  /** Index of the request in the group, from 0. */
  request: number;
  what: 'start' | 'boundary' | 'held' | 'go' | 'answered';
  boundary?: RaceBoundary;
}

interface RaceBoundary extends RaceSite {
  /** From 1; 0 if unknown. */
  line: number;
  /** What runs there: source text, SQL, a key. */
  label: string;
  /** Since the requests were released, in ms. */
  atMs: number;
}

interface RaceOutcome {
  /** One per request of the group that takes part, in that order. */
  answers: readonly RaceAnswer[];
  probes: readonly RaceAnswer[];
  /** How a worker exited. */
  death?: string;
}

interface RaceAnswer {
  /** Index of the request in the scenario, from 0. */
  request: number;
  /** 0 without an answer. */
  status: number;
  headers: ReadonlyArray<readonly [name: string, value: string]>;
  body: string;
  failure?: 'died' | 'timeout' | 'cut';
}
