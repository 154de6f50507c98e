import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { routeMatcher } from '../../../src/engine/requests/route-matcher.ts';
import { seededUnit } from '../../../src/engine/requests/seeded-random.ts';

describe('a seeded decision', () => {
  it('is the same for the same seed, name and number, and differs for others', () => {
    assert.equal(seededUnit(7, 'GET /', 3), seededUnit(7, 'GET /', 3));
    const values = new Set([
      seededUnit(7, 'GET /', 3),
      seededUnit(8, 'GET /', 3),
      seededUnit(7, 'GET /a', 3),
      seededUnit(7, 'GET /', 4),
    ]);
    assert.equal(values.size, 4);
  });

  it('is spread evenly over [0, 1)', () => {
    const buckets = new Array<number>(10).fill(0);
    for (let nth = 1; nth <= 10_000; nth++) {
      const value = seededUnit(1, 'GET /', nth);
      assert.ok(value >= 0 && value < 1);
      buckets[Math.floor(value * 10)]! += 1;
    }
    for (const count of buckets) assert.ok(count > 850 && count < 1150, buckets.join(' '));
  });
});

describe('a route glob', () => {
  for (const [glob, route, matches] of [
    ['/api/*', 'GET /api/cart', true],
    ['/api/*', 'GET /api/cart/1', false],
    ['/api/**', 'GET /api/cart/1', true],
    ['POST /cart', 'POST /cart', true],
    ['POST /cart', 'GET /cart', false],
    ['post /cart', 'POST /cart', true],
    ['/.well-known/*', 'GET /.well-known/x', true],
  ] as const) {
    it(`${glob} ${matches ? 'matches' : 'does not match'} ${route}`, () => {
      assert.equal(routeMatcher([glob])(route), matches);
    });
  }

  it('is not needed to match every route', () => assert.ok(routeMatcher([])('GET /')));
});
