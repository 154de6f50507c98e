/** The life of a worker: its states, and the transitions between them. A life only moves forward. Pure. */
import type { WorkerExit } from '../workers/worker-runner.ts';

export type Life =
  /** The app has not listened yet. */
  | { phase: 'starting' }
  /** The app has listened: it may get requests. */
  | { phase: 'serving' }
  /** It gets no more requests, and finishes its open ones. */
  | { phase: 'draining'; served: boolean }
  /**
   * It must exit. `wanted`: its exit is not a crash. `retired`: it was asked to leave before, so it already has a
   * successor. `broken`: its protocol error, which replaces the text of its exit.
   */
  | { phase: 'ending'; served: boolean; wanted: boolean; retired: boolean; broken: string | undefined }
  | { phase: 'exited'; served: boolean; wanted: boolean; exit: WorkerExit };

export type LifeEvent =
  /** The app listens for the first time. */
  | { type: 'accepts' }
  | { type: 'drain' }
  /** It was asked to exit, or is no longer needed. */
  | { type: 'end' }
  /** It is killed, and replaced as if it had crashed. */
  | { type: 'kill'; broken?: string | undefined }
  | { type: 'exit'; exit: WorkerExit };

export const BORN: Life = { phase: 'starting' };

/** The app has listened at least once. */
export function hasServed(life: Life): boolean {
  return life.phase === 'starting' ? false : life.phase === 'serving' || life.served;
}

/** It was not asked to leave. */
export function isActive(life: Life): boolean {
  return life.phase === 'starting' || life.phase === 'serving';
}

/** It counts as one of the wanted workers: it was not asked to leave and has not exited. */
export function isStaying(life: Life): boolean {
  if (life.phase === 'ending') return !life.retired;
  return isActive(life);
}

/** @returns undefined if the event is impossible in this state */
export function nextLife(life: Life, event: LifeEvent): Life | undefined {
  if (life.phase === 'exited') return undefined;
  const served = hasServed(life);
  const ending = life.phase === 'ending' ? life : undefined;
  switch (event.type) {
    case 'accepts':
      return life.phase === 'starting' ? { phase: 'serving' } : undefined;
    case 'drain':
      return isActive(life) ? { phase: 'draining', served } : undefined;
    case 'end':
      return { phase: 'ending', served, wanted: true, retired: true, broken: ending?.broken };
    case 'kill':
      return {
        phase: 'ending',
        served,
        wanted: ending?.wanted ?? false,
        retired: ending?.retired ?? life.phase === 'draining',
        broken: event.broken ?? ending?.broken,
      };
    case 'exit': {
      const { exit } = event;
      const text = ending?.broken ?? exit.text;
      return { phase: 'exited', served, wanted: ending?.wanted ?? false, exit: { ...exit, text } };
    }
  }
}
