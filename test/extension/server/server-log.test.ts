import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logEntryOf } from '../../../src/extension/server/server-log.ts';
import { worker } from '../server-in-states.ts';

describe("the extension's log", () => {
  it('has the start, the further addresses and the end of a server', () => {
    const url = 'http://127.0.0.1:8000/';
    const ready = {
      type: 'ready',
      url,
      pid: 5,
      mode: 'fork',
      workers: 2,
      seed: 7,
      entry: '/app.js',
    } as const;
    assert.deepEqual(logEntryOf(ready), { level: 'info', text: `${url} (fork, 2 workers, seed 7, /app.js)` });
    assert.deepEqual(logEntryOf({ type: 'listener', url, index: 1 }), {
      level: 'info',
      text: `also at ${url}`,
    });
    assert.deepEqual(logEntryOf({ type: 'stopped', reason: 'asked' }), {
      level: 'info',
      text: 'stopped (asked)',
    });
  });

  it('has the states of workers, with the reason of an exit, for debugging', () => {
    const crashed = worker(3, { state: 'crashed', exit: 'exit code 7' });
    assert.deepEqual(logEntryOf(crashed), { level: 'debug', text: 'worker 3 crashed, exit code 7' });
    assert.deepEqual(logEntryOf(worker(1, {})), { level: 'debug', text: 'worker 1 idle' });
  });

  it('has errors with their stack, line by line, and without control characters', () => {
    const error = {
      code: 'WORKER_CRASHED',
      message: 'no\u001b[31m',
      details: { stack: 'Error\n at x' },
    } as const;
    assert.deepEqual(logEntryOf({ type: 'error', error }), {
      level: 'error',
      text: 'no\\x1b[31m\nError\n at x',
    });
    const bare = { code: 'WORKER_CRASHED', message: 'no' } as const;
    assert.deepEqual(logEntryOf({ type: 'error', error: bare }), { level: 'error', text: 'no' });
  });

  it("has what the server logs, at its level, and nothing of the app's output", () => {
    const entry = { type: 'log', level: 'warn', text: 'slow' } as const;
    assert.deepEqual(logEntryOf({ ...entry, source: 'server' }), { level: 'warn', text: 'slow' });
    assert.equal(logEntryOf({ ...entry, source: 'stdout' }), undefined);
  });
});
