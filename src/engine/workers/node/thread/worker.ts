/** The worker's half of thread mode. Preloaded before the app, in a `worker_threads` worker. */
import { createRequire } from 'node:module';
import v8 from 'node:v8';
import workerThreads, { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { EXIT_GRACE_MS } from '../../exit-grace.ts';
import { boot } from '../inside/boot.ts';
import { WorkerLink } from '../inside/worker-link.ts';
import { Addons } from './addons.ts';
import { DESCRIPTORS, type Descriptors, type ThreadBootData } from './boot-data.ts';
import { useOwnDescriptors } from './own-descriptors.ts';
import { keepOwnSignals } from './own-signals.ts';
import { SoftExit } from './soft-exit.ts';

const data = workerThreads.workerData as ThreadBootData | null;
if (data !== null && typeof data === 'object' && data.concurrentServer === true) {
  const { port, claims, entry, movable, descriptors, secret, terminal, races } = data;
  setEnvironmentData(DESCRIPTORS, descriptors);
  useOwnDescriptors(descriptors);
  const link = new WorkerLink(
    {
      send: (bytes) => port.postMessage(bytes, [bytes.buffer as ArrayBuffer]),
      ref: () => port.ref(),
      unref: () => port.unref(),
    },
    claims,
  );
  port.on('message', (bytes: Uint8Array) => {
    link.feed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });
  port.unref();
  pretendMainThread();
  keepOwnSignals();
  const addons = new Addons();
  const softExit = new SoftExit(() => link.control({ type: 'standsStill' }));
  const end = (): void => {
    if (addons.risky) softExit.begin();
    else process.exit(0);
  };
  const shim = boot(link, {
    entry,
    output: { stdout: descriptors.stdout, secret },
    terminal,
    races,
    isQuiet: () => {
      const active = process.getActiveResourcesInfo();
      return active.length === 1 && active[0] === 'MessagePort';
    },
    memory: () => {
      const heap = v8.getHeapStatistics();
      return heap.total_heap_size + heap.external_memory;
    },
    shutdown: (now) => {
      // Threads get no signals, so the app's handlers are called here.
      if (now || !process.emit('SIGTERM', 'SIGTERM')) end();
      else if (addons.risky) setTimeout(end, EXIT_GRACE_MS).unref();
    },
  });
  addons.watch(link, { movable, serves: () => shim.used, risk: () => softExit.install() });
} else {
  // One of the app's own worker threads: logging libraries write to descriptor 1 from such a thread.
  const inherited = getEnvironmentData(DESCRIPTORS) as Descriptors | undefined;
  if (inherited !== undefined) useOwnDescriptors(inherited);
}

/** Apps use `isMainThread` to distinguish the app from its own workers; this is the app. */
function pretendMainThread(): void {
  const exports = createRequire(__filename)('node:worker_threads') as Record<string, unknown>;
  exports.isMainThread = true;
  exports.parentPort = null;
  exports.workerData = null;
  (createRequire(__filename)('node:module') as { syncBuiltinESMExports(): void }).syncBuiltinESMExports();
}
