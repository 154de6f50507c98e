/** The life of a server as one tagged state, with one function for all transitions. Pure. */
import type { WireError } from '../../protocol/errors.ts';

export type Life =
  | { phase: 'stopped' }
  /** The process runs, and no worker accepts yet. */
  | { phase: 'starting'; reloading: boolean }
  /** A worker accepts. */
  | { phase: 'running'; reloading: boolean }
  /** The server is up, and the app does not start. */
  | { phase: 'broken'; reloading: boolean; problem: WireError }
  /** The server process died; the next starts at `restartAt`, in ms since the epoch. */
  | { phase: 'restarting'; problem: WireError; restartAt: number }
  | { phase: 'stopping'; problem: WireError | undefined }
  /** It could not be started, or died too often. */
  | { phase: 'failed'; problem: WireError };

export type Phase = Life['phase'];

export const STOPPED: Life = { phase: 'stopped' };

/** What happens to a server. The last three are events of its process, which may arrive late. */
export type Step =
  | { type: 'start' }
  | { type: 'die'; problem: WireError; restartAt: number }
  | { type: 'fail'; problem: WireError }
  /** Its stop begins. */
  | { type: 'stop' }
  /** No process of it is left, and none is wanted. */
  | { type: 'stopped' }
  | { type: 'accept' }
  | { type: 'break'; problem: WireError }
  | { type: 'reload'; reloading: boolean };

/** The next life. Throws if the step is impossible; an event that arrives too late changes nothing. */
export function afterStep(life: Life, step: Step): Life {
  switch (step.type) {
    case 'start':
      if (life.phase === 'stopped' || life.phase === 'failed' || life.phase === 'restarting')
        return { phase: 'starting', reloading: false };
      throw impossible(life, step);
    case 'die':
      if (isUp(life)) return { phase: 'restarting', problem: step.problem, restartAt: step.restartAt };
      throw impossible(life, step);
    case 'fail':
      if (isUp(life) || life.phase === 'restarting') return { phase: 'failed', problem: step.problem };
      throw impossible(life, step);
    case 'stop':
      if (isUp(life) || life.phase === 'stopping') return { phase: 'stopping', problem: problemOf(life) };
      throw impossible(life, step);
    case 'stopped':
      return STOPPED;
    case 'accept':
      return isUp(life) ? { phase: 'running', reloading: life.reloading } : life;
    case 'break':
      return isUp(life) ? { phase: 'broken', reloading: life.reloading, problem: step.problem } : life;
    case 'reload':
      return isUp(life) ? { ...life, reloading: step.reloading } : life;
  }
}

type Up = Extract<Life, { reloading: boolean }>;

/** Whether the server process runs and is wanted. */
export function isUp(life: Life): life is Up {
  return life.phase === 'starting' || life.phase === 'running' || life.phase === 'broken';
}

export function problemOf(life: Life): WireError | undefined {
  return 'problem' in life ? life.problem : undefined;
}

function impossible({ phase }: Life, { type }: Step): Error {
  return new Error(`A server that is ${phase} cannot ${type}.`);
}
