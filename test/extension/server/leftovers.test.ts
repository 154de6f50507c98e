import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { leftoversLikely } from '../../../src/extension/server/leftovers.ts';

const VARIABLE = 'CONCURRENT_SERVER_STATE_DIR';

describe('leftovers are likely', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ledger-'));
  const file = path.join(folder, 'id.jsonl');
  const previous = process.env[VARIABLE];
  before(() => {
    process.env[VARIABLE] = folder;
  });
  afterEach(() => fs.rmSync(file, { force: true }));
  after(() => {
    if (previous === undefined) delete process.env[VARIABLE];
    else process.env[VARIABLE] = previous;
    fs.rmSync(folder, { recursive: true });
  });

  const writeServer = (pid: number | undefined) =>
    fs.writeFileSync(file, `${JSON.stringify({ server: { pid }, entries: [] })}\n{"add":{}}\n`);

  it('if the server of a ledger is dead', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    writeServer(child.pid);
    assert.equal(await leftoversLikely(), true);
  });

  it('if a ledger names no server, or is damaged', async () => {
    writeServer(undefined);
    assert.equal(await leftoversLikely(), true);
    fs.writeFileSync(file, '{"server":');
    assert.equal(await leftoversLikely(), true);
  });

  it('not while the server runs', async () => {
    writeServer(process.pid);
    assert.equal(await leftoversLikely(), false);
  });

  it('not without a ledger, or without the folder of ledgers', async () => {
    assert.equal(await leftoversLikely(), false);
    process.env[VARIABLE] = path.join(folder, 'nowhere');
    assert.equal(await leftoversLikely(), false);
    process.env[VARIABLE] = folder;
  });
});
