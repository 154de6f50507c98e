import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portsAfter } from '../../../src/extension/actions/next-ports.ts';

describe('the ports after a taken one', () => {
  it('are the next 50, in order', () => {
    const ports = portsAfter(8000);
    assert.deepEqual([ports.length, ports[0], ports.at(-1)], [50, 8001, 8050]);
  });

  it('end at the last port that there is', () => {
    assert.deepEqual(portsAfter(65_533), [65_534, 65_535]);
    assert.deepEqual(portsAfter(65_535), []);
  });
});
