/** What the window shows, from what a server says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { locationOf, parseOpenPath, textOf } from '../../src/extension/server/error-model.ts';
import { ServerModel } from '../../src/extension/server/server-model.ts';
import { parseSettings, type WrittenSettings } from '../../src/extension/settings/settings-model.ts';
import { type Translate, workersText } from '../../src/extension/views/labels.ts';
import { delayItem, serverItem } from '../../src/extension/views/status-bar-model.ts';
import { TreeDiff } from '../../src/extension/views/tree-diff.ts';
import { type TreeNode, treeNodes } from '../../src/extension/views/tree-model.ts';
import { DEFAULTS, type Mode } from '../../src/protocol/config.ts';
import type { ErrorCode, WireError } from '../../src/protocol/errors.ts';
import type { WorkerStatus } from '../../src/protocol/messages.ts';

const t: Translate = (message, ...args) =>
  message.replace(/\{(\d)\}/g, (_whole, at: string) => String(args[Number(at)]));
const NOW = 1_000_000;

function started(): ServerModel {
  const model = new ServerModel();
  model.starting(parseSettings({ workers: 2 }, { folder: '/shop', cores: 2, seed: 1 }));
  return model;
}

function ready(): ServerModel {
  const model = started();
  const url = 'http://127.0.0.1:8000/';
  model.apply(
    { type: 'ready', url, pid: 5, mode: 'thread', workers: 2, seed: 1, entry: '/shop/app.js' },
    NOW,
  );
  return model;
}

function worker(id: number, more: Partial<WorkerStatus>): { type: 'worker' } & WorkerStatus {
  const base = { mode: 'thread', generation: 1, pid: 5, threadId: id, inFlight: 0, done: 0 } as const;
  return { type: 'worker', ...base, id, state: 'idle', ...more };
}

function running(...workers: Array<Partial<WorkerStatus>>): ServerModel {
  const model = ready();
  workers.forEach((more, at) => {
    model.apply(worker(at + 1, more), NOW);
  });
  return model;
}

function shown(model: ServerModel, now = NOW): TreeNode {
  const [node] = treeNodes([{ key: 'k', name: 'shop', model }], now, t);
  assert.ok(node !== undefined);
  return node;
}

/** A start that failed at a place. */
const BROKEN = {
  code: 'APP_FAILED_TO_START',
  message: 'no\tdatabase',
  details: { file: '/shop/app.js', line: 3, column: 7 },
} as const;

