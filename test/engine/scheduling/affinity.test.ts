import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Favourites } from '../../../src/engine/scheduling/affinity.ts';

it('a client has the worker that served it last', () => {
  const favourites = new Favourites();
  assert.equal(favourites.of('ann'), undefined);
  favourites.remember('ann', 1);
  favourites.remember('ben', 2);
  favourites.remember('ann', 3);
  assert.deepEqual([favourites.of('ann'), favourites.of('ben')], [3, 2]);
});

it('of very many clients those that were away longest are forgotten, so that memory stays bounded', () => {
  const favourites = new Favourites();
  for (let at = 0; at < 10_000; at++) favourites.remember(`${at}`, 1);
  favourites.remember('0', 2);
  favourites.remember('new', 1);
  assert.deepEqual([favourites.of('0'), favourites.of('1'), favourites.of('2')], [2, undefined, 1]);
});
