import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ClientAffinity } from '../../../src/engine/scheduling/affinity.ts';

it('a client keeps the worker that served it last', () => {
  const affinities = new ClientAffinity();
  assert.equal(affinities.of('ann'), undefined);
  affinities.remember('ann', 1);
  affinities.remember('ben', 2);
  affinities.remember('ann', 3);
  assert.deepEqual([affinities.of('ann'), affinities.of('ben')], [3, 2]);
});

it('the clients that were away longest are forgotten, so that memory is limited', () => {
  const affinities = new ClientAffinity();
  for (let at = 0; at < 10_000; at++) affinities.remember(`${at}`, 1);
  affinities.remember('0', 2);
  affinities.remember('new', 1);
  assert.deepEqual([affinities.of('0'), affinities.of('1'), affinities.of('2')], [2, undefined, 1]);
});
