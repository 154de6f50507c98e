import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServerModel } from '../../../src/extension/server/server-model.ts';
import { parseSettings, type WrittenSettings } from '../../../src/extension/settings/settings-model.ts';
import { workersText } from '../../../src/extension/views/labels.ts';
import { delayItem, serverItem } from '../../../src/extension/views/status-bar-model.ts';
import type { Mode } from '../../../src/protocol/config.ts';
import { NOW, ready, running, t } from '../server-in-states.ts';

describe('the status bar', () => {
  it('shows the address and the workers', () => {
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
    // The project's own settings asked for forks.
    assert.equal(text({}, 'fork'), '2 processes');
  });

  it('counts several servers, and shows an error of any of them', () => {
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
