import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import type { Command, ServerEvent } from '../../src/protocol/messages.ts';

const children: ChildProcess[] = [];
after(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
});

function start(...args: string[]) {
  const child = fork(path.resolve('dist/cli.js'), ['0', '--ipc', ...args], { silent: true });
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
  return { child, events, waitFor, printed: () => printed, send: (command: Command) => child.send(command) };
}

describe("a server driven over Node's channel", () => {
  it('says and hears the same messages, and prints nothing', async () => {
    const server = start('test/fixtures/talkative.cjs');
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
    const server = start('test/fixtures/talkative.cjs');
    await server.waitFor('ready');
    // Node says no 'close' of a child whose channel this side has closed.
    const exited = once(server.child, 'exit');
    server.child.disconnect();
    assert.deepEqual(await exited, [0, null]);
  });

  it('says what is wrong with how it was called', async () => {
    const server = start('--workers', '0');
    const closed = once(server.child, 'close');
    const error = await server.waitFor('error');
    assert.ok(error.type === 'error');
    assert.match(error.error.message, /^--workers/);
    assert.deepEqual(await closed, [2, null]);
    assert.equal(server.events.at(-1)?.type, 'stopped');
  });
});
