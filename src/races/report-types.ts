/** What the race finder tells its caller while it runs, and at the end of a scenario. */
import type { Finding, Topology } from './types.ts';

/** The settings of one run over one scenario. Times in ms. */
export interface RaceOptions {
  /** Start included. */
  budgetMs: number;
  /** For one request. */
  timeoutMs: number;
  /** The most schedules; undefined: all within the budget. */
  schedules: number | undefined;
  topology: Topology | 'both';
  seed: number;
  shard: { index: number; of: number };
  /** Stop at the first finding. */
  first: boolean;
  /** Commands that restore state before each trial. */
  resets: readonly string[];
  /** Files and folders that are copied back before each trial, as absolute paths. */
  states: readonly string[];
  /** Go on without asking, whatever the app is seen to write. */
  yes: boolean;
  /** Run only this schedule. */
  replay: string | undefined;
  /** The replay stops in the debugger at the held boundary. */
  inspect: boolean;
}

/** Something outside the worker that the app used and that no reset covers. */
export interface Touched {
  what: 'database' | 'file';
  /** `postgres at 127.0.0.1:5432`, a path relative to the app's folder. */
  name: string;
}

export type Phase = 'starting' | 'serial' | 'exploring' | 'confirming' | 'minimising';

export type RaceEvent =
  | { type: 'progress'; phase: Phase; done: number; of: number; findings: number; leftMs: number }
  | { type: 'finding'; finding: Finding }
  /** A line for a person: what was taken from where, what was left out. */
  | { type: 'note'; text: string }
  /** The address of the debugger, once a replay waits for it. */
  | { type: 'inspect'; url: string };

export type Verdict = 'race' | 'none' | 'undecided';

export interface Coverage {
  /** Different boundaries seen, over all requests of the group. */
  boundaries: number;
  /** Boundaries of no known request. */
  unknown: number;
  /** Schedules that could not happen, because a held request kept the others from answering. */
  impossible: number;
  topologies: readonly Topology[];
  /** Trials run, serial orders and repetitions included. */
  trials: number;
}

export interface ScenarioReport {
  /** As the person named it. */
  file: string;
  verdict: Verdict;
  explored: { done: number; of: number };
  /** The worst first. Accepted ones as well; they do not make the verdict. */
  findings: readonly Finding[];
  coverage: Coverage;
  /** What is not compared because it differed between runs of one serial order: JSON path, header, or text span. */
  masked: readonly string[];
  /** Why the verdict is undecided, a line each; the last one says which line or option helps. */
  undecided: readonly string[];
  /** What else a person should know. */
  notes: readonly string[];
  seed: number;
  /** For the whole scenario. */
  durationMs: number;
  /** Titles of the group's requests, such as `POST /apply`, in the order of the group. */
  group: readonly string[];
}

/** Asks whether to go on although these are not covered; resolves to false without anyone to ask. */
export type Consent = (touched: readonly Touched[]) => Promise<boolean>;
