/** The number of workers in each runtime, for the numbers in the configuration. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { NodeRuntime } from '../../../src/engine/workers/node/node-runtime.ts';
import { PythonRuntime } from '../../../src/engine/workers/python/python-runtime.ts';

const ASKED = { workers: 2, maxWorkers: 4 };

it('a Python app in thread mode has the configured number of processes, each with its own threads', () => {
  const guard = {
    guard: async () => {},
    spawned: () => {},
    childExited: () => {},
    ownerEnded: async () => {},
  };
  const python = new PythonRuntime({ interpreter: 'python3', threads: 32, processes: 1, guard });
  assert.deepEqual(python.limits('thread', ASKED), { workers: 1, maxWorkers: 1 });
  assert.deepEqual(python.limits('fork', ASKED), ASKED);
});

it('a Node app has the configured number of workers, in both modes', () => {
  const node = new NodeRuntime({ node: process.execPath, nodeArgs: [] });
  for (const mode of ['thread', 'fork'] as const) assert.deepEqual(node.limits(mode, ASKED), ASKED);
});
