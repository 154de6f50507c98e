import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Backlog, LATE_MS } from '../../../src/engine/scheduling/backlog.ts';

const UNKNOWN = Number.POSITIVE_INFINITY;

describe("a worker's backlog", () => {
  it('is the sum of the offers that are not settled', () => {
    const backlog = new Backlog();
    backlog.offered(0.25, true);
    backlog.offered(0.5, false);
    assert.equal(backlog.expected(0), 0.75);
    backlog.settled(0.25, false);
    assert.equal(backlog.expected(0), 0.5);
  });

  it('is unknown while one is of unknown length, or has started and continues', () => {
    const backlog = new Backlog();
    backlog.offered(UNKNOWN, true);
    backlog.offered(0.5, false);
    backlog.settled(UNKNOWN, false);
    assert.equal(backlog.expected(0), UNKNOWN);
    backlog.offered(0.5, true);
    assert.equal(backlog.expected(0), 0.5, 'alone: the worker has nothing else');
    backlog.settled(0.5, true);
    backlog.offered(0.5, false);
    assert.equal(backlog.expected(0), UNKNOWN);
  });

  it('is unknown once the worker is late', () => {
    const backlog = new Backlog();
    backlog.offered(0.25, true);
    assert.equal(backlog.expected(LATE_MS), 0.25);
    assert.equal(backlog.expected(LATE_MS + 0.1), undefined);
  });
});
