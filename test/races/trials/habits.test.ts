import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Habits, placeOf } from '../../../src/races/trials/habits.ts';
import type { Boundary } from '../../../src/races/types.ts';

const SITE: Boundary = {
  kind: 'await',
  fn: 'redeem',
  file: 'app.js',
  line: 4,
  occurrence: 1,
  label: 'sleep(2)',
  atMs: 0,
};
const passes = (count: number): Map<string, number> => new Map([[placeOf(SITE), count]]);

describe('Habits', () => {
  it('takes a loop for a loop, and a few more rounds than alone for retries', () => {
    const habits = new Habits();
    habits.learn(0, Array(12).fill(SITE), 30);
    habits.learn(0, [SITE], 30);
    assert.deepEqual(
      [12, 14, 15].map((count) => habits.isRetrying(0, passes(count))),
      [false, false, true],
    );
    assert.equal(habits.isRetrying(1, passes(3)), true);
  });

  it('takes a timer for work only if the request alone is as slow', () => {
    const habits = new Habits();
    habits.learn(0, [], 30);
    habits.learn(1, [], 1200);
    assert.deepEqual(
      [habits.isWork(0, 1000), habits.isWork(1, 1000), habits.isWork(0, 0)],
      [false, true, false],
    );
  });
});
