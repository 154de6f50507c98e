import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ByteBuffer } from '../../../../src/engine/http/connection/byte-buffer.ts';

describe('a byte buffer', () => {
  it('contains the added bytes in order, and does not change bytes that it handed over', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 20 });
    fc.assert(
      fc.property(parts, parts, (first, second) => {
        const buffer = new ByteBuffer();
        for (const part of first) buffer.append(part);
        const taken = buffer.take();
        assert.equal(buffer.length, 0);
        let all: Buffer = Buffer.alloc(0);
        for (const part of second) all = buffer.append(part);
        const whole = Buffer.concat(second);
        assert.deepEqual([buffer.length, all.equals(whole)], [whole.length, true]);
        assert.ok(taken.equals(Buffer.concat(first)));
      }),
    );
  });

  it('copies little, even if bytes come one at a time', () => {
    const buffer = new ByteBuffer();
    const memories = new Set<unknown>();
    for (let at = 0; at < 1_000_000; at++) memories.add(buffer.append(Buffer.from([at & 0xff])).buffer);
    assert.ok(memories.size <= 11, `moved ${memories.size} times`);
  });
});
