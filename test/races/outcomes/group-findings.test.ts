import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Candidate, groupFindings } from '../../../src/races/outcomes/group-findings.ts';
import type { FindingKind, Pause, Topology } from '../../../src/races/types.ts';
import { outcome } from './support.ts';

function pause(fn: string, occurrence = 1): Pause {
  return { request: 0, kind: 'await', fn, file: fn === '' ? '' : 'shop.js', occurrence };
}

interface Given {
  kind?: FindingKind;
  shape?: string;
  requests?: number;
  pauses?: Pause[];
  topology?: Topology;
  token?: string;
}

function candidate({
  kind = 'wrong-state',
  shape = 'a',
  requests = 2,
  pauses = [],
  topology = 'one',
  token = '',
}: Given): Candidate {
  const nothing = outcome([]);
  return {
    shape,
    requests,
    finding: {
      kind,
      severity: 'error',
      token,
      sentence: '',
      difference: [],
      schedule: { topology, warm: false, free: true, pauses },
      steps: [],
      observed: nothing,
      nearestSerial: nothing,
      replays: { reproduced: 3, times: 3 },
    },
  };
}

const tokens = (candidates: Given[]): Array<[string, number]> =>
  groupFindings(candidates.map(candidate)).map(({ finding, others }) => [finding.token, others]);

describe('findings with one cause', () => {
  it('are told once, by the smallest schedule', () => {
    assert.deepEqual(
      tokens([
        { token: 'three requests', requests: 3, pauses: [pause('pay')] },
        { token: 'two pauses', pauses: [pause('pay'), pause('log')] },
        { token: 'several workers', pauses: [pause('pay', 2)], topology: 'many' },
        { token: 'free' },
        { token: 'smallest', pauses: [pause('pay')] },
        { token: 'body', pauses: [pause('')] },
      ]),
      [['smallest', 5]],
    );
  });

  it('differ by kind, by shape, and by where requests are held', () => {
    assert.deepEqual(
      tokens([
        { token: 'extra', kind: 'extra-work', pauses: [pause('pay')] },
        { token: 'crash', kind: 'crash', pauses: [pause('pay')] },
        { token: 'pay', pauses: [pause('pay')] },
        { token: 'other shape', shape: 'b', pauses: [pause('pay')] },
        { token: 'elsewhere', pauses: [pause('book')] },
      ]),
      [
        ['pay', 0],
        ['other shape', 0],
        ['elsewhere', 0],
        ['crash', 0],
        ['extra', 0],
      ],
    );
  });

  it('are a free run alone, if nothing else shows it', () => {
    assert.deepEqual(tokens([{ token: 'free' }, { token: 'again' }]), [['free', 1]]);
  });

  it('are all counted, in whatever order they are found', () => {
    const given = fc.record({
      kind: fc.constantFrom<FindingKind>('crash', 'wrong-state'),
      shape: fc.constantFrom('a', 'b'),
      requests: fc.integer({ min: 2, max: 3 }),
      pauses: fc.array(
        fc.constantFrom('pay', 'book', '').map((fn) => pause(fn)),
        { maxLength: 2 },
      ),
    });
    fc.assert(
      fc.property(fc.array(given), (all) => {
        const causes = groupFindings(all.map(candidate));
        assert.equal(
          causes.reduce((sum, { others }) => sum + others + 1, 0),
          all.length,
        );
        const reversed = groupFindings(all.toReversed().map(candidate));
        const names = (found: typeof causes): string[] =>
          found.map(({ finding }) => `${finding.kind} ${finding.schedule.pauses.length}`).sort();
        assert.deepEqual(names(reversed), names(causes));
      }),
    );
  });
});
