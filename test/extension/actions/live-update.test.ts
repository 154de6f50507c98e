import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { updateOf } from '../../../src/extension/actions/live-update.ts';
import {
  parseSettings,
  type Settings,
  type WrittenSettings,
  withChosen,
} from '../../../src/extension/settings/settings-model.ts';

/** Settings as they are read; each reading draws a seed. */
function read(written: WrittenSettings, seed = 1): Settings {
  return parseSettings(written, { folder: '/shop', cores: 2, seed });
}

/** A server that was started with these settings. */
function started(written: WrittenSettings) {
  const settings = read(written);
  return { written: settings, running: settings };
}

describe('a change of the settings', () => {
  it('is sent to the server, and is no change afterwards', () => {
    const after = { workers: 3, 'randomDelay.enabled': true };
    const { live, restart, next } = updateOf(started({ workers: 2 }), read(after));
    assert.equal(live?.workers, 3);
    assert.equal(live?.randomDelay?.enabled, true);
    assert.deepEqual(restart, []);
    assert.equal(next.running.config.workers, 3);
    assert.equal(updateOf(next, read(after)).live, undefined);
  });

  it('that needs a restart is offered again with the next change, until it is taken back', () => {
    const { live, restart, next } = updateOf(started({}), read({ maxRequestsPerWorker: 9 }));
    assert.equal(live, undefined);
    assert.deepEqual(restart, ['concurrentServer.maxRequestsPerWorker']);
    assert.equal(next.running.config.maxRequestsPerWorker, 0);
    const again = updateOf(next, read({ maxRequestsPerWorker: 9, workers: 3 }));
    assert.deepEqual(again.restart, ['concurrentServer.maxRequestsPerWorker']);
    assert.deepEqual(updateOf(again.next, read({ workers: 3 })).restart, []);
  });

  it('is not another seed, unless the user chose it', () => {
    assert.equal(updateOf(started({}), read({}, 2)).live, undefined);
    const { live, next } = updateOf(started({}), read({ 'randomDelay.seed': 7 }, 2));
    assert.equal(live?.seed, 7);
    assert.equal(next.running.seeded, true);
    assert.equal(updateOf(next, read({}, 3)).next.running.seeded, false);
  });

  it('leaves alone what was chosen for the running server', () => {
    const { written } = started({});
    const known = { written, running: withChosen(written, { port: 9000, python: '/venv' }) };
    const { config } = updateOf(known, read({ workers: 3 })).next.running;
    assert.deepEqual([config.port, config.python, config.workers], [9000, '/venv', 3]);
  });
});
