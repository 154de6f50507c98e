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

  it('a request goes only to workers of the newest generation, once there is one', () => {
    assert.deepEqual(serving(old), ['old']);
    generation.begin();
    assert.deepEqual(serving(old), []);
    assert.deepEqual(serving(old, young), ['young']);
  });

  it('no request goes to a worker that does not accept, or was asked to exit', () => {
    const starting = worker('starting', 1, { accepting: false });
    const draining = worker('draining', 1, { stays: false });
    const killed = worker('killed', 1, { accepting: false });
    assert.deepEqual(serving(starting, draining, killed, old), ['old']);
    assert.deepEqual(
      generation.current([starting, draining, old]).map(({ name }) => name),
      ['starting', 'old'],
    );
  });

  it('no request goes to any worker from the change until the next generation accepts', () => {
    generation.hold();
    assert.deepEqual(serving(old), []);
    generation.begin();
    assert.deepEqual(serving(old), []);
    assert.deepEqual(serving(old, young), ['young']);
  });

  it('if old code is better than none, it serves until the new code does, even while that is held', () => {
    generation.begin();
    generation.letOldServe();
    assert.deepEqual(serving(old), ['old']);
    generation.hold();
    assert.deepEqual(serving(old), ['old']);
    generation.release();
    assert.equal(generation.accepted(), true);
    assert.deepEqual(serving(old, young), ['young']);
  });

  it('a generation that accepted while it was held gets requests once it is released', () => {
    generation.begin();
    generation.hold();
    assert.equal(generation.accepted(), true);
    assert.deepEqual([generation.phase, serving(old, young)], ['held', []]);
    generation.release();
    assert.deepEqual([generation.phase, serving(old, young)], ['proven', ['young']]);
    assert.equal(generation.accepted(), false, 'that happens once');
  });

  it('the state of one generation does not carry over to the next', () => {
    generation.letOldServe();
    generation.hold();
    generation.begin();
    assert.deepEqual([generation.number, generation.phase, generation.proven], [2, 'starting', false]);
    assert.deepEqual(serving(old), []);
  });
});
