import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OwnWrites } from '../../../src/engine/reload/own-writes.ts';

describe('a file that the app writes', () => {
  it("is the app's own for a second after each of its changes, and no longer", () => {
    const own = new OwnWrites();
    own.wrote('/a', 0);
    assert.ok(own.isOwn('/a', 900));
    assert.ok(own.isOwn('/a', 1800));
    assert.ok(!own.isOwn('/a', 2900));
    assert.ok(!own.isOwn('/b', 0));
  });

  it('is forgotten when that time is over, however many files there are', () => {
    const own = new OwnWrites();
    for (let at = 0; at < 5000; at++) own.wrote(`/${at}`, at * 10);
    assert.ok(own.isOwn('/4999', 50_000));
    assert.ok(own.size <= 1000, String(own.size));
  });
});
