import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServerError } from '../../../src/protocol/errors.ts';
import type { Command } from '../../../src/protocol/messages.ts';
import { commandId, parseCommand } from '../../../src/protocol/validate/command.ts';

describe('a command', () => {
  const accepted: Command[] = [
    { type: 'stop' },
    { type: 'stop', id: 0, now: true },
    { type: 'restart', id: 1 },
    { type: 'status', id: Number.MAX_SAFE_INTEGER },
    { type: 'restartWorker', worker: 3 },
    { type: 'killWorker', worker: 1, id: 2 },
    { type: 'set' },
    { type: 'set', id: 5, seed: 0, workers: 2, maxWorkers: 4, mode: 'fork' },
    { type: 'set', randomDelay: { enabled: false } },
    { type: 'set', randomDelay: { enabled: true, min: 1, max: 1, routes: ['/a'] } },
    { type: 'set', overlap: { size: 0 } },
    { type: 'set', overlap: { size: 26, maxMs: 0, routes: [] } },
  ];
  for (const command of accepted) {
    it(`is accepted: ${JSON.stringify(command)}`, () => {
      assert.deepEqual(parseCommand(command), command);
    });
  }

  it('may carry the version of the protocol', () => {
    assert.deepEqual(parseCommand({ v: 1, type: 'restart' }), { type: 'restart' });
  });

  const refused: Array<[input: unknown, message: RegExp]> = [
    ['stop', /^the command: an object, but got "stop"/],
    [null, /an object, but got null/],
    [[{ type: 'stop' }], /an object/],
    [{}, /^type: one of stop, restart, set, .*, but got nothing/],
    [{ type: 'halt' }, /^type: one of .*, but got "halt"/],
    [{ type: 'constructor' }, /^type/],
    [{ v: 2, type: 'stop' }, /^v: 1, the version of this server/],
    [{ type: 'stop', id: 'a' }, /^id: a whole number/],
    [{ type: 'stop', now: 1 }, /^now: true or false, but got 1/],
    [{ type: 'stop', mow: true }, /^mow: no such field/],
    [{ type: 'restart', worker: 1 }, /^worker: no such field/],
    [{ type: 'killWorker' }, /^worker: the number of a worker, but got nothing/],
    [{ type: 'killWorker', worker: 0 }, /^worker: a whole number from 1/],
    [{ type: 'set', randomDelay: { min: 2, max: 1 } }, /^randomDelay\.min: at most max, which is 1/],
    [{ type: 'set', randomDelay: { minimum: 2 } }, /^randomDelay\.minimum: no such field/],
    [{ type: 'set', overlap: { size: 1 } }, /^overlap\.size/],
    [{ type: 'set', overlap: null }, /^overlap: an object, but got null/],
    [{ type: 'set', workers: 'auto' }, /^workers: a whole number from 1 to 64/],
    [{ type: 'set', workers: 4, maxWorkers: 2 }, /^maxWorkers: at least the number of workers/],
    [{ type: 'set', mode: 'cluster' }, /^mode: one of thread, fork/],
    [{ type: 'set', port: 3 }, /^port: no such field/],
  ];
  for (const [input, message] of refused) {
    it(`is refused with the name of the error, for ${JSON.stringify(input)}`, () => {
      assert.throws(
        () => parseCommand(input),
        (error) => {
          assert.ok(error instanceof ServerError);
          assert.equal(error.code, 'BAD_COMMAND');
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it('that is refused is not repeated in full', () => {
    assert.throws(
      () => parseCommand({ type: 'x'.repeat(100_000) }),
      (error) => error instanceof Error && error.message.length < 500,
    );
  });
});

describe('the id of a command', () => {
  it('is found in an invalid command', () => {
    assert.equal(commandId({ id: 4, type: 'nonsense' }), 4);
  });

  it('is undefined if it is not a number, or if there is no object', () => {
    for (const input of [undefined, null, 4, 'x', {}, { id: '4' }, { id: 1.5 }, [4]]) {
      assert.equal(commandId(input), undefined);
    }
  });
});
