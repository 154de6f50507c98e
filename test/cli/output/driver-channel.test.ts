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

function receiver(): Receiver & { received: unknown[] } {
  const received: unknown[] = [];
  return {
    received,
    message: (input) => received.push(input),
    malformed: ({ code, message }) => received.push(`${code} ${message}`),
    disconnected: () => received.push('disconnected'),
  };
}

/** Resolves when something more was received. */
async function more(received: unknown[], count: number): Promise<void> {
  const deadline = Date.now() + 5000;
  while (received.length < count && Date.now() < deadline) await turn();
  assert.ok(received.length >= count, `received only ${JSON.stringify(received)}`);
}

describe('JSON lines', () => {
  function open() {
    const stdin = new PassThrough();
    const stdout = new PassThrough();
    const driver = receiver();
    const channel: Channel = jsonLines(stdin, { stdout, stderr: new PassThrough() }, driver);
    return { stdin, stdout, channel, received: driver.received };
  }

  it('are objects with a version, one per line, whatever they contain', async () => {
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

  it('that are malformed are reported, and the next is received', async () => {
    const { stdin, received } = open();
    stdin.write('{"type":"restart"}\n{oops}\nnull\n{"type":"stop"}\n');
    await more(received, 4);
    assert.deepEqual(received, [
      { type: 'restart' },
      'BAD_COMMAND The line is not JSON: {oops}',
      null,
      { type: 'stop' },
    ]);
  });

  it('include the last one, even without a line break', async () => {
    const { stdin, received } = open();
    stdin.end('{"type":"status"}');
    await more(received, 2);
    assert.deepEqual(received, [{ type: 'status' }, 'disconnected']);
  });

  it('report a reader that has closed', async () => {
    const { stdout, channel, received } = open();
    stdout.destroy(new Error('EPIPE'));
    await more(received, 1);
    assert.deepEqual(received, ['disconnected']);
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
    assert.deepEqual(driver.received, [{ type: 'status' }, 'disconnected']);
  });

  it('are all sent before the channel closes', async () => {
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

  it('are bounded if they are not received, and the number of dropped ones is reported', () => {
    const child = new FakeProcess();
    const channel = nodeIpc(child, receiver());
    const log = { type: 'log', level: 'info', source: 'stdout', text: 'x' } as const;
    for (let count = 0; count < 30_000; count++) channel.send(log);
    channel.send({ type: 'reply', id: 1 });
    assert.ok(child.sent.length < 20_010, `${child.sent.length} messages`);
    assert.deepEqual(child.sent.at(-1), { v: 1, type: 'reply', id: 1 });
    child.confirm();
    channel.send(log);
    assert.match(JSON.stringify(child.sent.at(-2)), /9999 events were dropped/);
  });

  it('are not sent to a driver that has exited', async () => {
    const child = new FakeProcess();
    const channel = nodeIpc(child, receiver());
    child.connected = false;
    channel.send({ type: 'reply', id: 1 });
    await channel.close();
    assert.deepEqual(child.sent, []);
  });
});
