/** Bytes of a worker become text with its stream and request, however the bytes are cut. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createSecret } from '../../../src/engine/workers/output-reader.ts';
import { OutputText } from '../../../src/engine/workers/output-text.ts';
import { MAX_MARKED_BYTES, marked } from '../../../src/wire/output-marks.ts';

type Fd = 1 | 2;
type Piece = [stream: string, request: number | undefined, text: string];

const secret = createSecret();

function read(chunks: Iterable<Uint8Array>): Piece[] {
  const pieces: Piece[] = [];
  const text = new OutputText(secret, 'stdout', (stream, words, request) => {
    const last = pieces.at(-1);
    if (last !== undefined && last[0] === stream && last[1] === request) last[2] += words;
    else pieces.push([stream, request, words]);
  });
  for (const chunk of chunks) text.feed(Buffer.from(chunk));
  text.end();
  return pieces;
}

const written = fc.record({
  fd: fc.constantFrom<Fd>(1, 2),
  request: fc.nat({ max: 3 }),
  text: fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.constant('é€😀'.repeat(1500))),
});

describe("a worker's output", () => {
  it('arrives as it was written, with its stream and request, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(written), fc.array(fc.nat({ max: 9000 })), (writes, cuts) => {
        const pieces = writes.flatMap(({ fd, request, text }) => [
          ...marked(secret, request, fd, Buffer.from(text)),
        ]);
        const bytes = Buffer.concat(pieces);
        const at = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index]!, end));
        const expected: Piece[] = [];
        for (const { fd, request, text } of writes) {
          const stream = fd === 1 ? 'stdout' : 'stderr';
          const last = expected.at(-1);
          const words = Buffer.from(text).toString();
          const of = request === 0 ? undefined : request;
          if (last !== undefined && last[0] === stream && last[1] === of) last[2] += words;
          else expected.push([stream, of, words]);
        }
        assert.deepEqual(read(chunks), expected);
      }),
    );
  });

  it('is written in pieces that other writes do not split', () => {
    for (const piece of marked(secret, 7, 1, Buffer.alloc(100_000, 'x'))) {
      assert.ok(piece.length <= MAX_MARKED_BYTES);
    }
  });

  it('may be invalid UTF-8, or an incomplete mark', () => {
    assert.deepEqual(read([Buffer.from([0x61, 0xff, 0x62])]), [['stdout', undefined, 'a\ufffdb']]);
    assert.deepEqual(read([Buffer.from([0x61, 0xe2, 0x82])]), [['stdout', undefined, 'a\ufffd']]);
    assert.deepEqual(read([Buffer.from('a'), secret.subarray(0, 1)]), [['stdout', undefined, 'a\ufffd']]);
    assert.equal(read([Buffer.concat([secret, Buffer.of(1)])])[0]?.[2].startsWith('\ufffd'), true);
  });

  it('that imitates a mark has no effect, because it lacks the secret', () => {
    const forged = Buffer.concat([createSecret(), Buffer.from([9, 0, 0, 0, 2]), Buffer.from('forged')]);
    const [piece] = read([...marked(secret, 5, 1, forged)]);
    assert.deepEqual(piece?.slice(0, 2), ['stdout', 5]);
  });
});
