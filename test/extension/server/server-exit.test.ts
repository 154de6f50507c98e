import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exitText, neverReady } from '../../../src/extension/server/server-exit.ts';

describe('a server that exits before it is ready', () => {
  it('is an invalid setting if its Node could not be run', () => {
    const exit = { code: null, signal: null, error: new Error('spawn ENOENT'), tail: '' };
    const { code, message, details } = neverReady(exit, '/nowhere/node');
    assert.equal(code, 'BAD_CONFIG');
    assert.equal(message, '/nowhere/node could not be run: spawn ENOENT.');
    assert.deepEqual(details, { setting: 'concurrentServer.runtime' });
  });

  it('is explained by its exit and the last three lines of its stderr', () => {
    const exit = { code: 7, signal: null, tail: 'one\ntwo\nthree\nfour' };
    assert.equal(
      neverReady(exit, 'node').message,
      'The server exited before it was ready, with exit code 7. Its last output: two three four',
    );
  });
});

describe('an exit', () => {
  it('is a code or a signal', () => {
    assert.equal(exitText({ code: 0, signal: null }), 'exit code 0');
    assert.equal(exitText({ code: null, signal: 'SIGKILL' }), 'signal SIGKILL');
    assert.equal(exitText({ code: null, signal: null }), 'exit code unknown');
  });
});
