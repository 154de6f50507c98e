import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineReader, MAX_LINE_BYTES } from '../../../src/cli/output/line-reader.ts';

/** The lines and errors for these chunks, in order. */
function read(...chunks: Array<string | Buffer>): string[] {
  const seen: string[] = [];
  const reader = new LineReader(
    (line) => seen.push(line.length > 100 ? `${line.length} characters` : line),
    (why) => seen.push(`bad: ${why}`),
  );
  for (const chunk of chunks) reader.feed(Buffer.from(chunk));
  reader.end();
  return seen;
}

describe('lines', () => {
  it('are complete, however the bytes are split', () => {
    const bytes = Buffer.from('{"a":"é"}\n{"b":"🙂"}\r\nlast');
    const expected = ['{"a":"é"}', '{"b":"🙂"}\r', 'last'];
    assert.deepEqual(read(bytes), expected);
    assert.deepEqual(read(...[...bytes].map((byte) => Buffer.from([byte]))), expected);
    for (let at = 0; at <= bytes.length; at++) {
      assert.deepEqual(read(bytes.subarray(0, at), bytes.subarray(at)), expected);
    }
  });

  it('that are empty are ignored', () => {
    assert.deepEqual(read('\n\n  \r\na\n\n'), ['a']);
  });

  it('of the greatest length are accepted, and of one byte more refused', () => {
    assert.deepEqual(read(`${'x'.repeat(MAX_LINE_BYTES)}\nb\n`), [`${MAX_LINE_BYTES} characters`, 'b']);
    const [complaint, next] = read(`${'x'.repeat(MAX_LINE_BYTES + 1)}\nb\n`);
    assert.match(complaint ?? '', /^bad: The line is longer than 1048576 bytes/);
    assert.equal(next, 'b');
  });

  it('that are too long are refused once, before they end, and the next is read', () => {
    const piece = 'x'.repeat(MAX_LINE_BYTES / 2);
    assert.equal(read(piece, piece, piece, piece, `${piece}\nnext`).length, 2);
  });

  it('that are not UTF-8 are refused, and the next is read', () => {
    assert.deepEqual(read(Buffer.from([0xff, 0xfe, 10]), 'a\n'), ['bad: The line is not valid UTF-8.', 'a']);
  });
});
