/** Servers in the states that the tests of models, views and notifications need. */
import assert from 'node:assert/strict';
import { ServerModel } from '../../src/extension/server/server-model.ts';
import { parseSettings } from '../../src/extension/settings/settings-model.ts';
import type { Translate } from '../../src/extension/views/labels.ts';
import { type TreeNode, treeNodes } from '../../src/extension/views/tree-model.ts';
import type { WorkerStatus } from '../../src/protocol/messages.ts';

export const t: Translate = (message, ...args) =>
  message.replace(/\{(\d)\}/g, (_whole, at: string) => String(args[Number(at)]));

/** The time of all events, in ms since the epoch. */
export const NOW = 1_000_000;

function started(): ServerModel {
  const model = new ServerModel();
  model.starting(parseSettings({ workers: 2 }, { folder: '/shop', cores: 2, seed: 1 }));
  return model;
}

export function ready(): ServerModel {
  const model = started();
  const url = 'http://127.0.0.1:8000/';
  model.apply(
    { type: 'ready', url, pid: 5, mode: 'thread', workers: 2, seed: 1, entry: '/shop/app.js' },
    NOW,
  );
  return model;
}

export function worker(id: number, more: Partial<WorkerStatus>): { type: 'worker' } & WorkerStatus {
  const base = { mode: 'thread', generation: 1, pid: 5, threadId: id, inFlight: 0, done: 0 } as const;
  return { type: 'worker', ...base, id, state: 'idle', ...more };
}

export function running(...workers: Array<Partial<WorkerStatus>>): ServerModel {
  const model = ready();
  workers.forEach((more, at) => {
    model.apply(worker(at + 1, more), NOW);
  });
  return model;
}

/** The server's node in the tree. */
export function shown(model: ServerModel, now = NOW): TreeNode {
  const [node] = treeNodes([{ key: 'k', name: 'shop', model }], now, t);
  assert.ok(node !== undefined);
  return node;
}

/** A start that failed at a location. */
export const BROKEN = {
  code: 'APP_FAILED_TO_START',
  message: 'no\tdatabase',
  details: { file: '/shop/app.js', line: 3, column: 7 },
} as const;
