import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Boundaries } from '../../../../../src/engine/workers/node/races/boundaries.ts';
import { observeTimers } from '../../../../../src/engine/workers/node/races/io-calls.ts';
import { ObservedRequest } from '../../../../../src/engine/workers/node/races/observed-request.ts';
import { Turns } from '../../../../../src/engine/workers/node/races/turns.ts';

const { setImmediate: unobserved } = globalThis;
const nextTurn = (): Promise<void> => new Promise((resolve) => unobserved(resolve));

describe('a timer of a library', () => {
  it('is a boundary where it fires, except a deadline', async () => {
    const turns = new Turns(() => undefined);
    turns.install();
    const passed: string[] = [];
    const request = new ObservedRequest(1, [], undefined, (_request, { kind, label }) => {
      passed.push(`${kind} ${label}`);
    });
    request.turn = turns.now;
    let current: ObservedRequest | undefined = request;
    const shorten = (file: string): string => file;
    const boundaries = new Boundaries({
      ...{ turns, shorten },
      current: () => current,
      runIn: (_request, run) => run(),
      unknown: () => {},
    });
    observeTimers({
      boundaries,
      current: () => current,
      isUserFile: () => false,
      shorten,
      afterSync: () => {},
    });
    const fired = new Promise<void>((resolve) => {
      setImmediate(() => setTimeout(() => resolve(), 1));
    });
    const deadline = setTimeout(() => {}, 30_000);
    clearTimeout(deadline);
    await fired;
    current = undefined;
    setImmediate(() => {});
    await nextTurn();
    assert.deepEqual(passed, ['io setImmediate', 'io setTimeout']);
  });
});
