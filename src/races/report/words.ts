/** Words of a report. Pure. */
import type { Color } from '../../common/terminal-style.ts';
import type { Coverage, ScenarioReport } from '../report-types.ts';
import type { Finding, FindingKind, Schedule, Severity } from '../types.ts';

export const KIND_NAMES: Readonly<Record<FindingKind, string>> = {
  'wrong-state': 'wrong state',
  'other-users-data': "another user's data",
  'double-effect': 'double effect',
  crash: 'crash',
  'error-only': 'an error that only comes under concurrency',
  'extra-work': 'work done more often than needed',
  busy: 'turned away because another was under way',
  'state-per-process': 'state of one process',
};

export const SEVERITY_COLORS: Readonly<Record<Severity, Color>> = {
  error: 'red',
  warning: 'yellow',
  note: 'cyan',
};

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Whether a finding makes the verdict "race". */
export function counts({ severity, accepted }: Finding): boolean {
  return severity !== 'note' && accepted === undefined;
}

/** `1 pause, one worker, warmed up`. */
export function scheduleWords({ pauses, topology, warm }: Schedule): string {
  return [
    pauses.length === 0 ? 'no pause' : plural(pauses.length, 'pause'),
    topology === 'one' ? 'one worker' : 'a worker for each request',
    warm ? 'warmed up' : 'cold',
  ].join(', ');
}

/** `34 boundaries, 3 of unknown requests, 2 orders impossible`. */
export function coverageWords({ boundaries, unknown, impossible }: Coverage): string {
  return [
    plural(boundaries, 'boundary', 'boundaries'),
    `${unknown} of unknown requests`,
    `${plural(impossible, 'order')} impossible`,
  ].join(', ');
}

/** `12 of 40 schedules, with one worker and with several`. */
export function exploredWords({ explored: { done, of }, coverage: { topologies } }: ScenarioReport): string {
  const both = topologies.includes('one') && topologies.includes('many');
  const where = both
    ? 'one worker and with several'
    : topologies.includes('many')
      ? 'several workers'
      : 'one worker';
  const number = done < of ? `${done} of ${plural(of, 'schedule')}` : plural(done, 'schedule');
  return topologies.length === 0 ? number : `${number}, with ${where}`;
}

/** What a verdict of "none" does not say. */
export function notCovered({
  explored: { done, of },
  coverage: { topologies, unknown },
}: ScenarioReport): string {
  return [
    ...(done < of ? [`${plural(of - done, 'schedule')} that there was no time for`] : []),
    ...(topologies.includes('one') ? [] : ['requests in one worker']),
    ...(topologies.includes('many') ? [] : ['several workers']),
    ...(unknown > 0 ? ['pauses at boundaries of unknown requests'] : []),
    'more pauses than were explored',
    'effects that no answer shows',
    'state that no reset restores',
  ].join('; ');
}
