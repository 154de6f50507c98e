/**
 * What the race finder and its hooks inside a worker say to each other, within a CONTROL frame. Requests are named by
 * their number, as in a HEAD frame. Workers of the ordinary dev server send and get none of these.
 */

/** A boundary that can hold a request; see src/races/types.ts for the kinds. */
export interface RaceSite {
  kind: string;
  fn: string;
  file: string;
  occurrence: number;
}

export type ToRaceHooks =
  /**
   * Sent before the request's head: the request is observed, and held at these sites, in this order. `gate`: the path of a
   * file that does not exist. Synchronous calls are boundaries as well then, and hold the worker until the file is there.
   */
  | { do: 'observe'; request: number; pauses: readonly RaceSite[]; gate?: string }
  /** Go on from where it is held. */
  | { do: 'go'; request: number }
  /** Answer with `settled` once the app has nothing left to do for it. */
  | { do: 'settle'; request: number }
  /** Answer with `waits`. */
  | { do: 'ask'; request: number };

export type FromRaceHooks =
  /** `held`: it waits there for `go`. `line` from 1, 0 if unknown. */
  | ({ is: 'boundary'; request: number; line: number; label: string; held: boolean } & RaceSite)
  /** `unknown`: boundaries of no known request since the last message of this kind. */
  | { is: 'settled'; request: number; unknown: number }
  /** The longest time until one of its timers fires, in ms; 0: it has none. */
  | { is: 'waits'; request: number; timerMs: number }
  /** The app opened something that other processes may share. */
  | { is: 'touched'; what: 'database' | 'file'; name: string };
