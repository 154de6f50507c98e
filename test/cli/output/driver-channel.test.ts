import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type Channel,
  type IpcProcess,
  jsonLines,
  nodeIpc,
  type Receiver,
} from '../../../src/cli/output/driver-channel.ts';

function receiver(): Receiver & { heard: unknown[] } {
  const heard: unknown[] = [];
  return {
    heard,
    message: (input) => heard.push(input),
    malformed: ({ code, message }) => heard.push(`${code} ${message}`),
    gone: () => heard.push('gone'),
  };
}

/** Resolves when something more was heard. */
async function more(heard: unknown[], count: number): Promise<void> {
  const deadline = Date.now() + 5000;
  while (heard.length < count && Date.now() < deadline) await turn();
  assert.ok(heard.length >= count, `heard only ${JSON.stringify(heard)}`);
}

describe('JSON lines', () => {
  function open() {
    const stdin = new PassThrough();
    const stdout = new PassThrough();
    const driver = receiver();
    const channel: Channel = jsonLines(stdin, { stdout, stderr: new PassThrough() }, driver);
    return { stdin, stdout, channel, heard: driver.heard };
  }

  it('are objects with a version, one a line, whatever is in them', async () => {
    const { stdout, channel } = open();
    channel.send({ type: 'reply', id: 1 });
    channel.send({ type: 'log', level: 'info', source: 'stdout', text: 'a\nb\u2028"c' });
    await channel.close();
    const lines = String(stdout.read()).split('\n');
    assert.equal(lines.length, 3);
    assert.equal(lines[2], '');
    assert.deepEqual(JSON.parse(lines[0] ?? ''), { v: 1, type: 'reply', id: 1 });
    assert.equal(JSON.parse(lines[1] ?? '').text, 'a\nb\u2028"c');
  });

  it('that are malformed are named, and the next is heard', async () => {
    const { stdin, heard } = open();
    stdin.write('{"type":"restart"}\n{oops}\nnull\n{"type":"stop"}\n');
    await more(heard, 4);
    assert.deepEqual(heard, [
      { type: 'restart' },
      'BAD_COMMAND The line is not JSON: {oops}',
      null,
      { type: 'stop' },
    ]);
  });

  it('end with the last one, even where its line has no end', async () => {
    const { stdin, heard } = open();
    stdin.end('{"type":"status"}');
    await more(heard, 2);
    assert.deepEqual(heard, [{ type: 'status' }, 'gone']);
  });

  it('to a reader that went away tell that it did', async () => {
    const { stdout, channel, heard } = open();
    stdout.destroy(new Error('EPIPE'));
    await more(heard, 1);
    assert.deepEqual(heard, ['gone']);
    channel.send({ type: 'reply', id: 1 });
    await channel.close();
  });
});

describe("messages over Node's channel", () => {
  class FakeProcess extends EventEmitter implements IpcProcess {
    connected = true;
    readonly sent: object[] = [];
    readonly unconfirmed: Array<(error: Error | null) => void> = [];

    send(
      message: object,
      _handle: undefined,
      _options: undefined,
      done: (error: Error | null) => void,
    ): boolean {
      this.sent.push(message);
      this.unconfirmed.push(done);
      return true;
    }

    disconnect(): void {
      this.connected = false;
    }

    confirm(): void {
      for (const done of this.unconfirmed.splice(0)) done(null);
    }
  }

  it('are the same objects', () => {
    const child = new FakeProcess();
    const driver = receiver();
    const channel = nodeIpc(child, driver);
    channel.send({ type: 'reply', id: 1 });
    child.emit('message', { type: 'status' });
    child.emit('disconnect');
    assert.deepEqual(child.sent, [{ v: 1, type: 'reply', id: 1 }]);
    assert.deepEqual(driver.heard, [{ type: 'status' }, 'gone']);
  });

  it('have all left before the channel closes', async () => {
    const child = new FakeProcess();
    const channel = nodeIpc(child, receiver());
    channel.send({ type: 'stopped', reason: 'asked' });
    const closed = channel.close();
    await turn();
    assert.equal(child.connected, true);
    child.confirm();
    await closed;
    assert.equal(child.connected, false);
  });

  it('that nobody takes are bounded, and what was left out is said', () => {
    const child = new FakeProcess();
    const channel = nodeIpc(child, receiver());
    const log = { type: 'log', level: 'info', source: 'stdout', text: 'x' } as const;
    for (let count = 0; count < 30_000; count++) channel.send(log);
    channel.send({ type: 'reply', id: 1 });
    assert.ok(child.sent.length < 20_010, `${child.sent.length} messages`);
    assert.deepEqual(child.sent.at(-1), { v: 1, type: 'reply', id: 1 });
    child.confirm();
    channel.send(log);
    assert.match(JSON.stringify(child.sent.at(-2)), /9999 events were left out/);
  });

  it('are not sent to a driver that is gone', async () => {
    const child = new FakeProcess();
    const channel = nodeIpc(child, receiver());
    child.connected = false;
    channel.send({ type: 'reply', id: 1 });
    await channel.close();
    assert.deepEqual(child.sent, []);
  });
});
