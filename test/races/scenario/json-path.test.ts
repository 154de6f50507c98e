import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PathError, parsePath, pathMatches, select } from '../../../src/races/scenario/json-path.ts';

const SHOP = { cart: { id: 7, items: [{ id: 1, 'a b': 'x' }, { id: 2 }] }, id: 0 };

describe('a path', () => {
  const selected: Array<[path: string, values: unknown[]]> = [
    ['$', [SHOP]],
    ['$.cart.id', [7]],
    ["$['cart']['items'][0]['a b']", ['x']],
    ['$["cart"].items[1].id', [2]],
    ['$.cart.items[*].id', [1, 2]],
    ['$.cart.items.*.id', [1, 2]],
    ['$..id', [0, 7, 1, 2]],
    ['$..items..id', [1, 2]],
    ['$..[1]', [{ id: 2 }]],
    ['$.cart.items.length', []],
    ['$.toString', []],
    ['$.cart.id.x', []],
  ];
  for (const [path, values] of selected) {
    it(`selects: ${path}`, () => assert.deepEqual(select(parsePath(path), SHOP), values));
  }

  for (const path of [
    '',
    'a',
    '$.',
    '$a',
    '$.a[',
    '$[-1]',
    '$[?(@.a)]',
    "$['a]",
    '$...a',
    '$.a b',
    '$[1:2]',
  ]) {
    it(`is refused: ${path}`, () => assert.throws(() => parsePath(path), PathError));
  }

  it('matches exactly the values that it selects', () => {
    const key = fc.constantFrom('a', 'b', '0', 'a b');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.nat(9),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 3 }),
      ),
    }));
    const step = fc.constantFrom('.a', '..a', "['a b']", '[0]', '[*]', '.*', '..*', '..[0]');
    const property = fc.property(value, fc.array(step, { maxLength: 4 }), (json, steps) => {
      const path = parsePath(`$${steps.join('')}`);
      // Each place has an object of its own, so that places are told apart.
      const places = new Set<unknown>();
      const boxed = box(json, [], places, (keys) => pathMatches(path, keys));
      const found = new Set(select(path, boxed));
      assert.deepEqual(found, places);
    });
    fc.assert(property);
  });

  it('does not take long for many steps that match anywhere', () => {
    const keys = Array.from({ length: 60 }, () => 'a');
    assert.equal(pathMatches(parsePath(`$${'..a'.repeat(30)}.b`), keys), false);
  });
});

/** A copy whose values are all objects; those whose keys fit are added to `fitting`. */
function box(
  json: unknown,
  keys: readonly (string | number)[],
  fitting: Set<unknown>,
  fits: (keys: readonly (string | number)[]) => boolean,
): unknown {
  let copy: unknown = {};
  if (Array.isArray(json)) copy = json.map((value, index) => box(value, [...keys, index], fitting, fits));
  else if (typeof json === 'object' && json !== null) {
    copy = Object.fromEntries(
      Object.entries(json).map(([key, value]) => [key, box(value, [...keys, key], fitting, fits)]),
    );
  }
  if (fits(keys)) fitting.add(copy);
  return copy;
}
