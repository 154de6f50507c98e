import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { identify, listProcesses } from '../../../src/engine/process/identity.ts';
import { killTree } from '../../../src/engine/process/kill-tree.ts';
import { findServers, Ledger, reapLeftovers } from '../../../src/engine/process/ledger.ts';
import type { ProcessRow } from '../../../src/engine/process/platform.ts';
import { portOwner } from '../../../src/engine/process/port-owner.ts';
import { descendants } from '../../../src/engine/process/tree.ts';

const state = fs.mkdtempSync(path.join(os.tmpdir(), 'ledger-'));
process.env.CONCURRENT_SERVER_STATE_DIR = state;
const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
  fs.rmSync(state, { recursive: true, force: true });
});

async function sleeper(code = 'setInterval(() => {}, 1000)'): Promise<ProcessRow> {
  const child = spawn(process.execPath, ['-e', `${code}; console.log("up")`], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  started.push(child);
  await once(child.stdout!, 'data');
  const row = await identify(child.pid ?? 0);
  assert.ok(row !== undefined);
  return row;
}

function deadServer(entries: unknown[]): string {
  const file = path.join(state, 'dead.json');
  const server = { pid: 2 ** 22 + 1, startTime: '1', command: 'gone', id: 'dead', url: '', cwd: '' };
  fs.writeFileSync(file, JSON.stringify({ server, entries }));
  return file;
}

describe('the ledger', () => {
  beforeEach(() => fs.rmSync(path.join(state, 'dead.json'), { force: true }));

  it('ends what a dead server left', async () => {
    const left = await sleeper();
    const file = deadServer([left]);
    const { killed } = await reapLeftovers();
    assert.deepEqual(
      killed.map(({ pid }) => pid),
      [left.pid],
    );
    assert.equal(await killTree(left.pid, { graceMs: 0 }), 'already gone');
    assert.equal(fs.existsSync(file), false);
  });

  it('never kills a stranger that got a recycled pid', async () => {
    const stranger = await sleeper();
    deadServer([{ ...stranger, startTime: `${stranger.startTime}0` }]);
    const { killed, strangers } = await reapLeftovers();
    assert.deepEqual(killed, []);
    assert.equal(strangers[0]?.pid, stranger.pid);
    assert.ok((await identify(stranger.pid)) !== undefined);
  });

  it('leaves what a living server has, and names that server', async () => {
    const own = await sleeper();
    const ledger = new Ledger({ id: 'living', url: 'http://127.0.0.1:1/', cwd: '/somewhere' });
    ledger.add(own);
    assert.deepEqual((await reapLeftovers()).killed, []);
    assert.ok((await identify(own.pid)) !== undefined);
    assert.deepEqual(
      (await findServers()).map(({ pid, cwd }) => [pid, cwd]),
      [[process.pid, '/somewhere']],
    );
    ledger.close();
    assert.deepEqual(await findServers(), []);
  });

  it('removes a file that is no ledger, and goes on', async () => {
    const file = path.join(state, 'broken.json');
    fs.writeFileSync(file, '{"server":');
    await reapLeftovers();
    assert.equal(fs.existsSync(file), false);
  });
});

describe('a process tree', () => {
  it('is ended with its detached members, even where SIGTERM is ignored', async () => {
    const code = `process.on('SIGTERM', () => {});
      const c = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
      setInterval(() => {}, 1000)`;
    const root = await sleeper(code);
    const tree = await descendants(root.pid);
    assert.equal(tree.length, 1);
    assert.equal(await killTree(root.pid, { graceMs: 50 }), 'SIGKILL');
    assert.equal(await identify(tree[0]!.pid), undefined);
  });

  it('is ended even while it is stopped', async () => {
    const root = await sleeper();
    process.kill(root.pid, 'SIGSTOP');
    assert.equal(await killTree(root.pid, { graceMs: 20 }), 'SIGKILL');
  });

  it('ends politely where that is enough, and says so', async () => {
    const root = await sleeper();
    assert.equal(await killTree(root.pid, { graceMs: 5000 }), 'SIGTERM');
  });

  it('holds this process in the listing, under its parent', async () => {
    const own = (await listProcesses()).find(({ pid }) => pid === process.pid);
    assert.equal(own?.ppid, process.ppid);
  });
});

describe('a port', () => {
  it('has an owner with pid and command', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    assert.equal((await portOwner(port))?.pid, process.pid);
    server.close();
    await once(server, 'close');
    assert.equal(await portOwner(port), undefined);
  });
});
