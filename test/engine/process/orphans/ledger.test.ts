import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { findServers, reapLeftovers } from '../../../../src/engine/process/orphans/known-servers.ts';
import { Ledger } from '../../../../src/engine/process/orphans/ledger.ts';
import {
  type LedgerServer,
  parseLedger,
  startedLine,
} from '../../../../src/engine/process/orphans/ledger-lines.ts';
import { portOwner } from '../../../../src/engine/process/orphans/port-owner.ts';
import { descendants } from '../../../../src/engine/process/os/descendants.ts';
import { killTree } from '../../../../src/engine/process/os/kill-tree.ts';
import type { CommandRow } from '../../../../src/engine/process/os/parsers.ts';
import { identify, listProcesses } from '../../../../src/engine/process/os/process-table.ts';

const state = fs.mkdtempSync(path.join(os.tmpdir(), 'ledger-'));
process.env.CONCURRENT_SERVER_STATE_DIR = state;
const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
  fs.rmSync(state, { recursive: true, force: true });
});

async function sleeper(code = 'setInterval(() => {}, 1000)'): Promise<CommandRow> {
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

const DEAD = { pid: 2 ** 22 + 1, startTime: '1', command: 'dead', id: 'dead', url: '', cwd: '' };
const DEAD_FILE = path.join(state, 'dead.jsonl');

/** @param text the bytes after the first line */
function deadServer(entries: unknown[], text = ''): string {
  fs.writeFileSync(DEAD_FILE, `${JSON.stringify({ server: DEAD, entries })}\n${text}`);
  return DEAD_FILE;
}

async function ownServer(id: string): Promise<LedgerServer> {
  return { ...(await identify(process.pid))!, id, url: 'http://127.0.0.1:1/', cwd: '/somewhere' };
}

function noProblem(error: Error): void {
  throw error;
}

describe('the ledger', () => {
  beforeEach(() => fs.rmSync(DEAD_FILE, { recursive: true, force: true }));

  it('ends the processes that a dead server left behind', async () => {
    const left = await sleeper();
    const file = deadServer([left]);
    const { killed } = await reapLeftovers();
    assert.deepEqual(
      killed.map(({ pid }) => pid),
      [left.pid],
    );
    assert.equal(await killTree(left.pid, { graceMs: 0 }), 'already exited');
    assert.equal(fs.existsSync(file), false);
  });

  it('ends processes that were added later, even after a line that was cut', async () => {
    const [one, two, ended] = await Promise.all([sleeper(), sleeper(), sleeper()]);
    deadServer(
      [ended],
      `${startedLine(one)}{"started":{"pid":1\n{"ended":${ended.pid}}\n${startedLine(two)}`,
    );
    const { killed } = await reapLeftovers();
    assert.deepEqual(killed.map(({ pid }) => pid).sort(), [one.pid, two.pid].sort());
    assert.ok((await identify(ended.pid)) !== undefined);
  });

  it('never kills another process that got a reused pid', async () => {
    const stranger = await sleeper();
    deadServer([{ ...stranger, startTime: `${stranger.startTime}0` }]);
    const { killed, strangers } = await reapLeftovers();
    assert.deepEqual(killed, []);
    assert.equal(strangers[0]?.pid, stranger.pid);
    assert.ok((await identify(stranger.pid)) !== undefined);
  });

  it('never kills a process without a start time', async () => {
    const unknown = await sleeper();
    deadServer([{ ...unknown, startTime: '' }]);
    assert.deepEqual((await reapLeftovers()).killed, []);
    assert.ok((await identify(unknown.pid)) !== undefined);
  });

  it('spares the processes of a living server, and names that server', async () => {
    const own = await sleeper();
    const ledger = new Ledger(await ownServer('living'), noProblem);
    await ledger.add(own);
    assert.deepEqual((await reapLeftovers()).killed, []);
    assert.ok((await identify(own.pid)) !== undefined);
    assert.deepEqual(
      (await findServers()).map(({ pid, cwd }) => [pid, cwd]),
      [[process.pid, '/somewhere']],
    );
    await ledger.close();
    assert.deepEqual(await findServers(), []);
  });

  it('lists a process once it may run, and removes it once it has exited', async () => {
    const ledger = new Ledger(await ownServer('appended'), noProblem);
    const entries = () => parseLedger(fs.readFileSync(path.join(state, 'appended.jsonl'), 'utf8'))?.entries;
    const one = { pid: 11, startTime: '1', command: 'one' };
    const two = { pid: 12, startTime: '2', command: 'two' };
    await Promise.all([ledger.add(one), ledger.add(two)]);
    assert.deepEqual(entries(), [one, two]);
    ledger.remove(11);
    const again = { ...two, startTime: '3' };
    await ledger.add(again);
    assert.deepEqual(entries(), [again]);
    await ledger.close();
    assert.equal(fs.existsSync(path.join(state, 'appended.jsonl')), false);
  });

  it('stays small, however many processes come and go', async () => {
    const ledger = new Ledger(await ownServer('bounded'), noProblem);
    const file = path.join(state, 'bounded.jsonl');
    const stays = { pid: 1_000_000, startTime: '1', command: 'stays' };
    await ledger.add(stays);
    let largest = 0;
    for (let pid = 1; pid <= 2000; pid++) {
      await ledger.add({ pid, startTime: '1', command: '/bin/true' });
      ledger.remove(pid);
      largest = Math.max(largest, fs.statSync(file).size);
    }
    // Written after the last removal, so it includes that.
    await ledger.add(stays);
    assert.ok(largest < 32 * 1024, `${largest} bytes`);
    assert.deepEqual(parseLedger(fs.readFileSync(file, 'utf8'))?.entries, [stays]);
    await ledger.close();
  });

  it('removes an invalid file, and continues', async () => {
    const file = path.join(state, 'broken.jsonl');
    fs.writeFileSync(file, '{"server":');
    assert.equal((await reapLeftovers()).problem, undefined);
    assert.equal(fs.existsSync(file), false);
  });

  const unix = { skip: process.platform === 'win32' && 'there are no such files' };

  it('does not wait for a pipe in place of a file, and follows no link', unix, async () => {
    const [pipe, link] = [path.join(state, 'pipe.jsonl'), path.join(state, 'link.jsonl')];
    execFileSync('mkfifo', [pipe]);
    fs.symlinkSync('/nowhere', link);
    assert.equal((await reapLeftovers()).problem, undefined);
    assert.deepEqual(
      [pipe, link].filter((file) => fs.lstatSync(file, { throwIfNoEntry: false })),
      [],
    );
  });

  it('reports a file that it could not remove, and continues with the rest', async () => {
    const left = await sleeper();
    deadServer([left]);
    const folder = path.join(state, 'a folder.jsonl');
    fs.mkdirSync(folder);
    const { killed, problem } = await reapLeftovers();
    fs.rmdirSync(folder);
    assert.match(problem ?? '', /a folder\.jsonl/);
    assert.deepEqual(
      killed.map(({ pid }) => pid),
      [left.pid],
    );
  });

  it('reports an error of the file system, delays no process, and is written once that is possible', async () => {
    const folder = path.join(state, 'in the way');
    process.env.CONCURRENT_SERVER_STATE_DIR = folder;
    try {
      fs.writeFileSync(folder, '');
      const problems: string[] = [];
      const ledger = new Ledger(await ownServer('late'), ({ message }) => problems.push(message));
      await ledger.add({ pid: 11, startTime: '1', command: 'one' });
      assert.match(problems[0] ?? '', /in the way/);
      fs.unlinkSync(folder);
      await ledger.add({ pid: 12, startTime: '1', command: 'two' });
      const text = fs.readFileSync(path.join(folder, 'late.jsonl'), 'utf8');
      assert.deepEqual(
        parseLedger(text)?.entries.map(({ pid }) => pid),
        [11, 12],
      );
      await ledger.close();
    } finally {
      process.env.CONCURRENT_SERVER_STATE_DIR = state;
    }
  });
});

describe('a process tree', () => {
  it('ends with its detached members, even if they ignore SIGTERM', async () => {
    const code = `process.on('SIGTERM', () => {});
      const c = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
      setInterval(() => {}, 1000)`;
    const root = await sleeper(code);
    const tree = await descendants(root.pid);
    assert.equal(tree.length, 1);
    assert.equal(await killTree(root.pid, { graceMs: 50 }), 'SIGKILL');
    assert.equal(await identify(tree[0]!.pid), undefined);
  });

  it('ends even while it is stopped', async () => {
    const root = await sleeper();
    process.kill(root.pid, 'SIGSTOP');
    assert.equal(await killTree(root.pid, { graceMs: 20 }), 'SIGKILL');
  });

  it('ends politely if that suffices, and reports so', async () => {
    const root = await sleeper();
    assert.equal(await killTree(root.pid, { graceMs: 5000 }), 'SIGTERM');
  });

  it('lists this process under its parent', async () => {
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