describe('a server', () => {
  it('counts as running only when a worker accepts', () => {
    const model = ready();
    assert.equal(model.phase, 'starting');
    model.apply(worker(1, { state: 'starting' }), NOW);
    assert.equal(model.phase, 'starting');
    model.apply(worker(1, { state: 'idle' }), NOW);
    assert.equal(model.phase, 'running');
  });

  it('is broken while its app does not start, and running again when it does', () => {
    const model = ready();
    model.apply({ type: 'error', error: { code: 'APP_FAILED_TO_START', message: 'no database' } }, NOW);
    assert.equal(model.phase, 'broken');
    assert.match(shown(model).description, /^does not start/);
    model.apply(worker(2, { state: 'idle' }), NOW);
    assert.equal(model.phase, 'running');
    assert.equal(model.problem, undefined);
  });

  it('is reloading until new code accepts, or does not start although the old code still does', () => {
    const model = running({ state: 'busy' });
    const files: string[] = [];
    const report = { type: 'reload', generation: 2, files, ms: 1 } as const;
    model.apply({ ...report, state: 'started' }, NOW);
    assert.match(shown(model).description, /^reloading/);
    assert.equal(shown(model).icon, 'sync~spin');
    model.apply(worker(2, { state: 'starting', generation: 2 }), NOW);
    model.apply({ type: 'error', error: { ...BROKEN, code: 'APP_FAILED_TO_START' } }, NOW);
    model.apply({ ...report, state: 'failed' }, NOW);
    // What the workers of the old code do is no news of the new one.
    model.apply(worker(1, { state: 'idle' }), NOW);
    const node = shown(model);
    assert.match(node.description, /^does not start · no\\x09database · /);
    assert.deepEqual(node.location, { file: '/shop/app.js', line: 3, column: 7 });
    model.apply({ ...report, state: 'started' }, NOW);
    assert.match(shown(model).description, /^reloading/);
    model.apply(worker(3, { state: 'idle', generation: 3 }), NOW);
    model.apply({ ...report, state: 'done' }, NOW);
    assert.match(shown(model).description, /^running/);
    assert.equal(shown(model).location, undefined);
  });

  it('that was stopped is not shown', () => {
    const model = running({});
    model.ended('stopped');
    assert.deepEqual(treeNodes([{ key: 'k', name: 'shop', model }], NOW, t), []);
  });
});

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
    it(`says "${says}" two seconds after it was heard of`, () => {
      const model = running({});
      model.apply(worker(1, more), NOW);
      const [node] = shown(model, NOW + 2000).children;
      assert.equal(`${node?.label} · ${node?.description}`, `#1 ${says}`);
      assert.equal(node?.context, `worker.${more.state ?? 'idle'}`);
      assert.match(node?.accessibilityLabel ?? '', /^Worker 1, /);
      assert.notEqual(node?.icon, '');
    });
  }

  it('keeps its place by its number, and leaves when it has stopped', () => {
    const model = running({}, {}, {});
    model.apply(worker(2, { state: 'stopped' }), NOW);
    assert.deepEqual(
      shown(model).children.map(({ label }) => label),
      ['#1 idle', '#3 idle'],
    );
  });

  it('that died makes room for the one that takes its place', () => {
    const model = running({}, {});
    model.apply(worker(1, { state: 'crashed', exit: 'exit code 7' }), NOW);
    assert.equal(model.crashed, 1);
    model.apply(worker(1, { state: 'restarting', restartInMs: 0 }), NOW);
    model.apply(worker(3, { state: 'starting' }), NOW);
    assert.deepEqual([...model.workers.keys()], [2, 3]);
  });

  it('lists what it is serving, with nothing in it that could be taken for more than text', () => {
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

  it('keeps what it is serving in sight while other news of it comes, and grows old with it', () => {
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

describe('an error in the source', () => {
  const error = (code: ErrorCode, message: string, stack: string): WireError => ({
    code,
    message,
    details: { stack },
  });

  it('says the exception with its type, and whom it ended', () => {
    const node = '/shop/app.js:3\nx\n^\n\nTypeError: no database\n    at x (/shop/app.js:3:1)';
    const python = 'Traceback (most recent call last):\n  File "/shop/app.py", line 3\nValueError: too far\n';
    assert.equal(textOf(error('APP_FAILED_TO_START', 'no database', node)), 'TypeError: no database');
    assert.equal(
      textOf(error('WORKER_CRASHED', 'Worker 1 ended.', python)),
      'ValueError: too far\nWorker 1 ended.',
    );
    assert.equal(textOf(error('APP_FAILED_TO_START', 'It ended.', 'no stack')), 'It ended.');
  });

  it('has a place only where file and line are known', () => {
    assert.deepEqual(locationOf(BROKEN), { file: '/shop/app.js', line: 3, column: 7 });
    for (const details of [{}, { file: '/x' }, { line: 3 }, { file: 3, line: 3 }])
      assert.equal(locationOf({ ...BROKEN, details }), undefined);
  });

  it('is named by a link to us, on every system', () => {
    assert.deepEqual(parseOpenPath('/open/shop/a:b.js:3:7'), { file: '/shop/a:b.js', line: 3, column: 7 });
    assert.deepEqual(parseOpenPath('/open/C:/shop/app.js:3'), {
      file: '/C:/shop/app.js',
      line: 3,
      column: undefined,
    });
    assert.equal(parseOpenPath('/open/shop/app.js')?.line, 1);
    for (const other of ['/opener/x', '/open', '/open:3', '/']) assert.equal(parseOpenPath(other), undefined);
  });
});

describe('the status bar', () => {
  it('says where the server is and what runs in it', () => {
    const { text, accessibilityLabel } = serverItem([{ key: 'k', name: 'shop', model: running({}) }], NOW, t);
    assert.equal(text, '$(server-process) 127.0.0.1:8000 · 2 threads');
    assert.equal(accessibilityLabel, 'Concurrent Server shop: running, 127.0.0.1:8000, 2 threads');
  });

  it('counts the threads of a Python app, which are not its workers', () => {
    const text = (written: WrittenSettings, mode: Mode = 'thread'): string => {
      const model = new ServerModel();
      model.starting(parseSettings({ workers: 2, ...written }, { folder: '/shop', cores: 2, seed: 1 }));
      const url = 'http://127.0.0.1:8000/';
      model.apply({ type: 'ready', url, pid: 5, mode, workers: 2, seed: 1, entry: 'shop:app' }, NOW);
      return workersText(model, t);
    };
    assert.equal(text({}), '1 process, 32 threads');
    assert.equal(text({ processes: 2, threads: 4 }), '2 processes, 4 threads each');
    // Its settings asked for forks.
    assert.equal(text({}, 'fork'), '2 processes');
  });

  it('counts several servers, and shows that one of them is wrong', () => {
    const bad = ready();
    bad.apply({ type: 'error', error: { code: 'CRASH_LOOP', message: 'x' } }, NOW);
    const servers = [
      { key: 'a', name: 'one', model: running({}) },
      { key: 'b', name: '[x](command:evil)', model: bad },
    ];
    const { text, tooltip } = serverItem(servers, NOW, t);
    assert.equal(text, '$(error) 2 servers');
    assert.ok(!tooltip.includes('](command:evil'), tooltip);
  });

  it('toggles: off, or the range', () => {
    const delay = { enabled: true, min: 5, max: 50, routes: [] };
    assert.equal(delayItem(delay, undefined, t).text, '$(watch) Delay 5–50 ms');
    assert.equal(delayItem({ ...delay, enabled: false }, undefined, t).text, '$(circle-slash) Delay off');
  });
});

describe('the tree on the screen', () => {
  it('draws again only what changed, and keeps the rest the same', () => {
    const model = running({}, {});
    const tree = new TreeDiff();
    const draw = () => tree.update(treeNodes([{ key: 'k', name: 'shop', model }], NOW, t));
    assert.equal(draw(), 'all');
    const [root] = tree.roots;
    const [first, second] = root!.children;
    assert.deepEqual(draw(), []);
    model.apply(worker(2, { state: 'busy', inFlight: 1 }), NOW);
    assert.deepEqual(draw(), [second]);
    assert.equal(second?.label, '#2 busy 1');
    model.apply(worker(3, {}), NOW);
    assert.deepEqual(draw(), [root]);
    assert.deepEqual(root?.children.slice(0, 2), [first, second]);
    assert.equal(root?.children[0], first);
    model.ended('stopped');
    assert.equal(draw(), 'all');
  });
});
