import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startCli } from '../support/cli.ts';

const APP = path.resolve('test/fixtures/talkative.cjs');
let empty = '';
before(async () => {
  empty = await mkdtemp(path.join(os.tmpdir(), 'exit-codes-'));
});
after(() => rm(empty, { recursive: true, force: true }));

describe('bad usage', () => {
  it('exits with 2, and names the option, the allowed values and --help', async () => {
    const cli = startCli(['--workers', '0'], { json: false });
    assert.deepEqual(await cli.waitForExit(), { code: 2, signal: null });
    assert.equal(
      cli.stderr,
      'concurrent-server: --workers: a whole number from 1 to 64, or auto, but got 0.\n  Try --help.\n',
    );
    assert.equal(cli.stdout, '');
  });

  it('is also reported to a driver', async () => {
    const cli = startCli(['--wrkers', '3']);
    assert.equal((await cli.waitForExit()).code, 2);
    assert.deepEqual(
      cli.events.map(({ type }) => type),
      ['error', 'stopped'],
    );
    assert.equal(cli.ofType('error')[0]?.error.hint, 'Did you mean --workers?');
    assert.match(cli.stderr, /Unknown option/);
  });

  for (const [what, args] of [
    ['a folder that is not there', ['--cwd', 'no/such/folder']],
    ['a Node that is not there', [APP, '--mode', 'fork', '--node', './no-node']],
  ] as const) {
    it(`is ${what}`, async () => {
      const cli = startCli([...args]);
      assert.equal((await cli.waitForExit()).code, 2, cli.stderr);
      assert.equal(cli.ofType('error')[0]?.error.code, 'BAD_CONFIG');
    });
  }

  it('is a missing env file, unless Node handles the option itself', () => {
    const words = ['dist/cli.js', '--json', '0', APP, '--env-file', 'missing.env'];
    // Node does not look for its own options after `--`.
    const ours = spawnSync(process.execPath, ['--', ...words], { encoding: 'utf8' });
    assert.equal(ours.status, 2, ours.stderr);
    assert.match(ours.stdout, /"BAD_CONFIG".*missing\.env/);
    // Otherwise Node handles --env-file anywhere, and exits before the command line runs.
    const either = spawnSync(process.execPath, words, { encoding: 'utf8' });
    assert.ok(either.status === 9 || either.status === 2, `${either.status}`);
    assert.match(either.stdout + either.stderr, /missing\.env/);
  });

  it('cannot write an escape sequence into the terminal', async () => {
    const cli = startCli(['--mode', '\u001b]0;owned\u0007', '--\u001b[2J'], { json: false });
    assert.equal((await cli.waitForExit()).code, 2);
    assert.ok(!cli.stderr.includes('\u001b'), cli.stderr);
  });
});

describe('a port that is taken', () => {
  it('exits with 3, and names the owner', async () => {
    const other = http.createServer().listen(0, '127.0.0.1');
    after(() => other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const cli = startCli([APP], { address: String(port) });
    assert.equal((await cli.waitForExit()).code, 3);
    const { error } = cli.ofType('error')[0]!;
    assert.equal(error.code, 'PORT_TAKEN');
    const owner = error.details?.owner as { pid: number; command: string; ours: boolean };
    assert.equal(owner.pid, process.pid);
    assert.equal(owner.ours, false);
    assert.ok(
      error.message.includes(String(process.pid)) && error.message.includes(String(port)),
      error.message,
    );
    assert.deepEqual(cli.events.at(-1), { v: 1, type: 'stopped', reason: 'failed', error });
  });

  it('names another Concurrent Server as the owner', async () => {
    const first = startCli([APP]);
    const port = new URL((await first.ready).url).port;
    const second = startCli([APP], { address: port, json: false });
    assert.equal((await second.waitForExit()).code, 3);
    assert.match(second.stderr, /another Concurrent Server/);
    assert.ok(second.stderr.includes(String(first.pid)), second.stderr);
    assert.equal((await first.stop()).code, 0);
  });
});

describe('a folder without an app', () => {
  it('exits with 4, and says in two lines what was looked at and what to do', async () => {
    const cli = startCli([], { cwd: empty, json: false });
    assert.deepEqual(await cli.waitForExit(), { code: 4, signal: null });
    const [looked, todo, ...more] = cli.stderr.split('\n');
    assert.match(looked ?? '', /^No app found in .*server\.js.*manage\.py/);
    assert.match(todo ?? '', /^Name the file of your app: concurrent-server /);
    assert.deepEqual(more, ['']);
    assert.equal(cli.stdout, '');
  });

  it('says which tool serves a front end', async () => {
    const folder = await mkdtemp(path.join(empty, 'vite-'));
    await writeFile(path.join(folder, 'package.json'), '{ "scripts": { "dev": "vite" } }');
    const cli = startCli([], { cwd: folder, json: false });
    assert.equal((await cli.waitForExit()).code, 4);
    const lines = [
      'This is a Vite project: `npm run dev` serves it.',
      'Run Concurrent Server in the folder of its API, and let Vite pass requests on to it: server.proxy in vite.config.',
    ];
    assert.equal(cli.stderr, `${lines.join('\n')}\n`);
  });

  it('has the list of what was looked at in the log, and as facts for a driver', async () => {
    const verbose = startCli(['--verbose'], { cwd: empty, json: false });
    await verbose.waitForExit();
    assert.match(verbose.stdout, /^looked at package\.json \(none\)$/m);
    const cli = startCli([], { cwd: empty });
    assert.equal((await cli.waitForExit()).code, 4);
    const { error } = cli.ofType('error')[0]!;
    assert.equal(error.code, 'NO_APP');
    const looked = error.details?.looked as string[];
    assert.deepEqual(
      cli.ofType('log').map(({ text }) => text),
      looked.map((line) => `looked at ${line}`),
    );
    assert.deepEqual(cli.events.at(-1), { v: 1, type: 'stopped', reason: 'failed', error });
  });
});

describe('anything else', () => {
  it('exits with 1: a named file that is not there', async () => {
    const cli = startCli(['nothing.js'], { cwd: empty });
    assert.equal((await cli.waitForExit()).code, 1);
    assert.equal(cli.ofType('error')[0]?.error.code, 'ENTRY_NOT_FOUND');
  });

  it('exits with 1: an address that this machine does not have', async () => {
    // TEST-NET-1 of RFC 5737 is reserved for documentation.
    const cli = startCli([APP], { address: '192.0.2.1:0', json: false });
    assert.equal((await cli.waitForExit()).code, 1);
    assert.match(cli.stderr, /192\.0\.2\.1 is not an address of this machine/);
    assert.match(cli.stderr, /Use 127\.0\.0\.1/);
  });
});

describe('a question about the command line', () => {
  it('exits with 0 and prints the answer', async () => {
    for (const [word, answer] of [
      ['--version', /^\d+\.\d+\.\d+\n$/],
      ['--help', /^Usage: concurrent-server/],
    ] as const) {
      const cli = startCli([word], { json: false, address: undefined });
      assert.equal((await cli.waitForExit()).code, 0);
      assert.match(cli.stdout, answer);
      assert.equal(cli.stderr, '');
    }
  });
});
