import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Lifetime } from '../../src/cli/lifetime.ts';
import { FakeEngine } from './fake-engine.ts';

function create(engine = new FakeEngine()): { lifetime: Lifetime; engine: FakeEngine } {
  const lifetime = new Lifetime(engine, {
    draining: () => engine.calls.push('(draining)'),
    exit: () => engine.calls.push('(exit)'),
    stopTimeoutMs: 1000,
  });
  return { lifetime, engine };
}

describe('a server', () => {
  it('drains at the first signal, stops at once at the second, and exits at the third', async () => {
    const { lifetime, engine } = create();
    await lifetime.start();
    for (let count = 0; count < 3; count++) {
      lifetime.signal();
      await turn();
    }
    assert.deepEqual(engine.calls, ['start', '(draining)', 'stop signal', 'stop signal now', '(exit)']);
  });

  it('that is stopping stops at once at the first signal', async () => {
    const { lifetime, engine } = create();
    await lifetime.start();
    lifetime.stop('asked');
    lifetime.signal();
    await turn();
    assert.deepEqual(engine.calls, ['start', 'stop asked', 'stop signal now']);
  });

  it('that is starting is stopped after it has started, not before', async () => {
    const { lifetime, engine } = create();
    let go = (): void => {};
    engine.starting = new Promise((resolve) => {
      go = resolve;
    });
    const started = lifetime.start();
    lifetime.signal();
    await turn();
    assert.deepEqual(engine.calls, ['start', '(draining)']);
    go();
    await started;
    await turn();
    assert.deepEqual(engine.calls, ['start', '(draining)', 'stop signal']);
  });

  it('that did not start is not stopped', async () => {
    const { lifetime, engine } = create();
    engine.starting = Promise.reject(new Error('taken'));
    await assert.rejects(lifetime.start(), /taken/);
    lifetime.stop('parent gone');
    await turn();
    assert.deepEqual(engine.calls, ['start']);
  });

  it('whose parent has exited exits although its stop hangs, but not too early', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { lifetime, engine } = create();
    await lifetime.start();
    lifetime.stop('parent gone');
    await turn();
    assert.deepEqual(engine.calls, ['start', 'stop parent gone']);
    t.mock.timers.tick(3499);
    await turn();
    assert.deepEqual(engine.calls, ['start', 'stop parent gone']);
    t.mock.timers.tick(1);
    assert.deepEqual(engine.calls.slice(2), ['(exit)']);
  });

  it('whose stop fails exits nevertheless', async () => {
    const { lifetime, engine } = create();
    engine.stop = () => Promise.reject(new Error('stuck'));
    await lifetime.start();
    lifetime.stop('asked');
    await turn();
    assert.deepEqual(engine.calls, ['start', '(exit)']);
  });
});
