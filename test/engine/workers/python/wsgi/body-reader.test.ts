/** Bodies of requests for a WSGI app, without their framing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BodyReader } from '../../../../../src/engine/workers/python/wsgi/body-reader.ts';

const LONG = 'x'.repeat(300);
const EVERY = String.fromCharCode(...Array(256).keys());

const CHUNKED: Array<[what: string, sent: string, body: string]> = [
  ['one chunk', '5\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['no chunk but the last', '0\r\n\r\n', ''],
  [
    'capitals, small letters and leading zeros',
    `0012C\r\n${LONG}\r\n00a\r\n0123456789\r\nA;x\r\n9876543210\r\n1A\r\n${LONG.slice(-26)}\r\n0\r\n\r\n`,
    `${LONG}01234567899876543210${LONG.slice(-26)}`,
  ],
  ['a last chunk of many zeros and an extension', '1\r\na\r\n0000;x=1\r\n\r\n', 'a'],
  ['an extension that looks like a size', '2;f="5"\r\nab\r\n0;a=5\r\n\r\n', 'ab'],
  [
    'data that looks like the end',
    '5\r\n0\r\n\r\n\r\n7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n',
    '0\r\n\r\n\r\n0\r\n\r\n',
  ],
  ['line ends in its data', '4\r\n\r\n0\r\r\n2\r\n\n\n\r\n0\r\n\r\n', '\r\n0\r\n\n'],
  ['trailers that look like chunks', '1\r\na\r\n0\r\n5: hello\r\nX: 0\r\n\r\n', 'a'],
  ['extensions and trailers', '5;n="v"\r\nhello\r\n0;last\r\nX-Sum: 1\r\nX-More: 0\r\n\r\n', 'hello'],
  ['bytes of every value', `100\r\n${EVERY}\r\n0\r\n\r\n`, EVERY],
];

/** Feeds these pieces one by one, even those after the end. */
function read(length: number, pieces: string[]): { body: string; parts: number; done: boolean } {
  const reader = new BodyReader(length);
  let body = '';
  let parts = 0;
  for (const piece of pieces) {
    reader.feed(Buffer.from(piece, 'latin1'), (part) => {
      assert.ok(part.length > 0, 'no part is empty: it would be a frame for nothing');
      body += part.toString('latin1');
      parts++;
    });
  }
  return { body, parts, done: reader.done };
}

const cut = (text: string, ...at: number[]) =>
  [0, ...at].map((from, n) => text.slice(from, at[n] ?? text.length));

/** The result is the same whole, byte by byte, cut at any byte, there and at the next one, and every eight bytes. */
function isTheSameHoweverItIsCut(length: number, sent: string, body: string): void {
  const same = (pieces: string[]): void => {
    const seen = read(length, pieces);
    assert.deepEqual([seen.body, seen.done], [body, true], JSON.stringify(pieces));
  };
  same([sent]);
  same([...sent]);
  for (let at = 0; at <= sent.length; at++) {
    same(cut(sent, at));
    same(cut(sent, at, Math.min(at + 1, sent.length)));
  }
  fc.assert(
    fc.property(fc.array(fc.nat(sent.length), { maxLength: 8 }), (cuts) => {
      same(cut(sent, ...cuts.sort((a, b) => a - b)));
    }),
  );
}

describe('a chunked body', () => {
  for (const [what, sent, body] of CHUNKED) {
    it(`with ${what} is the same however it is cut`, () => isTheSameHoweverItIsCut(-1, sent, body));

    it(`with ${what} ends with its last byte`, () => {
      const reader = new BodyReader(-1);
      for (const [at, byte] of Buffer.from(sent, 'latin1').entries()) {
        assert.equal(reader.done, false, `before byte ${at} of ${sent.length}`);
        reader.feed(Buffer.from([byte]), () => {});
      }
      assert.equal(reader.done, true);
    });
  }

  it('excludes the bytes after its end, in the same piece or another one', () => {
    const next = 'POST / HTTP/1.1\r\n\r\n5\r\nother\r\n0\r\n\r\nGET / HTTP/1.1\r\n';
    assert.deepEqual(read(-1, [`1\r\na\r\n0\r\n\r\n${next}`, next]), { body: 'a', parts: 1, done: true });
  });

  it('is passed on as it comes: no part waits for the rest of its chunk', () => {
    assert.deepEqual(read(-1, ['5\r\nhe', 'l']), { body: 'hel', parts: 2, done: false });
  });

  it('has not ended before its last line end', () => {
    for (const part of ['', '0', '0\r', '0\r\n', '0\r\n\r', '0\r\nX: 1\r\n', '0\r\nX: 1\r\n\r']) {
      assert.equal(read(-1, [part]).done, false, JSON.stringify(part));
    }
  });
});

describe('a body with a length', () => {
  it('is the same however it is cut, and ends with its last byte', () => {
    const sent = '0\r\n\r\n\xff\x00\n5\r\nhello';
    isTheSameHoweverItIsCut(sent.length, sent, sent);
    for (let at = 0; at <= sent.length; at++) {
      assert.equal(read(sent.length, [sent.slice(0, at)]).done, at === sent.length, `${at} bytes`);
    }
  });

  it('of 0 has ended before the first byte', () => {
    assert.equal(new BodyReader(0).done, true);
  });

  it('excludes the bytes after its end, in the same piece or another one', () => {
    assert.equal(read(5, ['helloGET / HTTP/1.1']).body, 'hello');
    assert.deepEqual(read(2, ['a', 'bGET', 'GET']), { body: 'ab', parts: 2, done: true });
    assert.deepEqual(read(0, ['GET']), { body: '', parts: 0, done: true });
  });

  it('may be longer than 4 GiB', () => {
    assert.equal(read(2 ** 32 + 2, ['ab']).done, false);
    assert.equal(read(2 ** 53 - 1, ['ab']).body, 'ab');
  });
});
