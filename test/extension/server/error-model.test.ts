import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { locationOf, parseOpenPath, textOf } from '../../../src/extension/server/error-model.ts';
import type { ErrorCode, WireError } from '../../../src/protocol/errors.ts';
import { BROKEN } from '../server-in-states.ts';

describe('an error in the source', () => {
  const error = (code: ErrorCode, message: string, stack: string): WireError => ({
    code,
    message,
    details: { stack },
  });

  it('has the exception with its type, and the worker that it ended', () => {
    const node = '/shop/app.js:3\nx\n^\n\nTypeError: no database\n    at x (/shop/app.js:3:1)';
    const python = 'Traceback (most recent call last):\n  File "/shop/app.py", line 3\nValueError: too far\n';
    assert.equal(textOf(error('APP_FAILED_TO_START', 'no database', node)), 'TypeError: no database');
    assert.equal(
      textOf(error('WORKER_CRASHED', 'Worker 1 ended.', python)),
      'ValueError: too far\nWorker 1 ended.',
    );
    assert.equal(textOf(error('APP_FAILED_TO_START', 'It ended.', 'no stack')), 'It ended.');
  });

  it('has a location only if file and line are known', () => {
    assert.deepEqual(locationOf(BROKEN), { file: '/shop/app.js', line: 3, column: 7 });
    for (const details of [{}, { file: '/x' }, { line: 3 }, { file: 3, line: 3 }])
      assert.equal(locationOf({ ...BROKEN, details }), undefined);
  });

  it('has a link to the extension, on every system', () => {
    assert.deepEqual(parseOpenPath('/open/shop/a:b.js:3:7'), { file: '/shop/a:b.js', line: 3, column: 7 });
    assert.deepEqual(parseOpenPath('/open/C:/shop/app.js:3'), { file: '/C:/shop/app.js', line: 3 });
    assert.equal(parseOpenPath('/open/shop/app.js')?.line, 1);
    for (const other of ['/opener/x', '/open', '/open:3', '/']) assert.equal(parseOpenPath(other), undefined);
  });
});
