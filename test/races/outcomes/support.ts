/** Makes outcomes and scenes in few words. */

import type { Scene, Sent } from '../../../src/races/outcomes/scene.ts';
import type { SerialRun } from '../../../src/races/outcomes/serial-run.ts';
import type { Mask } from '../../../src/races/scenario/types.ts';
import type { Answer, Outcome } from '../../../src/races/types.ts';

export const NOW_MS = Date.parse('2026-03-04T10:20:30.000Z');

export function json(
  status: number,
  value: unknown,
  headers: ReadonlyArray<readonly [string, string]> = [],
): Answer {
  return {
    request: 0,
    status,
    headers: [['Content-Type', 'application/json; charset=utf-8'], ...headers],
    body: JSON.stringify(value),
  };
}

export function html(body: string, status = 200): Answer {
  return { request: 0, status, headers: [['content-type', 'text/html']], body };
}

export function sent(title: string, more: Partial<Sent> = {}): Sent {
  return { title, client: '', masks: [], busy: [], sentText: '', ...more };
}

/** Copies of one request, and one probe. */
export function copiesScene(title: string, count: number, probe: string, masks: readonly Mask[] = []): Scene {
  return {
    group: Array.from({ length: count }, () => sent(title, { masks })),
    groupKeys: Array.from({ length: count }, () => 0),
    probes: [sent(probe, { masks })],
    nowMs: NOW_MS,
  };
}

export function outcome(answers: readonly Answer[], probes: readonly Answer[] = []): Outcome {
  return { answers, probes };
}

/** Runs of one order, in one worker, cold. */
export function runsOf(outcomes: readonly Outcome[], order?: readonly number[]): SerialRun[] {
  return outcomes.map((one) => ({
    topology: 'one',
    warm: false,
    order: order ?? [...one.answers.keys()],
    outcome: one,
  }));
}
