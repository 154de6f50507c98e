import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Backoff, CRASH_BUDGET, START_BUDGET } from '../../src/common/backoff.ts';

describe('a crashed worker', () => {
  it('is replaced at once, then after growing pauses, until the budget is used up', () => {
    const backoff = new Backoff();
    const decisions = Array.from({ length: CRASH_BUDGET + 1 }, () => backoff.crashed(100));
    assert.deepEqual(decisions.slice(0, 4), [
      { retryInMs: 0 },
      { retryInMs: 250 },
      { retryInMs: 500 },
      { retryInMs: 1000 },
    ]);
    assert.deepEqual(decisions.at(-2), { retryInMs: 5000 });
    assert.equal(decisions.at(-1), 'give up');
  });

  it('after a long life is not part of a crash loop', () => {
    const backoff = new Backoff();
    backoff.crashed(100);
    backoff.crashed(100);
    assert.deepEqual(backoff.crashed(60_000), { retryInMs: 0 });
  });

  it('that never served is retried only a few times', () => {
    const backoff = new Backoff();
    const decisions = Array.from({ length: START_BUDGET }, () => backoff.failedToStart());
    assert.equal(decisions.at(-1), 'give up');
    assert.ok(decisions.slice(0, -1).every((decision) => decision !== 'give up'));
  });

  it('is retried after a restart', () => {
    const backoff = new Backoff();
    for (let at = 0; at <= CRASH_BUDGET; at++) backoff.crashed(1);
    backoff.reset();
    assert.deepEqual(backoff.crashed(1), { retryInMs: 0 });
  });
});
