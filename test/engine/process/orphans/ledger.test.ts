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

const DEAD = { pid: 2 ** 22 + 1, startTime: '1', command: 'gone', id: 'dead', url: '', cwd: '' };
const DEAD_FILE = path.join(state, 'dead.jsonl');

/** @param text what follows the first line */
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

  it('ends what a dead server left', async () => {
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

  it('ends what was added later, and what a line after one that was cut names', async () => {
    const [one, two, ended] = await Promise.all([sleeper(), sleeper(), sleeper()]);
    deadServer(
      [ended],
      `${startedLine(one)}{"started":{"pid":1\n{"ended":${ended.pid}}\n${startedLine(two)}`,
    );
    const { killed } = await reapLeftovers();
    assert.deepEqual(killed.map(({ pid }) => pid).sort(), [one.pid, two.pid].sort());
    assert.ok((await identify(ended.pid)) !== undefined);
  });

  it('never kills a stranger that got a recycled pid', async () => {
    const stranger = await sleeper();
    deadServer([{ ...stranger, startTime: `${stranger.startTime}0` }]);
    const { killed, strangers } = await reapLeftovers();
    assert.deepEqual(killed, []);
    assert.equal(strangers[0]?.pid, stranger.pid);
    assert.ok((await identify(stranger.pid)) !== undefined);
  });

  it('never kills what it has no start time of', async () => {
    const unknown = await sleeper();
    deadServer([{ ...unknown, startTime: '' }]);
    assert.deepEqual((await reapLeftovers()).killed, []);
    assert.ok((await identify(unknown.pid)) !== undefined);
  });

  it('leaves what a living server has, and names that server', async () => {
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

  it('has a process in its file once that may run, and forgets it once it has ended', async () => {
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

  it('stays small, however many processes have come and gone', async () => {
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
    // What is written after the last removal has it.
    await ledger.add(stays);
    assert.ok(largest < 32 * 1024, `${largest} bytes`);
    assert.deepEqual(parseLedger(fs.readFileSync(file, 'utf8'))?.entries, [stays]);
    await ledger.close();
  });

  it('removes a file that is no ledger, and goes on', async () => {
    const file = path.join(state, 'broken.jsonl');
    fs.writeFileSync(file, '{"server":');
    assert.equal((await reapLeftovers()).problem, undefined);
    assert.equal(fs.existsSync(file), false);
  });

  const unix = { skip: process.platform === 'win32' && 'there are no such files' };

  it('waits for no pipe in place of a file, and follows no link', unix, async () => {
    const [pipe, link] = [path.join(state, 'pipe.jsonl'), path.join(state, 'link.jsonl')];
    execFileSync('mkfifo', [pipe]);
    fs.symlinkSync('/nowhere', link);
    assert.equal((await reapLeftovers()).problem, undefined);
    assert.deepEqual(
      [pipe, link].filter((file) => fs.lstatSync(file, { throwIfNoEntry: false })),
      [],
    );
  });

  it('says what it could not remove, and goes on with the rest', async () => {
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

  it('reports what keeps it from being written, holds nobody up, and is written once it can be', async () => {
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
