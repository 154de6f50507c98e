import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Generation, type Member } from '../../../src/engine/supervision/generation.ts';

interface Named extends Member {
  name: string;
}

function worker(name: string, generation: number, change: Partial<Member> = {}): Named {
  return { name, generation, accepting: true, stays: true, ...change };
}

describe('while the code changes', () => {
  let generation: Generation;
  const old = worker('old', 1);
  const young = worker('young', 2);
  const serving = (...workers: Named[]): string[] => generation.serving(workers).map(({ name }) => name);

  beforeEach(() => {
    generation = new Generation();
    generation.begin();
    generation.accepted();
  });

  it('a request goes to workers of the newest generation only, once there is one', () => {
    assert.deepEqual(serving(old), ['old']);
    generation.begin();
    assert.deepEqual(serving(old), []);
    assert.deepEqual(serving(old, young), ['young']);
  });

  it('none goes to a worker that does not accept, or was told to go', () => {
    const starting = worker('starting', 1, { accepting: false });
    const draining = worker('draining', 1, { stays: false });
    const killed = worker('killed', 1, { accepting: false });
    assert.deepEqual(serving(starting, draining, killed, old), ['old']);
    assert.deepEqual(
      generation.current([starting, draining, old]).map(({ name }) => name),
      ['starting', 'old'],
    );
  });

  it('none goes anywhere from the change until the next generation has begun and accepts', () => {
    generation.hold();
    assert.deepEqual(serving(old), []);
    generation.begin();
    assert.deepEqual(serving(old), []);
    assert.deepEqual(serving(old, young), ['young']);
  });

  it('where old code is better than none it serves until the new one has, also while that is held', () => {
    generation.begin();
    generation.letOldServe();
    assert.deepEqual(serving(old), ['old']);
    generation.hold();
    assert.deepEqual(serving(old), ['old']);
    generation.release();
    assert.equal(generation.accepted(), true);
    assert.deepEqual(serving(old, young), ['young']);
  });

  it('a generation that was seen to start while it was held gets requests once it is released', () => {
    generation.begin();
    generation.hold();
    assert.equal(generation.accepted(), true);
    assert.deepEqual([generation.phase, serving(old, young)], ['held', []]);
    generation.release();
    assert.deepEqual([generation.phase, serving(old, young)], ['proven', ['young']]);
    assert.equal(generation.accepted(), false, 'that happens once');
  });

  it('what was true of one generation is not taken for true of the next', () => {
    generation.letOldServe();
    generation.hold();
    generation.begin();
    assert.deepEqual([generation.number, generation.phase, generation.proven], [2, 'starting', false]);
    assert.deepEqual(serving(old), []);
  });
});
