/** What is loaded before the app's main module: our half of the worker, and what the app's own flags ask for. */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const PRELOADED = Symbol.for('concurrent-server.preloaded');
/** Flags by which Node loads its main module later than at once; a file may have some of them too. */
const DEFERRING =
  /(?:^|[\s"])--(?:import|loader|experimental-loader|env-file|experimental-[\w-]*config-file)\b/;

/**
 * The flags of a worker. Ours comes before the app's: a preload that asks whether it is in the main thread, or
 * wraps `listen`, then finds what the app finds.
 *
 * @param ours absolute path of the worker's half
 * @param workersDir folder of the built workers' halves
 */
export function workerFlags(
  ours: string,
  nodeArgs: readonly string[],
  nodeOptions: string | undefined,
  workersDir: string,
): string[] {
  const deferred = [...nodeArgs, nodeOptions ?? ''].some((text) => DEFERRING.test(text));
  const last = pathToFileURL(path.join(workersDir, 'node/preloaded.mjs')).href;
  return ['--require', ours, ...nodeArgs, ...(deferred ? ['--import', last] : [])];
}

/**
 * Takes our flags out of `process.execArgv`: children of the app inherit it, and are not workers.
 *
 * @param ours absolute path of the worker's half
 * @returns whether the preloads of the app come before the main module and may take their time
 */
export function hideFlags(ours: string): boolean {
  const { execArgv } = process;
  const own = execArgv.findIndex((word, at) => word === '--require' && execArgv[at + 1] === ours);
  if (own >= 0) execArgv.splice(own, 2);
  const deferred = execArgv.at(-2) === '--import' && execArgv.at(-1)!.endsWith('/node/preloaded.mjs');
  if (deferred) execArgv.splice(-2, 2);
  return deferred;
}

/** The path under which Node loads its main module: without links, unless a flag keeps them. */
export function mainModule(entry: string): string {
  const flags = [...process.execArgv, process.env.NODE_OPTIONS ?? ''];
  return flags.some((text) => text.includes('--preserve-symlinks-main')) ? entry : fs.realpathSync(entry);
}

/** Calls back when Node has started to load its main module. Only then may we import it. */
export function afterPreloads(deferred: boolean, begun: () => void): void {
  if (!deferred) {
    setImmediate(begun);
    return;
  }
  Object.defineProperty(globalThis, PRELOADED, {
    configurable: true,
    value: () => {
      Reflect.deleteProperty(globalThis, PRELOADED);
      // Node goes on with the main module before the event loop turns.
      setImmediate(begun);
    },
  });
}
