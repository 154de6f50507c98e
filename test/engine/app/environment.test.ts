import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { loadEnvFile } from '../../../src/engine/app/environment.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'env-file-'));
});
after(() => rm(folder, { recursive: true, force: true }));

it('an env file is read as `node --env-file` reads it', async () => {
  const lines = ['# comment', 'A=1', 'B="two\nlines"', "C='a # b'", 'export D=4', 'E='];
  await writeFile(path.join(folder, '.env'), `\uFEFF${lines.join('\n')}`);
  const variables = await loadEnvFile('.env', folder);
  assert.deepEqual(variables, { A: '1', B: 'two\nlines', C: 'a # b', D: '4', E: '' });
});

it('a missing env file is refused by its full path', async () => {
  await assert.rejects(loadEnvFile('missing.env', folder), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'BAD_CONFIG');
    assert.ok(error.message.includes(path.join(folder, 'missing.env')));
    return /no such file/.test(error.message);
  });
});

it('a folder is not an env file', async () => {
  await assert.rejects(loadEnvFile('.', folder), /folder/);
});
