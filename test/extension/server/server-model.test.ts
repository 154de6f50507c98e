import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { treeNodes } from '../../../src/extension/views/tree-model.ts';
import { BROKEN, NOW, ready, running, shown, t, worker } from '../server-in-states.ts';

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
    // Workers with the old code do not count.
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

  it('is not shown after it was stopped', () => {
    const model = running({});
    model.stopped();
    assert.deepEqual(treeNodes([{ key: 'k', name: 'shop', model }], NOW, t), []);
  });

  it('ignores the state of its process after it was stopped', () => {
    const model = running({});
    model.stopping();
    model.apply({ type: 'error', error: BROKEN }, NOW);
    assert.equal(model.phase, 'stopping');
    model.stopped();
    model.apply(worker(1, { state: 'idle' }), NOW);
    assert.equal(model.phase, 'stopped');
    assert.equal(model.problem, undefined);
  });

  it('forgets its process when that dies, and names the problem and the time of the restart', () => {
    const model = running({ state: 'busy' }, {});
    const problem = { code: 'INTERNAL', message: 'It died.' } as const;
    model.restarting(problem, NOW + 500);
    assert.deepEqual([model.url, model.pid, model.workers.size], [undefined, undefined, 0]);
    assert.deepEqual([model.phase, model.problem, model.restartAt], ['restarting', problem, NOW + 500]);
    assert.match(shown(model).description, /^restarting in 1 s/);
  });
});
