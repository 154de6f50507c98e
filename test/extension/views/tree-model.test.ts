import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULTS } from '../../../src/protocol/config.ts';
import type { WorkerStatus } from '../../../src/protocol/messages.ts';
import { NOW, running, shown, worker } from '../server-in-states.ts';

describe('a worker in the tree', () => {
  for (const [more, says] of [
    [{ state: 'starting' }, 'starting · 0 served · thread 1'],
    [{ state: 'idle', done: 3 }, 'idle · 3 served · thread 1'],
    [{ state: 'busy', inFlight: 2 }, 'busy 2 · 0 served · thread 1'],
    [{ state: 'blocked', blockedMs: 3000, inFlight: 1 }, 'blocked for 5.0 s · 0 served · thread 1'],
    [{ state: 'draining' }, 'draining · 0 served · thread 1'],
    [{ state: 'restarting', restartInMs: 4000 }, 'restarting in 2 s · 0 served · thread 1'],
    [{ state: 'crashed' }, 'crashed · 0 served · thread 1'],
    [{ state: 'idle', memory: 12_345_678 }, 'idle · 0 served · 12 MB · thread 1'],
    [{ mode: 'fork', pid: 77 }, 'idle · 0 served · pid 77'],
  ] as Array<[Partial<WorkerStatus>, string]>) {
    it(`is shown as "${says}" two seconds after its event`, () => {
      const model = running({});
      model.apply(worker(1, more), NOW);
      const [node] = shown(model, NOW + 2000).children;
      assert.equal(`${node?.label} · ${node?.description}`, `#1 ${says}`);
      assert.equal(node?.context, `worker.${more.state ?? 'idle'}`);
      assert.match(node?.accessibilityLabel ?? '', /^Worker 1, /);
      assert.notEqual(node?.icon, '');
    });
  }

  it('is sorted by its number, and removed when it has stopped', () => {
    const model = running({}, {}, {});
    model.apply(worker(2, { state: 'stopped' }), NOW);
    assert.deepEqual(
      shown(model).children.map(({ label }) => label),
      ['#1 idle', '#3 idle'],
    );
  });

  it('is replaced by its successor after it crashed', () => {
    const model = running({}, {});
    model.apply(worker(1, { state: 'crashed', exit: 'exit code 7' }), NOW);
    assert.equal(model.crashed, 1);
    model.apply(worker(1, { state: 'restarting', restartInMs: 0 }), NOW);
    model.apply(worker(3, { state: 'starting' }), NOW);
    assert.deepEqual([...model.workers.keys()], [2, 3]);
  });

  it('lists its requests, with control characters escaped', () => {
    const model = running({ state: 'busy', inFlight: 1 });
    const requests = [{ id: 4, method: 'GET', target: '/a\u001b[31m\u202eb', ageMs: 100 }];
    const workers = [worker(1, { state: 'busy', inFlight: 1, requests })];
    const { randomDelay, overlap } = model;
    model.apply(
      {
        type: 'status',
        url: '',
        pid: 5,
        mode: 'thread',
        workers,
        queued: 0,
        inFlight: 1,
        served: 0,
        seed: 1,
        randomDelay,
        overlap,
        reload: { ...DEFAULTS.reload, watch: [] },
      },
      NOW,
    );
    const request = shown(model, NOW + 400).children[0]?.children[0];
    assert.equal(request?.label, 'GET /a\\x1b[31m\\u202eb');
    assert.equal(request?.description, '500 ms');
  });

  it('keeps its requests through other events, and their age grows', () => {
    const requests = [{ id: 4, method: 'GET', target: '/a', ageMs: 100 }];
    const model = running({ state: 'busy', inFlight: 1, requests });
    model.apply(worker(1, { state: 'blocked', blockedMs: 500, inFlight: 1 }), NOW + 1000);
    const [request] = shown(model, NOW + 2000).children[0]?.children ?? [];
    assert.deepEqual([request?.label, request?.description], ['GET /a', '2.1 s']);
    model.apply(worker(1, { state: 'idle', inFlight: 0 }), NOW + 3000);
    assert.deepEqual(shown(model, NOW + 3000).children[0]?.children, []);
  });

  it('counts the requests it does not list', () => {
    const requests = Array.from({ length: 30 }, (_, id) => ({ id, method: 'GET', target: '/', ageMs: 1 }));
    const model = running({ state: 'busy', inFlight: 45, requests });
    const children = shown(model).children[0]?.children ?? [];
    assert.equal(children.length, 21);
    assert.equal(children.at(-1)?.label, 'and 25 more');
  });
});
