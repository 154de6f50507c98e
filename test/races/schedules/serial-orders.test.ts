import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { serialOrders } from '../../../src/races/schedules/serial-orders.ts';

const never = (): number => 0;

describe('the serial orders of a group', () => {
  it('are all permutations of different requests', () => {
    const { orders, sampled } = serialOrders({ keys: [1, 2, 3], before: [] }, never);
    assert.equal(sampled, false);
    assert.equal(new Set(orders.map(String)).size, 6);
  });

  it('are one for copies of one request', () => {
    assert.deepEqual(serialOrders({ keys: [7, 7, 7], before: [] }, never).orders, [[0, 1, 2]]);
  });

  it('keep what has to come before', () => {
    const { orders } = serialOrders({ keys: [1, 2], before: [[1, 0]] }, never);
    assert.deepEqual(orders, [[1, 0]]);
  });

  it('are a sample beyond four different requests, and it says so', () => {
    const keys = [1, 2, 3, 4, 5, 6];
    let seed = 1;
    const random = (): number => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const { orders, sampled } = serialOrders({ keys, before: [] }, random);
    assert.equal(sampled, true);
    assert.ok(orders.length >= 20, String(orders.length));
    assert.deepEqual(orders[0], [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(orders[1], [5, 4, 3, 2, 1, 0]);
  });

  it('have each request once, never two orders that differ only in copies', () => {
    const group = fc.array(fc.nat(3), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(group, (keys) => {
        const { orders } = serialOrders({ keys, before: [] }, never);
        for (const order of orders) assert.deepEqual([...order].sort(), [...keys.keys()]);
        const names = orders.map((order) => order.map((member) => keys[member]).join());
        assert.equal(new Set(names).size, names.length);
      }),
    );
  });
});
