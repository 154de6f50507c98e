import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defined, present } from '../../src/common/defined.ts';

describe('an object without undefined fields', () => {
  it('keeps all others, also null, 0 and the empty text', () => {
    const fields = { a: undefined, b: null, c: 0, d: '', e: false };
    assert.deepEqual(Object.entries(defined(fields)), Object.entries({ b: null, c: 0, d: '', e: false }));
  });

  it('fits types whose fields may be absent, but not undefined', () => {
    const seed = undefined as number | undefined;
    const change: { mode: string; seed?: number } = defined({ mode: 'fork', seed });
    assert.equal('seed' in change, false);
  });
});

describe('a list without undefined elements', () => {
  it('keeps all others, in order', () => {
    assert.deepEqual(present([undefined, 'a', undefined, '', 'b']), ['a', '', 'b']);
  });
});
