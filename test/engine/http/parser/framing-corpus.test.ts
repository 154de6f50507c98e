/** Known attacks on framing, each with a name: the front treats it as listed, and node never reads it differently. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAgreement } from './agreement.ts';
import { corpus } from './framing-corpus.ts';
import { outcome, readWithFront } from './front-parser.ts';

describe('framing corpus', () => {
  it('names each case only once', () => {
    assert.equal(new Set(corpus.map(({ name }) => name)).size, corpus.length);
  });

  for (const { name, wire, front } of corpus) {
    it('takes' in front ? `takes ${name}` : `refuses ${name} with ${front.status}`, () => {
      const bytes = Buffer.from(wire, 'latin1');
      const seen = assertAgreement(bytes);
      if ('takes' in front) {
        assert.equal(seen.refused, undefined);
        assert.equal(seen.messages.filter(({ complete }) => complete).length, front.takes);
        assert.notEqual(seen.at, 'body');
      } else {
        assert.equal(seen.status, front.status, seen.refused ?? 'not refused');
        assert.match(
          seen.refused!,
          /^[A-Z].*[^.]$/,
          'a sentence for a person, its full stop left to the page',
        );
        assert.ok(!seen.messages.some(({ complete, target }) => complete && target === '/smuggled'));
      }
    });
  }

  it('has the same result if the bytes come one by one', () => {
    for (const { name, wire } of corpus) {
      const bytes = Buffer.from(wire, 'latin1');
      const step = bytes.length > 4096 ? 97 : 1;
      const parts: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += step) parts.push(bytes.subarray(at, at + step));
      assert.deepEqual(outcome(readWithFront(parts)), outcome(readWithFront([bytes])), name);
    }
  });
});
