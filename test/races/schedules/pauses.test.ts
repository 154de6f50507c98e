import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freeForms, severalPauses, singlePauses } from '../../../src/races/schedules/pauses.ts';
import { tokenOf } from '../../../src/races/schedules/token.ts';
import type { Boundary, BoundaryKind } from '../../../src/races/types.ts';

const PLACE = { topology: 'one', warm: true } as const;

function boundary(kind: BoundaryKind, fn: string, occurrence = 1): Boundary {
  return { kind, fn, file: kind === 'headers' ? '' : 'app.js', occurrence, line: 3, label: fn, atMs: 0 };
}

const READ = boundary('query', 'read');
const WAIT = boundary('await', 'handler');
const HEADERS = boundary('headers', '');

describe('single pauses', () => {
  it('hold each request at each of its boundaries, queries first', () => {
    const schedules = singlePauses(PLACE, [[WAIT, READ], [WAIT]], [0, 1]);
    assert.deepEqual(schedules.map(tokenOf), [
      '1:one:warm:r0@query:read:app.js:1',
      '1:one:warm:r0@await:handler:app.js:1',
      '1:one:warm:r1@await:handler:app.js:1',
    ]);
  });

  it('hold one of several copies', () => {
    const schedules = singlePauses(PLACE, [[READ], [READ], [READ]], [5, 5, 5]);
    assert.deepEqual(
      schedules.map(({ pauses }) => pauses[0]!.request),
      [0],
    );
  });

  it('name a boundary once that several serial orders have passed', () => {
    assert.equal(singlePauses(PLACE, [[READ, WAIT, READ]], [0]).length, 2);
  });

  it('do not hold after the head of the answer if nothing follows it', () => {
    assert.equal(singlePauses(PLACE, [[READ, HEADERS]], [0]).length, 1);
    assert.equal(singlePauses(PLACE, [[READ, HEADERS, WAIT]], [0]).length, 3);
  });

  it('have a free form, in which all start together', () => {
    const [free] = freeForms(singlePauses(PLACE, [[READ]], [0]));
    assert.equal(tokenOf(free!), '1:one:warm:free,r0@query:read:app.js:1');
  });
});

describe('several pauses', () => {
  function seeded(): () => number {
    let seed = 42;
    return () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
  }
  const passed = [
    [READ, WAIT, boundary('await', 'handler', 2)],
    [READ, WAIT],
  ];

  it('are the same for the same seed, each once', () => {
    const tokens = (): string[] => [...severalPauses(PLACE, passed, seeded())].map(tokenOf);
    const first = tokens();
    assert.deepEqual(first, tokens());
    assert.equal(new Set(first).size, first.length);
    assert.ok(first.length > 5, String(first.length));
  });

  it('are in the order in which a request reaches them', () => {
    for (const { pauses } of severalPauses(PLACE, passed, seeded())) {
      const own = pauses.filter(({ request }) => request === 0);
      const places = own.map((pause) =>
        passed[0]!.findIndex(({ fn, occurrence }) => pause.fn === fn && pause.occurrence === occurrence),
      );
      assert.deepEqual(
        places,
        [...places].sort((a, b) => a - b),
      );
      assert.ok(pauses.length >= 2);
    }
  });

  it('end where there is nothing to hold', () => {
    assert.deepEqual([...severalPauses(PLACE, [[], []], seeded())], []);
  });
});
