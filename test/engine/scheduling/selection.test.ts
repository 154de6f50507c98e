import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Candidate, chooseWorker, WAKE_UP_MS } from '../../../src/engine/scheduling/selection.ts';

function worker(id: number, changes: Partial<Candidate> = {}): Candidate {
  return { id, inFlight: 0, lastHeardAt: 0, blockedSince: undefined, backlogMs: undefined, ...changes };
}

describe('a request goes', () => {
  it('to the idle worker with the lowest number', () => {
    assert.equal(chooseWorker([worker(3), worker(1, { inFlight: 1 }), worker(2)])?.id, 2);
  });

  it('to the least busy one if none is idle', () => {
    assert.equal(chooseWorker([worker(1, { inFlight: 3 }), worker(2, { inFlight: 2 })])?.id, 2);
  });

  it('to the one that responded last, among equally busy ones', () => {
    const candidates = [
      worker(1, { inFlight: 1, lastHeardAt: 5 }),
      worker(2, { inFlight: 1, lastHeardAt: 9 }),
    ];
    assert.equal(chooseWorker(candidates)?.id, 2);
  });

  it('never to a blocked one, even if it looks idle', () => {
    assert.equal(chooseWorker([worker(1, { blockedSince: 7 }), worker(2, { inFlight: 9 })])?.id, 2);
    assert.equal(chooseWorker([worker(1, { blockedSince: 7 })]), undefined);
  });

  it('only to one that may take it', () => {
    assert.equal(chooseWorker([worker(1), worker(2)], ({ id }) => id === 2)?.id, 2);
    assert.equal(
      chooseWorker([worker(1)], () => false),
      undefined,
    );
  });

  it('to a worker that is woken or briefly busy, if it is known to be short and would start there at once', () => {
    const candidates = [worker(1), worker(2, { inFlight: 1, backlogMs: WAKE_UP_MS / 4 })];
    assert.equal(chooseWorker(candidates, undefined, WAKE_UP_MS / 4)?.id, 2);
    assert.equal(chooseWorker(candidates, undefined, WAKE_UP_MS)?.id, 1, 'too long to wait for');
    assert.equal(chooseWorker(candidates)?.id, 1, 'not known to be short');
  });
});
