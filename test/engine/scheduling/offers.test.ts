import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Offers } from '../../../src/engine/scheduling/offers.ts';
import { CLAIM_SLOTS } from '../../../src/wire/claims.ts';
import { FakeClient } from './fake-worker.ts';

const exchange = () => new FakeClient('GET /').exchange;

describe('the offers of a worker', () => {
  it('have a slot each, until the worker settles them', () => {
    const offers = new Offers();
    const all = Array.from({ length: CLAIM_SLOTS }, () => offers.add(exchange(), false));
    assert.equal(new Set(all.map(({ slot }) => slot)).size, CLAIM_SLOTS);
    assert.deepEqual([offers.size, offers.hasRoom], [CLAIM_SLOTS, false]);
    const first = all[0]!;
    assert.equal(offers.settle(first.slot, true), first);
    assert.deepEqual([offers.size, offers.hasRoom], [CLAIM_SLOTS - 1, true]);
    assert.equal(offers.add(exchange(), false).slot, first.slot);
    assert.equal(offers.hasRoom, false);
  });

  it('are listed oldest first', () => {
    const offers = new Offers();
    const [first, second, third] = [1, 2, 3].map(() => offers.add(exchange(), false));
    offers.settle(first!.slot, true);
    assert.deepEqual([...offers.values()], [second, third]);
  });

  it('are settled once: a message about a free slot is ignored', () => {
    const offers = new Offers();
    const { slot } = offers.add(exchange(), true);
    assert.ok(offers.settle(slot, true));
    assert.equal(offers.settle(slot, true), undefined);
    const slots = [offers.add(exchange(), false), offers.add(exchange(), false)].map((offer) => offer.slot);
    assert.equal(new Set(slots).size, 2, 'it was not given back twice');
  });

  it('keep their slot during a revocation, so that no other request is taken for one', () => {
    const offers = new Offers();
    const offer = offers.add(exchange(), true);
    offer.revoke();
    offers.settle(offer.slot, true);
    assert.notEqual(offers.add(exchange(), false).slot, offer.slot);
    offers.revocationEnded(offer, false);
    assert.equal(offers.add(exchange(), false).slot, offer.slot);
  });

  it('keep their slot after a revocation until the worker has dropped them', () => {
    const offers = new Offers();
    const offer = offers.add(exchange(), true);
    offer.revoke();
    offers.revocationEnded(offer, true);
    assert.notEqual(offers.add(exchange(), false).slot, offer.slot);
    offers.settle(offer.slot, false);
    assert.equal(offers.add(exchange(), false).slot, offer.slot);
  });

  it('of a worker with a limit are at most that many at a time, even after it has started them', () => {
    const offers = new Offers();
    offers.limitTo(1);
    const { slot } = offers.add(exchange(), true);
    offers.settle(slot, true);
    assert.equal(offers.hasRoom, false);
    offers.freed();
    assert.equal(offers.hasRoom, true);
  });

  it('have an expected time, unless each has its own thread or process', () => {
    const offers = new Offers();
    assert.equal(offers.backlogMs(0), undefined, 'none, no time');
    offers.add(exchange(), true);
    assert.equal(offers.backlogMs(0), Number.POSITIVE_INFINITY, 'a route that is not known yet');
    offers.limitTo(2);
    assert.equal(offers.backlogMs(0), undefined);
  });
});
