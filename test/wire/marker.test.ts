import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MARKER_VARIABLE, markedFor, markerFile, ownersOf } from '../../src/wire/marker.ts';

const SERVER = '2f1d6f3e-8a53-4d5e-9b1c-0d2f1c9a7b11';

describe('a mark', () => {
  const env = markedFor({ A: '1', [MARKER_VARIABLE]: SERVER }, 3);
  const environ = (variables: Record<string, string>) =>
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\0`)
      .join('');

  it('is read from an environment, at any position', () => {
    assert.deepEqual(ownersOf(SERVER, environ(env), ''), ['3']);
    assert.deepEqual(ownersOf(SERVER, environ({ [MARKER_VARIABLE]: env[MARKER_VARIABLE]! }), ''), ['3']);
  });

  it('is read from a descriptor, of a file or of memory', () => {
    const name = markerFile(env[MARKER_VARIABLE]!);
    assert.deepEqual(ownersOf(SERVER, '', `/tmp/${name} (deleted)`), ['3']);
    assert.deepEqual(ownersOf(SERVER, '', `/memfd:${name} (deleted)`), ['3']);
  });

  it('changes its owner, not its server', () => {
    assert.deepEqual(ownersOf(SERVER, environ(markedFor(env, 'z1')), ''), ['z1']);
  });

  it('belongs to no other server, and no similar variable or value is taken for it', () => {
    assert.deepEqual(ownersOf(SERVER.replace('2f', '3f'), environ(env), ''), []);
    assert.deepEqual(ownersOf(SERVER, environ({ [`NOT_${MARKER_VARIABLE}`]: `${SERVER}.3` }), ''), []);
    assert.deepEqual(ownersOf(SERVER, environ({ OTHER: `${MARKER_VARIABLE}=${SERVER}.3` }), ''), []);
    assert.deepEqual(ownersOf(SERVER, environ({ [MARKER_VARIABLE]: SERVER }), ''), []);
  });

  it('is not added to an environment without one', () => {
    assert.deepEqual(markedFor({ A: '1' }, 3), { A: '1' });
  });
});
