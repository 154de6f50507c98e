import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Session } from '../../../src/extension/server/session.ts';

const NOW = 1_000_000;

/** The state of a workspace, which VS Code keeps from one window to the next. */
function workspaceState() {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, otherwise?: T) => (values.has(key) ? (values.get(key) as T) : otherwise),
    update: async (key: string, value: unknown) => {
      if (value === undefined) values.delete(key);
      else values.set(key, structuredClone(value));
    },
  };
}

describe('the next window', () => {
  it('restarts the servers that ran when it was reloaded, on their ports, and only once', async () => {
    const state = workspaceState();
    const session = new Session(state);
    session.started('shop', 8000);
    session.started('blog', 8001);
    session.stopped('blog');
    await session.left(NOW);
    assert.deepEqual(new Session(state).restore(NOW + 29_000), { shop: 8000 });
    assert.deepEqual(new Session(state).restore(NOW + 29_000), {});
  });

  it('restarts none that ran when a window was closed', async () => {
    const state = workspaceState();
    const session = new Session(state);
    session.started('shop', 8000);
    await session.left(NOW);
    assert.deepEqual(new Session(state).restore(NOW + 31_000), {});
  });

  it('restarts those of an extension host that died, whenever that was', () => {
    const state = workspaceState();
    new Session(state).started('shop', 8000);
    assert.deepEqual(new Session(state).restore(NOW + 1e9), { shop: 8000 });
  });

  it('finds nothing after the last server was stopped', async () => {
    const state = workspaceState();
    const session = new Session(state);
    session.started('shop', 8000);
    session.stopped('shop');
    session.stopped('shop');
    await session.left(NOW);
    assert.deepEqual(state.keys(), []);
  });
});
