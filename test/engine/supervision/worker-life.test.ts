import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  BORN,
  hasServed,
  isStaying,
  type Life,
  type LifeEvent,
  nextLife,
} from '../../../src/engine/supervision/worker-life.ts';

const EXIT = { code: 1, signal: null, text: 'exit code 1' };
const EVENTS: Record<string, LifeEvent> = {
  accepts: { type: 'accepts' },
  drain: { type: 'drain' },
  end: { type: 'end' },
  kill: { type: 'kill' },
  break: { type: 'kill', broken: 'sent no frame' },
  exit: { type: 'exit', exit: EXIT },
};

/** The life after these events; undefined if one of them was impossible. */
function after(...events: string[]): Life | undefined {
  return events.reduce<Life | undefined>((life, name) => life && nextLife(life, EVENTS[name]!), BORN);
}

describe('the life of a worker', () => {
  it('moves forward and never back', () => {
    const phases = ['starting', 'serving', 'draining', 'ending', 'exited'];
    const events = fc.array(fc.constantFrom(...Object.keys(EVENTS)), { maxLength: 12 });
    const property = fc.property(events, (names) => {
      let life = BORN;
      for (const name of names) {
        const next = nextLife(life, EVENTS[name]!);
        if (next === undefined) continue;
        assert.ok(
          phases.indexOf(next.phase) >= phases.indexOf(life.phase),
          `${life.phase}, then ${next.phase}`,
        );
        assert.ok(hasServed(next) || !hasServed(life), 'a life never forgets that it has served');
        assert.ok(isStaying(life) || !isStaying(next), 'a worker that was asked to leave stays so');
        life = next;
      }
    });
    fc.assert(property);
  });

  it('has no event after its exit, and none that its state does not allow', () => {
    for (const name of Object.keys(EVENTS)) assert.equal(after('exit', name), undefined, name);
    assert.equal(after('accepts', 'accepts'), undefined);
    assert.equal(after('drain', 'accepts'), undefined);
    assert.equal(after('drain', 'drain'), undefined);
    assert.equal(after('end', 'drain'), undefined);
  });

  it('ends in a crash unless it was asked to end, even if it was killed before', () => {
    const wanted = (...events: string[]): unknown => {
      const life = after(...events, 'exit');
      return life?.phase === 'exited' && life.wanted;
    };
    assert.deepEqual(
      [wanted(), wanted('accepts'), wanted('drain'), wanted('kill')],
      [false, false, false, false],
    );
    assert.deepEqual([wanted('end'), wanted('drain', 'end'), wanted('end', 'kill')], [true, true, true]);
    assert.equal(wanted('kill', 'end'), true);
  });

  it('counts as one of the wanted workers until it is asked to leave, or has exited', () => {
    const stays = (...events: string[]): boolean => isStaying(after(...events)!);
    assert.deepEqual([stays(), stays('accepts'), stays('accepts', 'kill')], [true, true, true]);
    assert.deepEqual(
      [stays('drain'), stays('end'), stays('kill', 'end'), stays('exit')],
      [false, false, false, false],
    );
  });

  it("ends with the worker's protocol error, if there was one", () => {
    const text = (...events: string[]): unknown => {
      const life = after(...events, 'exit');
      return life?.phase === 'exited' && life.exit.text;
    };
    assert.equal(text('accepts'), 'exit code 1');
    assert.equal(text('break'), 'sent no frame');
    assert.equal(text('break', 'kill', 'end'), 'sent no frame');
  });
});
