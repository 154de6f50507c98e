import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readToken, tokenOf } from '../../../src/races/schedules/token.ts';
import type { BoundaryKind, Pause, Schedule } from '../../../src/races/types.ts';

const KINDS: BoundaryKind[] = ['body', 'headers', 'await', 'callback', 'query', 'io', 'sync'];

const pause: fc.Arbitrary<Pause> = fc.record(
  {
    request: fc.nat(20),
    kind: fc.constantFrom(...KINDS),
    fn: fc.string({ unit: 'grapheme' }),
    file: fc.string({ unit: 'grapheme' }),
    occurrence: fc.integer({ min: 1, max: 999 }),
  },
  { noNullPrototype: true },
);

const schedule: fc.Arbitrary<Schedule> = fc
  .record({
    topology: fc.constantFrom('one' as const, 'many' as const),
    warm: fc.boolean(),
    free: fc.boolean(),
    members: fc.option(fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 4 }), { nil: undefined }),
    pauses: fc.array(pause, { minLength: 1, maxLength: 3 }),
  })
  .map(({ members, ...rest }) => ({ ...rest, ...(members && { members }) }));

describe('a token', () => {
  it('reads as a person would write it', () => {
    const redeem: Pause = { request: 0, kind: 'query', fn: 'redeem', file: 'redeem.js', occurrence: 1 };
    const written = tokenOf({ topology: 'one', warm: true, free: false, pauses: [redeem] });
    assert.equal(written, '1:one:warm:r0@query:redeem:redeem.js:1');
  });

  it('gives back its schedule, whatever the names are', () => {
    fc.assert(fc.property(schedule, (one) => assert.deepEqual(readToken(tokenOf(one)), one)));
  });

  it('gives back a serial order', () => {
    const order: Schedule = { topology: 'many', warm: false, serial: [1, 0], free: false, pauses: [] };
    assert.equal(tokenOf(order), '1:many:cold:serial-1.0');
    assert.deepEqual(readToken('1:many:cold:serial-1.0'), order);
  });

  it('is one word without characters of a shell', () => {
    fc.assert(fc.property(schedule, (one) => assert.match(tokenOf(one), /^[\w.,:@%/-]+$/)));
  });

  for (const [token, why] of [
    ['2:one:warm:r0@query:redeem:redeem.js:1', /version "2"/],
    ['1:two:warm:r0@query:redeem:redeem.js:1', /"two"/],
    ['1:one:hot:r0@query:redeem:redeem.js:1', /"hot"/],
    ['1:one:warm:', /can't be read/],
    ['1:one:warm:r0@sleep:redeem:redeem.js:1', /"r0@sleep:redeem:redeem.js:1"/],
    ['1:one:warm:r0@query:redeem.js:1', /can't be read/],
    ['', /version ""/],
  ] as const) {
    it(`says what is wrong with "${token}"`, () => assert.throws(() => readToken(token), why));
  }
});
