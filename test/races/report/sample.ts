/** A report as a finder gives it, for the tests of its text. */
import type { ScenarioReport } from '../../../src/races/report-types.ts';
import type { Answer, Boundary, Finding, Step } from '../../../src/races/types.ts';

export const TOKEN = '1:one:warm:r0@query:redeem:redeem.js:1';

function boundary(label: string, line: number, occurrence = 1, more: Partial<Boundary> = {}): Boundary {
  return { kind: 'query', fn: 'redeem', file: 'redeem.js', occurrence, line, label, atMs: line, ...more };
}

const READ = boundary('SELECT used FROM coupons WHERE code = ?', 12);
const WRITE = boundary('UPDATE coupons SET used = used + 1', 18, 2);

/** r0 is held after its read until r1 has answered. */
const STEPS: Step[] = [
  { request: 0, what: 'start' },
  { request: 0, what: 'boundary', boundary: READ },
  { request: 0, what: 'held', boundary: READ },
  { request: 1, what: 'start' },
  { request: 1, what: 'boundary', boundary: READ },
  { request: 1, what: 'boundary', boundary: WRITE },
  { request: 1, what: 'answered' },
  { request: 0, what: 'go', boundary: READ },
  { request: 0, what: 'boundary', boundary: WRITE },
  { request: 0, what: 'answered' },
];

export function answer(request: number, status: number, body: string): Answer {
  return { request, status, headers: [], body };
}

export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    kind: 'wrong-state',
    severity: 'error',
    token: TOKEN,
    sentence:
      'Two POST /apply both answered 200 and the balance is 2; in both serial orders one gets 401 and it is 1.',
    difference: [
      'POST /apply (r1): 401 in the nearest serial order, 200 here',
      'GET /balance: $.balance is 1, 2 here',
    ],
    schedule: {
      topology: 'one',
      warm: true,
      free: false,
      pauses: [{ request: 0, kind: 'query', fn: 'redeem', file: 'redeem.js', occurrence: 1 }],
    },
    steps: STEPS,
    observed: {
      answers: [answer(0, 200, '{"applied":true}'), answer(0, 200, '{"applied":true}')],
      probes: [answer(1, 200, '{"balance":2}')],
    },
    nearestSerial: {
      answers: [answer(0, 200, '{"applied":true}'), answer(0, 401, '{"applied":false}')],
      probes: [answer(1, 200, '{"balance":1}')],
    },
    replays: { reproduced: 10, times: 10 },
    ...changes,
  };
}

export function raceReport(changes: Partial<ScenarioReport> = {}): ScenarioReport {
  return {
    file: 'coupon.http',
    verdict: 'race',
    explored: { done: 12, of: 40 },
    findings: [finding()],
    coverage: { boundaries: 34, unknown: 3, impossible: 2, topologies: ['one', 'many'], trials: 31 },
    masked: ['$.id', 'header Date'],
    undecided: [],
    notes: [],
    seed: 42,
    durationMs: 8412,
    group: ['POST /apply', 'POST /apply'],
    ...changes,
  };
}
