import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_FILE, sameStamp, stampOf } from '../../src/wire/file-stamp.ts';

const stats = { ino: 7n, size: 3n, mtimeNs: 1_000_000_007n, ctimeNs: 2_000_000_009n };

describe('the stamp of a file', () => {
  it('changes with any write, even one that restores time and size', () => {
    for (const other of [
      { ino: 8n },
      { size: 4n },
      { mtimeNs: 1_000_000_008n },
      { ctimeNs: 2_000_000_010n },
    ]) {
      assert.ok(
        !sameStamp(stampOf(stats), stampOf({ ...stats, ...other })),
        JSON.stringify(Object.keys(other)),
      );
    }
    assert.ok(sameStamp(stampOf(stats), stampOf({ ...stats })));
  });

  it('distinguishes a file from a missing one', () => {
    assert.equal(stampOf(undefined), NO_FILE);
    assert.ok(sameStamp(NO_FILE, NO_FILE));
    assert.ok(!sameStamp(NO_FILE, stampOf(stats)));
  });

  it('may lack the time of the last change of the inode, as in Python on Windows', () => {
    const shorter = stampOf(stats).replace(/\d+$/, '');
    assert.ok(sameStamp(shorter, stampOf(stats)) && sameStamp(stampOf(stats), shorter));
    assert.ok(!sameStamp(shorter, stampOf({ ...stats, size: 4n })));
    assert.ok(!sameStamp(shorter, NO_FILE));
  });
});
