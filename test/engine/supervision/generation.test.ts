import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Generation, type Member } from '../../../src/engine/supervision/generation.ts';

interface Named extends Member {
  name: string;
}

function worker(name: string, generation: number, change: Partial<Member> = {}): Named {
  return { name, generation, accepting: true, gone: false, upstream: { draining: false }, ...change };
}

describe('while the code changes', () => {
  let generation: Generation;
  const old = worker('old', 1);
  const young = worker('young', 2);
  const serving = (...workers: Named[]): string[] => generation.serving(workers).map(({ name }) => name);

  beforeEach(() => {
    generation = new Generation();
    generation.begin();
    generation.proven = true;
  });

  it('a request goes to workers of the newest generation only, once there is one', () => {
    assert.deepEqual(serving(old), ['old']);
    generation.begin();
    assert.deepEqual(serving(old), []);
    assert.deepEqual(serving(old, young), ['young']);
  });

  it('none goes to a worker that does not accept yet, is to end, or is gone', () => {
    const starting = worker('starting', 1, { accepting: false });
    const draining = worker('draining', 1, { upstream: { draining: true } });
    assert.deepEqual(serving(starting, draining, worker('gone', 1, { gone: true }), old), ['old']);
    assert.deepEqual(
      generation.current([starting, draining, old]).map(({ name }) => name),
      ['starting', 'old'],
    );
  });

  it('none goes anywhere from the change until the next generation has begun and accepts', () => {
    generation.held = true;
    assert.deepEqual(serving(old), []);
    generation.begin();
    assert.deepEqual(serving(old), []);
    assert.deepEqual(serving(old, young), ['young']);
  });

  it('where old code is better than none it serves until the new one has, also while that is held', () => {
    generation.begin();
    generation.serveOld = true;
    assert.deepEqual(serving(old), ['old']);
    generation.held = true;
    assert.deepEqual(serving(old), ['old']);
    generation.held = false;
    generation.proven = true;
    assert.deepEqual(serving(old, young), ['young']);
  });

  it('what was true of one generation is not taken for true of the next', () => {
    generation.held = true;
    generation.serveOld = true;
    generation.begin();
    assert.deepEqual(
      [generation.number, generation.proven, generation.held, generation.serveOld],
      [2, false, false, false],
    );
  });
});
