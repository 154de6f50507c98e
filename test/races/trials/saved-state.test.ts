import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SavedState } from '../../../src/races/trials/saved-state.ts';

describe('saved state', () => {
  let folder = '';
  const inside = (name: string): string => path.join(folder, name);
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'saved-state-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('copies a file back', async () => {
    fs.writeFileSync(inside('data.db'), 'before');
    const state = new SavedState([inside('data.db')]);
    await state.save();
    fs.writeFileSync(inside('data.db'), 'after');
    await state.restore();
    assert.equal(fs.readFileSync(inside('data.db'), 'utf8'), 'before');
    await state.close();
  });

  it('copies a folder back, and removes what was not in it', async () => {
    fs.mkdirSync(inside('uploads/deep'), { recursive: true });
    fs.writeFileSync(inside('uploads/deep/a'), 'a');
    const state = new SavedState([inside('uploads')]);
    await state.save();
    fs.writeFileSync(inside('uploads/b'), 'b');
    fs.rmSync(inside('uploads/deep'), { recursive: true });
    await state.restore();
    assert.deepEqual(fs.readdirSync(inside('uploads')), ['deep']);
    assert.equal(fs.readFileSync(inside('uploads/deep/a'), 'utf8'), 'a');
    await state.close();
  });

  it('removes what did not exist, and the companions of a database', async () => {
    fs.writeFileSync(inside('data.db'), 'before');
    const state = new SavedState([inside('data.db'), inside('new.json')]);
    await state.save();
    fs.writeFileSync(inside('new.json'), '{}');
    fs.writeFileSync(inside('data.db-wal'), 'log');
    await state.restore();
    assert.deepEqual(fs.readdirSync(folder), ['data.db']);
    await state.close();
  });

  it('leaves no copy behind', async () => {
    const copies = (): string[] =>
      fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('concurrent-server-state-'));
    const before = copies();
    const state = new SavedState([inside('data.db')]);
    await state.save();
    assert.equal(copies().length, before.length + 1);
    await state.close();
    assert.deepEqual(copies(), before);
  });
});
