/** What a run found, as it is kept in the cache: one JSON file a project. */
import type { ModeName } from './project.ts';

/** One way of running a project; times in ms, memory in bytes. */
export interface Way {
  /** First answers of the interleaved starts. */
  firstMs: number[];
  /** Memory of all its processes after the requests (proportional set size). */
  memory: number;
  stopMs: number;
  /** What was left after the stop: processes, and its port if it still listens. */
  left: string[];
}

/** Ours, compared with the bare command. */
export interface Compared extends Way {
  requests: number;
  /** What was different, one sentence a request. */
  different: string[];
  /** Until the new text was seen; undefined if it was not, or if there is no change. */
  changeMs?: number;
  changeFailed?: string;
  /** Whether a WebSocket said the same; undefined if there is none. */
  talk?: 'same' | string;
}

export interface Tested {
  passed: number;
  /** Titles of those that need the app in their own process. */
  skipped: string[];
  failed: { title: string; error: string }[];
  /** The tests that pass when the app runs in mocha's own process. */
  bare: number;
  left: string[];
}

export interface Result {
  name: string;
  /** Of the description; see `keyOfProject`. */
  key: string;
  /** Day of the run, `2026-01-31`. */
  date: string;
  /** Our commit. */
  build: string;
  /** Versions by package, and of Node or Python. */
  versions: Record<string, string>;
  /** The machine's load when it began. */
  load: number;
  /** Why it could not be installed, or why the bare command does not run. Then there is nothing else. */
  notDone?: string;
  bare?: Way;
  modes?: Partial<Record<ModeName, Compared>>;
  tests?: Partial<Record<ModeName, Tested>>;
  refusal?: { exitCode: number | null; message: string; isRight: boolean };
}
