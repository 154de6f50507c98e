import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { FolderServer } from '../../src/extension/server/folder-server.ts';
import { parseSettings } from '../../src/extension/settings/settings-model.ts';
import type { WrittenConfig } from '../../src/protocol/config.ts';
import type { Command, ServerEvent, StartMessage } from '../../src/protocol/messages.ts';

const children: ChildProcess[] = [];
after(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
});

function start(config: WrittenConfig, ...args: string[]) {
  const server = launch(...args);
  server.send({ type: 'start', config: { port: 0, ...config } });
  return server;
}

function launch(...args: string[]) {
  const child = fork(path.resolve('dist/cli.js'), ['--ipc', ...args], { silent: true });
  children.push(child);
  const events: Array<ServerEvent & { v: number }> = [];
  child.on('message', (message) => events.push(message as ServerEvent & { v: number }));
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text) => {
      printed += text;
    });
  }
  const waitFor = async (type: ServerEvent['type']) => {
    const deadline = AbortSignal.timeout(15_000);
    for (;;) {
      const event = events.find((event) => event.type === type);
      if (event !== undefined) return event;
      await once(child, 'message', { signal: deadline });
    }
  };
  return {
    child,
    events,
    waitFor,
    printed: () => printed,
    send: (message: Command | StartMessage) => child.send(message),
  };
}

describe("a server driven over Node's channel", () => {
  it('sends and receives the same messages, and prints nothing', async () => {
    const server = start({ entry: 'test/fixtures/talkative.cjs' });
    const ready = await server.waitFor('ready');
    assert.ok(ready.type === 'ready');
    assert.equal(ready.v, 1);
    assert.equal((await fetch(ready.url)).status, 200);
    await server.waitFor('request');
    server.send({ type: 'status', id: 1 });
    await server.waitFor('status');
    const closed = once(server.child, 'close');
    server.send({ type: 'stop', id: 2 });
    assert.deepEqual(await closed, [0, null]);
    assert.equal(server.events.at(-1)?.type, 'stopped');
    assert.equal(server.printed(), '');
  });

  it('stops when the channel is closed', async () => {
    const server = start({ entry: 'test/fixtures/talkative.cjs' });
    await server.waitFor('ready');
    // Node emits no 'close' of a child whose channel this side has closed.
    const exited = once(server.child, 'exit');
    server.child.disconnect();
    assert.deepEqual(await exited, [0, null]);
  });

  it('takes its settings from the first message, and does not lose messages that follow at once', async () => {
    const server = launch('--quiet', '--cwd', 'test/fixtures');
    const config = { entry: 'talkative.cjs', port: 0, workers: 1, overlap: { size: 3 } };
    server.send({ type: 'start', config });
    server.send({ type: 'status', id: 1 });
    const status = await server.waitFor('status');
    assert.ok(status.type === 'status');
    assert.deepEqual([status.workers.length, status.overlap.size], [1, 3]);
    server.child.disconnect();
    await once(server.child, 'exit');
  });

  const refused: Array<[what: string, message: object, code: string, sentence: RegExp]> = [
    [
      'a setting that does not fit',
      { type: 'start', config: { workers: 0 } },
      'BAD_CONFIG',
      /^workers: .*from 1 to 64.* got 0/,
    ],
    [
      'a setting that there is not',
      { type: 'start', config: { wrokers: 1 } },
      'BAD_CONFIG',
      /^wrokers: no such field/,
    ],
    [
      'a folder that there is not',
      { type: 'start', config: { cwd: path.resolve('no/such/folder') } },
      'BAD_CONFIG',
      /^cwd: a folder that exists/,
    ],
    ['another first message', { type: 'status' }, 'BAD_COMMAND', /^type: start, in the first message/],
    ['another version', { type: 'start', v: 2 }, 'BAD_COMMAND', /^v: 1/],
  ];
  for (const [what, message, code, sentence] of refused) {
    it(`refuses ${what}, names it, and ends`, async () => {
      const server = launch();
      const closed = once(server.child, 'close');
      server.send(message as StartMessage);
      const error = await server.waitFor('error');
      assert.ok(error.type === 'error');
      assert.equal(error.error.code, code);
      assert.match(error.error.message, sentence);
      assert.deepEqual(await closed, [2, null]);
      assert.equal(server.events.at(-1)?.type, 'stopped');
      assert.equal(server.printed(), '');
    });
  }

  it('takes no settings from the command line', async () => {
    const server = launch('--workers', '2');
    const closed = once(server.child, 'close');
    const error = await server.waitFor('error');
    assert.ok(error.type === 'error');
    assert.match(error.error.message, /^With --ipc the settings are in the start message/);
    assert.deepEqual(await closed, [2, null]);
    assert.equal(server.events.at(-1)?.type, 'stopped');
  });

  it('exits when the driver disconnects before its first message', async () => {
    const server = launch();
    const exited = once(server.child, 'exit');
    server.child.disconnect();
    assert.deepEqual(await exited, [1, null]);
  });
});

describe("the extension's settings", () => {
  it('reach the server with its start, even those of a delay that is off', async () => {
    const settings = parseSettings(
      {
        entry: 'talkative.cjs',
        port: 0,
        workers: 1,
        'randomDelay.min': 5,
        'randomDelay.max': 6,
        'overlap.routes': ['/x'],
      },
      { folder: path.resolve('test/fixtures'), cores: 2, seed: 1 },
    );
    const watcher = { changed: () => {}, event: () => {}, died: () => {}, gaveUp: () => {} };
    const server = new FolderServer({ cli: path.resolve('dist/cli.js'), env: process.env }, watcher);
    await server.start(settings);
    const status = await server.ask({ type: 'status' });
    await server.stop(0);
    assert.ok(status.type === 'status');
    assert.deepEqual(status.randomDelay, { enabled: false, min: 5, max: 6, routes: [] });
    assert.deepEqual(status.overlap, { size: 0, maxMs: 150, routes: ['/x'] });
    assert.equal(status.workers.length, 1);
    assert.notEqual(status.seed, settings.config.seed);
  });
});
