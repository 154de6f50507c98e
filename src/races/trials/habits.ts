/** What each request does when no other runs beside it. What it does more of beside a held one is waiting. */
import type { Boundary } from '../types.ts';

/** A request that passes a boundary so often more than alone tries again and again. */
const RETRIES = 2;
/** A machine is not always as fast, in ms. */
const SLACK_MS = 100;

interface Habit {
  /** How often it passed each boundary at most. */
  passes: Map<string, number>;
  /** How long it took at most. */
  tookMs: number;
}

export class Habits {
  #known = new Map<number, Habit>();

  /**
   * @param request index in the scenario
   * @param passed its boundaries in a serial order
   */
  learn(request: number, passed: readonly Boundary[], tookMs: number): void {
    const habit = this.#known.get(request) ?? { passes: new Map<string, number>(), tookMs: 0 };
    this.#known.set(request, habit);
    habit.tookMs = Math.max(habit.tookMs, tookMs);
    const counts = new Map<string, number>();
    for (const boundary of passed) {
      const place = placeOf(boundary);
      const count = (counts.get(place) ?? 0) + 1;
      counts.set(place, count);
      habit.passes.set(place, Math.max(habit.passes.get(place) ?? 0, count));
    }
  }

  /** @param passes how often it passed each boundary, by {@link placeOf} */
  isRetrying(request: number, passes: ReadonlyMap<string, number>): boolean {
    const usual = this.#known.get(request)?.passes;
    return [...passes].some(([place, count]) => count > (usual?.get(place) ?? 0) + RETRIES);
  }

  /** A timer that takes longer than the whole request does alone is the patience of a lock, and no work. */
  isWork(request: number, timerMs: number): boolean {
    const habit = this.#known.get(request);
    return timerMs > 0 && (habit === undefined || timerMs <= habit.tookMs + SLACK_MS);
  }
}

export function placeOf({ kind, fn, file, line }: Boundary): string {
  return `${kind}:${fn}:${file}:${line}`;
}
