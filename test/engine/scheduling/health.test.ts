import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RouteStats } from '../../../src/engine/requests/route-stats.ts';
import {
  blockedForLong,
  LASTING_MS,
  patienceMs,
  SILENT_MS,
  staysApart,
} from '../../../src/engine/scheduling/health.ts';

function at(...stats: RouteStats[]): Parameters<typeof patienceMs>[0] {
  return { offers: new Map(stats.map((each, slot) => [slot, { exchange: { stats: each } }])) };
}

function routeOf(ms: number): RouteStats {
  const stats = new RouteStats();
  for (let count = 0; count < 100; count++) stats.measured(ms);
  return stats;
}

describe('a worker may be silent', () => {
  it('for a moment, whatever it does', () => {
    assert.equal(patienceMs(at()), SILENT_MS);
    assert.equal(patienceMs(at(new RouteStats())), SILENT_MS);
    assert.equal(patienceMs(at(routeOf(0.1))), SILENT_MS);
  });

  it('for longer while it runs a request that always computes for some ms', () => {
    assert.ok(patienceMs(at(routeOf(10), routeOf(0.1))) > 15);
  });

  it('for no longer at a request that always blocks, because others must not wait for it', () => {
    assert.equal(patienceMs(at(routeOf(500))), SILENT_MS);
  });

  it('without losing a request that must run apart, until it has been blocked for long', () => {
    const exchange = { started: false, finished: false, group: 1 };
    const offer = { state: 'open' as const, exchange };
    assert.ok(staysApart(offer, { blockedSince: undefined }, 1000));
    assert.ok(staysApart(offer, { blockedSince: 1000 }, 1000 + LASTING_MS));
    assert.ok(!staysApart(offer, { blockedSince: 1000 }, 1001 + LASTING_MS));
    const alone = { ...offer, exchange: { ...exchange, group: undefined } };
    assert.ok(!staysApart(alone, { blockedSince: undefined }, 1000));
    assert.ok(!blockedForLong({ blockedSince: undefined }, 1e9));
  });
});
