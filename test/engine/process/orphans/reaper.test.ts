import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { pathWord } from '../../../../src/engine/process/orphans/reaper.ts';
import { allDead } from '../../../../src/engine/process/os/kill-tree.ts';
import { startTimeOf } from '../../../../src/engine/process/os/process-table.ts';

describe('a path for the reaper', { skip: process.platform === 'win32' && 'it has no sh' }, () => {
  /** Reads a line and a word as the script does. */
  const read = (word: string): string =>
    execFileSync('/bin/sh', ['-c', `IFS=' ' read -r op a; f=$(printf '%b.' "$a"); printf %s "\${f%.}"`], {
      input: `f ${word}\n`,
      env: { LC_ALL: 'C' },
    }).toString();

  it('arrives unchanged, whatever characters it has', () => {
    for (const path of [
      '/a b ',
      '/tab\t',
      '/line\n',
      '/-dash',
      '/\'"`$x$(y)\\0101\\n',
      '/*?[a]',
      '/ü€😀',
      '/%s%b',
    ])
      assert.equal(read(pathWord(path)), path);
  });

  it('arrives unchanged, for any path', () => {
    const path = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(path, (text) => read(pathWord(text)) === Buffer.from(text).toString()),
      { numRuns: 25 },
    );
  });
});

describe('a start time', () => {
  it('is known for a child, and for no other process', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const exit = once(child, 'exit');
    const startTime = await startTimeOf(child.pid!, process.pid);
    assert.notEqual(startTime, '');
    assert.equal(await startTimeOf(child.pid!, process.ppid), '');
    assert.equal(
      await allDead([{ pid: child.pid!, startTime: '' }], 0),
      true,
      'without one it counts as dead',
    );
    child.kill('SIGKILL');
    await exit;
    assert.ok(await allDead([{ pid: child.pid!, startTime }], 1000));
  });
});
