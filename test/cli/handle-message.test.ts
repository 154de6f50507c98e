import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { handleMessage } from '../../src/cli/handle-message.ts';
import type { ServerEvent } from '../../src/protocol/messages.ts';
import { FakeEngine } from './fake-engine.ts';

/** The events that a driver receives for a message. */
async function answer(input: unknown, engine = new FakeEngine()): Promise<ServerEvent[]> {
  const sent: ServerEvent[] = [];
  await handleMessage(input, {
    engine,
    started: Promise.resolve(),
    send: (event) => sent.push(event),
    stop: (now) => engine.calls.push(`stop, now: ${now}`),
  });
  return sent;
}

describe('a command', () => {
  it('with an id is answered', async () => {
    const engine = new FakeEngine();
    assert.deepEqual(await answer({ type: 'restart', id: 7 }, engine), [{ type: 'reply', id: 7 }]);
    assert.deepEqual(engine.calls, ['restart']);
  });

  it('without an id gets no reply', async () => {
    assert.deepEqual(await answer({ type: 'restart' }), []);
  });

  it('for the status is answered only by the status', async () => {
    // A real engine emits the status itself; this one emits nothing.
    assert.deepEqual(await answer({ type: 'status', id: 7 }), []);
  });

  it('that fails is answered with an error, with or without an id', async () => {
    const error = { code: 'NO_SUCH_WORKER', message: 'There is no worker 9.' };
    assert.deepEqual(await answer({ type: 'killWorker', worker: 9, id: 7 }), [
      { type: 'error', error, id: 7 },
    ]);
    assert.deepEqual(await answer({ type: 'killWorker', worker: 9 }), [{ type: 'error', error }]);
  });

  it('that is unknown is answered with an error, and does not reach the engine', async () => {
    const engine = new FakeEngine();
    const [event] = await answer({ type: 'dance', id: 3 }, engine);
    assert.ok(event?.type === 'error');
    assert.equal(event.error.code, 'BAD_COMMAND');
    assert.equal(event.id, 3);
    assert.deepEqual(engine.calls, []);
  });

  it('to stop is answered at once, so that `stopped` comes last', async () => {
    const engine = new FakeEngine();
    assert.deepEqual(await answer({ type: 'stop', id: 1 }, engine), [{ type: 'reply', id: 1 }]);
    assert.deepEqual(await answer({ type: 'stop', now: true }, engine), []);
    assert.deepEqual(engine.calls, ['stop, now: false', 'stop, now: true']);
  });

  it('waits until the server has started, unless it is a stop', async () => {
    const engine = new FakeEngine();
    let start = (): void => {};
    const started = new Promise<void>((resolve) => {
      start = resolve;
    });
    const handler = { engine, started, send: () => {}, stop: () => engine.calls.push('stop') };
    const restart = handleMessage({ type: 'restart' }, handler);
    await handleMessage({ type: 'stop' }, handler);
    assert.deepEqual(engine.calls, ['stop']);
    start();
    await restart;
    assert.deepEqual(engine.calls, ['stop', 'restart']);
  });
});
