/** From a schedule that broke something once to the smallest one that breaks it again and again. */
import type { Schedule, TrialResult } from '../types.ts';

/** It must break so often in a row before it is shown. */
const SHOWN_AFTER = 3;
/** It runs so often in all. */
const TIMES = 10;

export interface Repeating {
  trial(schedule: Schedule): Promise<TrialResult>;
  /** Whether the result is none that a serial order could give; runs more serial orders if it has to. */
  isViolation(result: TrialResult): Promise<boolean>;
}

export interface Confirmed {
  /** The last trial that broke something. */
  result: TrialResult;
  reproduced: number;
  times: number;
}

/** Runs the schedule until it has broken something three times in a row, or has not. */
export async function repeats(
  schedule: Schedule,
  { trial, isViolation }: Repeating,
): Promise<{ result: TrialResult | undefined; reproduced: number }> {
  let result: TrialResult | undefined;
  for (let reproduced = 0; reproduced < SHOWN_AFTER; reproduced += 1) {
    const next = await trial(schedule);
    if (!(await isViolation(next))) return { result: undefined, reproduced };
    result = next;
  }
  return { result, reproduced: SHOWN_AFTER };
}

/** The same violation with fewer requests, then with fewer pauses; tries each step once. */
export async function minimised(schedule: Schedule, size: number, parts: Repeating): Promise<Schedule> {
  let best = schedule;
  const breaks = async (candidate: Schedule): Promise<boolean> => {
    const result = await parts.trial(candidate);
    return parts.isViolation(result);
  };
  for (;;) {
    const members = best.members ?? Array.from({ length: size }, (_, index) => index);
    const smaller = members.length <= 2 ? [] : members.map((left) => without(best, members, left));
    const found = await first(smaller, breaks);
    if (found === undefined) break;
    best = found;
  }
  // One is enough for most races, also where no step towards it breaks anything.
  const alone = best.pauses.length > 1 ? best.pauses.map((pause) => ({ ...best, pauses: [pause] })) : [];
  best = (await first(alone, breaks)) ?? best;
  while (best.pauses.length > 2) {
    const fewer = best.pauses.map((left) => ({
      ...best,
      pauses: best.pauses.filter((pause) => pause !== left),
    }));
    const found = await first(fewer, breaks);
    if (found === undefined) break;
    best = found;
  }
  return best;
}

/** Runs it to the end of its repetitions, and gives the count after each. */
export async function* counting(confirmed: Confirmed, parts: Repeating): AsyncGenerator<Confirmed> {
  const { schedule } = confirmed.result;
  let { result, reproduced } = confirmed;
  for (let times = confirmed.times + 1; times <= TIMES; times += 1) {
    const next = await parts.trial(schedule);
    if (await parts.isViolation(next)) {
      reproduced += 1;
      result = next;
    }
    yield { result, reproduced, times };
  }
}

function without(schedule: Schedule, members: readonly number[], left: number): Schedule {
  const pauses = schedule.pauses.filter(({ request }) => request !== left);
  const free = schedule.free || pauses.length === 0;
  return { ...schedule, members: members.filter((member) => member !== left), free, pauses };
}

async function first<T>(
  candidates: readonly T[],
  holds: (candidate: T) => Promise<boolean>,
): Promise<T | undefined> {
  for (const candidate of candidates) if (await holds(candidate)) return candidate;
  return undefined;
}
