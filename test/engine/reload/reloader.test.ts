import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { MAX_SERIES_MS } from '../../../src/engine/reload/debounce.ts';
import { OBSOLETE_STARTS, Reloader, type ReloadTarget } from '../../../src/engine/reload/reloader.ts';
import { DEFAULTS } from '../../../src/protocol/config.ts';

/** Longer than any wait for silence. */
const LONG_MS = 1000;
const STEP_MS = 10;
const CONFIG = { ...DEFAULTS.reload, watch: [] };

describe('the reloader', () => {
  let said: string[];
  let generation: number;
  let waiting: boolean;
  let reloader: Reloader;

  afterEach(() => mock.reset());
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    // The mocked clock replaces both.
    mock.method(performance, 'now', () => Date.now());
    said = [];
    generation = 1;
    waiting = false;
    const target: ReloadTarget = {
      hold: () => said.push('hold'),
      release: () => said.push('release'),
      get waiting() {
        return waiting;
      },
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

  const change = (file: string, generation?: number, isHalf = false): boolean =>
    reloader.changed({ file, generation, isHalf });

  /** Lets time pass and handles its events. */
  async function pass(ms: number): Promise<void> {
    // A timer sees the clock after the whole tick, so ticks are short.
    for (let left = ms; left > 0 || left === ms; left -= STEP_MS) {
      mock.timers.tick(Math.min(left, STEP_MS));
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
  }

  it('holds requests from the first change on, and starts new workers after the last one', async () => {
    change('/a');
    await pass(40);
    change('/b');
    await pass(40);
    assert.deepEqual(said, ['hold']);
    await pass(LONG_MS);
    assert.deepEqual(said.slice(1), ['renew', 'started /a,/b']);
    reloader.accepted(2);
    assert.equal(said.at(-1), 'done /a,/b');
  });

  it('does not count workers that started before the last change as new', async () => {
    change('/a');
    await pass(LONG_MS);
    change('/b');
    reloader.accepted(2);
    reloader.failed(2);
    assert.equal(said.at(-1), 'hold');
    await pass(LONG_MS);
    reloader.accepted(2);
    assert.equal(said.at(-1), 'started /a,/b');
    reloader.accepted(3);
    assert.equal(said.at(-1), 'done /a,/b');
  });

  it('waits longer for a tool that pauses between its writes', async () => {
    change('/a');
    await pass(50);
    assert.equal(said.at(-1), 'started /a');
    change('/b');
    await pass(100);
    assert.equal(said.at(-1), 'hold');
    await pass(50);
    assert.equal(said.at(-1), 'started /a,/b');
  });

  it('waits for the configured silence before it counts the files as complete', async () => {
    reloader.configure({ ...CONFIG, debounceMs: 300 });
    change('/a');
    await pass(290);
    assert.equal(said.at(-1), 'hold');
    await pass(10);
    assert.equal(said.at(-1), 'started /a');
  });

  it('reports that requests have waited for the longest time allowed, and never after its end', async () => {
    reloader.configure({ ...CONFIG, waitMs: 200, late: 'old' });
    change('/a');
    await pass(199);
    assert.ok(!said.includes('late: old'));
    await pass(1);
    assert.ok(said.includes('late: old'));
    reloader.failed(2);
    assert.equal(said.at(-1), 'failed /a');
    change('/a');
    await pass(60);
    reloader.accepted(3);
    await pass(LONG_MS);
    assert.equal(said.at(-1), 'done /a');
  });

  it('holds requests and starts workers at once on a restart, and reports no files', async () => {
    reloader.restart();
    await pass(0);
    assert.deepEqual(said, ['hold', 'renew', 'started ']);
  });

  it('lets one start finish after three that saves made obsolete, and then starts the newest code', async () => {
    change('/a', 1);
    for (let saves = 0; saves <= OBSOLETE_STARTS; saves++) {
      await pass(LONG_MS);
      assert.equal(said.at(-1), 'started /a');
      change('/a');
    }
    // The last of these saves came during the start that may finish.
    const started = generation;
    assert.ok(!said.slice(said.lastIndexOf('started /a')).includes('hold'));
    await pass(LONG_MS);
    assert.equal(generation, started);
    reloader.accepted(started);
    assert.equal(said.at(-1), 'done /a');
    await pass(LONG_MS);
    assert.equal(said.at(-1), 'started /a');
    change('/a');
    assert.equal(said.at(-1), 'hold');
  });

  it('lets such a start serve while requests wait for it, but at most for a second', async () => {
    change('/a', 1);
    for (let saves = 0; saves <= OBSOLETE_STARTS; saves++) {
      await pass(LONG_MS);
      change('/a');
    }
    waiting = true;
    reloader.accepted(generation);
    await pass(900);
    assert.equal(said.at(-1), 'done /a');
    await pass(200);
    assert.equal(said.at(-1), 'started /a');
  });

  it('does not let a start finish that has loaded half a file', async () => {
    change('/a', 1);
    for (let saves = 0; saves < OBSOLETE_STARTS; saves++) {
      await pass(LONG_MS);
      change('/a');
    }
    await pass(LONG_MS);
    change('/a', generation, true);
    assert.equal(said.at(-1), 'hold');
    reloader.accepted(generation);
    await pass(LONG_MS);
    assert.equal(said.at(-1), 'started /a');
    reloader.accepted(generation);
    assert.equal(said.at(-1), 'done /a');
  });

  it('does not report a failure of such a start, because a later save may fix it', async () => {
    change('/a', 1);
    for (let saves = 0; saves <= OBSOLETE_STARTS; saves++) {
      await pass(LONG_MS);
      change('/a');
    }
    reloader.failed(generation);
    assert.equal(said.at(-1), 'hold');
    await pass(LONG_MS);
    reloader.accepted(generation);
    assert.equal(said.at(-1), 'done /a');
    assert.ok(!said.some((text) => text.startsWith('failed')));
  });

  it('starts after a while even if changes never pause', async () => {
    for (let ms = 0; ms < MAX_SERIES_MS + 40; ms += 40) {
      change('/a');
      await pass(40);
    }
    assert.ok(said.includes('started /a'));
  });

  it('does not start again for a file that the starting workers have not loaded yet', async () => {
    change('/a', 1);
    await pass(LONG_MS);
    change('/b', 1);
    reloader.accepted(2);
    assert.deepEqual(said.slice(-2), ['started /a', 'done /a']);
    change('/a', 2);
    await pass(LONG_MS);
    change('/a', 3);
    reloader.accepted(3);
    assert.equal(said.at(-1), 'hold');
  });

  it('releases requests without a start after a false change', async () => {
    change('/a', 1);
    assert.ok(reloader.dismiss('/a'));
    await pass(LONG_MS);
    assert.deepEqual(said, ['hold', 'release']);
    assert.ok(!reloader.dismiss('/a'));
  });

  it('accepts the started workers after a false change, even if they accepted before it was known', async () => {
    change('/a', 1);
    await pass(LONG_MS);
    change('/a', 2);
    reloader.accepted(2);
    assert.ok(reloader.dismiss('/a'));
    assert.deepEqual(said.slice(-3), ['hold', 'done /a', 'release']);
  });

  it('holds requests while a possible change is checked', () => {
    reloader.looking(true);
    reloader.looking(false);
    assert.deepEqual(said, ['hold', 'release']);
    reloader.looking(true);
    change('/a', 1);
    reloader.looking(false);
    assert.deepEqual(said.slice(2), ['hold']);
  });

  it('waits for a check before it reports the outcome of a start', async () => {
    for (const look of ['looking', 'adding'] as const) {
      change('/a', 1);
      await pass(LONG_MS);
      reloader[look](true);
      reloader.failed(generation);
      assert.equal(said.at(-1), 'hold');
      change('/b', generation);
      reloader[look](false);
      await pass(LONG_MS);
      reloader[look](true);
      reloader.accepted(generation);
      assert.equal(said.at(-1), 'hold');
      reloader[look](false);
      assert.deepEqual(said.slice(-2), ['done /a,/b', 'release']);
    }
    assert.ok(!said.some((text) => text.startsWith('failed')));
  });

  it('does nothing when it is turned off', async () => {
    reloader.configure({ ...CONFIG, enabled: false });
    change('/a');
    await pass(LONG_MS);
    assert.deepEqual(said, []);
  });
});
