import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Reloader, type ReloadTarget } from '../../../src/engine/reload/reloader.ts';
import { DEFAULTS } from '../../../src/protocol/config.ts';

/** Longer than any silence that is waited for. */
const LONG_MS = 1000;
const CONFIG = { ...DEFAULTS.reload, watch: [] };

describe('the reloader', () => {
  let said: string[];
  let generation: number;
  let reloader: Reloader;

  afterEach(() => mock.timers.reset());
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    said = [];
    generation = 1;
    const target: ReloadTarget = {
      hold: () => said.push('hold'),
      renew: () => {
        said.push('renew');
        generation += 1;
        return Promise.resolve(generation);
      },
      late: (answer) => said.push(`late: ${answer}`),
      report: ({ state, files }) => said.push(`${state} ${files.join()}`),
    };
    reloader = new Reloader(CONFIG, target);
  });

  /** Lets time pass, and what follows from it happen. */
  async function pass(ms: number): Promise<void> {
    mock.timers.tick(ms);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }

  it('holds requests from the first change on, and starts new workers after the last', async () => {
    reloader.changed('/a');
    await pass(40);
    reloader.changed('/b');
    await pass(40);
    assert.deepEqual(said, ['hold', 'hold']);
    await pass(LONG_MS);
    assert.deepEqual(said.slice(2), ['renew', 'started /a,/b']);
    reloader.accepted(2);
    assert.equal(said.at(-1), 'done /a,/b');
  });

  it('does not take workers that were started before the last change for the new ones', async () => {
    reloader.changed('/a');
    await pass(LONG_MS);
    reloader.changed('/b');
    reloader.accepted(2);
    reloader.failed(2);
    assert.equal(said.at(-1), 'hold');
    await pass(LONG_MS);
    reloader.accepted(2);
    assert.equal(said.at(-1), 'started /a,/b');
    reloader.accepted(3);
    assert.equal(said.at(-1), 'done /a,/b');
  });

  it('waits longer for what pauses between its writes', async () => {
    reloader.changed('/a');
    await pass(50);
    assert.equal(said.at(-1), 'started /a');
    reloader.changed('/b');
    await pass(100);
    assert.equal(said.at(-1), 'hold');
    await pass(50);
    assert.equal(said.at(-1), 'started /a,/b');
  });

  it('says when requests have waited for as long as they may, and never after the end', async () => {
    reloader.configure({ ...CONFIG, waitMs: 200, late: 'old' });
    reloader.changed('/a');
    await pass(199);
    assert.ok(!said.includes('late: old'));
    await pass(1);
    assert.ok(said.includes('late: old'));
    reloader.failed(2);
    assert.equal(said.at(-1), 'failed /a');
    reloader.changed('/a');
    await pass(60);
    reloader.accepted(3);
    await pass(LONG_MS);
    assert.equal(said.at(-1), 'done /a');
  });

  it('holds requests and starts workers at once when it is asked to, and reports no files', async () => {
    reloader.restart();
    await pass(0);
    assert.deepEqual(said, ['hold', 'renew', 'started ']);
  });

  it('does nothing when it is switched off', async () => {
    reloader.configure({ ...CONFIG, enabled: false });
    reloader.changed('/a');
    await pass(LONG_MS);
    assert.deepEqual(said, []);
  });
});
