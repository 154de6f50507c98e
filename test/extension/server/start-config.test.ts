import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asRunning, toStart } from '../../../src/extension/server/start-config.ts';
import { parseSettings, type WrittenSettings } from '../../../src/extension/settings/settings-model.ts';
import { running } from '../server-in-states.ts';

function settings(written: WrittenSettings) {
  return parseSettings(written, { folder: '/shop', cores: 2, seed: 9 });
}

describe('the configuration of a start', () => {
  it('has a seed only if the user chose one', () => {
    assert.equal('seed' in toStart(settings({}), {}), false);
    assert.equal(toStart(settings({ 'randomDelay.seed': 7 }), {}).seed, 7);
  });

  it('takes over a port only on request', () => {
    assert.notEqual(toStart(settings({}), {}).takeOver, true);
    assert.equal(toStart(settings({}), { takeOver: true }).takeOver, true);
  });
});

describe('the configuration of a restart', () => {
  it('has what was changed while the server ran', () => {
    const model = running({});
    model.changed({ mode: 'fork', randomDelay: { enabled: true, min: 5, max: 9 }, overlap: { size: 2 } });
    const { config } = asRunning(settings({}), model);
    assert.equal(config.mode, 'fork');
    assert.deepEqual(config.randomDelay, { enabled: true, min: 5, max: 9, routes: [] });
    assert.equal(config.overlap.size, 2);
    assert.ok(['mode', 'randomDelay'].every((name) => config.given.includes(name)));
  });

  it('has the port that the system chose, and otherwise the configured one', () => {
    const port = (configured: number, url: string | undefined) => {
      const { mode, randomDelay, overlap } = running({});
      return asRunning(settings({ port: configured }), { url, mode, randomDelay, overlap }).config.port;
    };
    assert.equal(port(0, 'http://127.0.0.1:34567/'), 34_567);
    assert.equal(port(0, 'http://127.0.0.1/'), 80);
    assert.equal(port(0, undefined), 0);
    assert.equal(port(8000, 'http://127.0.0.1:8000/'), 8000);
  });
});
