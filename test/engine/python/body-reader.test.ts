import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BodyReader } from '../../../src/engine/workers/python/body-reader.ts';

/** Feeds a body in pieces; the next piece comes only while the body has not ended. */
function read(length: number, pieces: readonly string[]): { text: string; done: boolean; unused: number } {
  const reader = new BodyReader(length);
  let text = '';
  let unused = 0;
  for (const piece of pieces) {
    if (reader.done) unused++;
    else {
      reader.feed(Buffer.from(piece, 'latin1'), (part) => {
        text += part.toString('latin1');
      });
    }
  }
  return { text, done: reader.done, unused };
}

function cut(whole: string, cuts: readonly number[]): string[] {
  const at = [0, ...[...cuts].sort((a, b) => a - b), whole.length];
  return at.slice(1).map((end, index) => whole.slice(at[index], end));
}

const BODIES: Array<[what: string, length: number, sent: string, body: string]> = [
  ['a length', 5, 'hello', 'hello'],
  ['one chunk', -1, '5\r\nhello\r\n0\r\n\r\n', 'hello'],
  [
    'chunks of more than one digit',
    -1,
    `1A\r\n${'a'.repeat(26)}\r\n10\r\n${'b'.repeat(16)}\r\n0\r\n\r\n`,
    `${'a'.repeat(26)}${'b'.repeat(16)}`,
  ],
  ['extensions and trailers', -1, '5;n="v"\r\nhello\r\n0;last\r\nX-Sum: 1\r\nX-More: 0\r\n\r\n', 'hello'],
  ['chunks with line ends in them', -1, '4\r\n\r\n0\r\r\n2\r\n\n\n\r\n0\r\n\r\n', '\r\n0\r\n\n'],
  ['no chunk but the last', -1, '0\r\n\r\n', ''],
];

describe('a body', () => {
  for (const [what, length, sent, body] of BODIES) {
    it(`with ${what} is the same however it is cut, and ends with its last byte`, () => {
      fc.assert(
        fc.property(fc.array(fc.nat(sent.length), { maxLength: 8 }), (cuts) => {
          const { text, done } = read(length, cut(sent, cuts));
          assert.deepEqual([text, done], [body, true]);
        }),
      );
      assert.deepEqual(read(length, [...sent]), { text: body, done: true, unused: 0 });
      assert.equal(read(length, [sent.slice(0, -1)]).done, false);
    });
  }

  it('of length 0 has ended before anything came', () => {
    assert.equal(new BodyReader(0).done, true);
  });

  it('does not take what comes after its length for a part of it', () => {
    assert.equal(read(5, ['helloGET / HTTP/1.1']).text, 'hello');
  });
});
