/** The modules loaded before the app's main module: the worker's half, and the preloads in the app's own flags. */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const PRELOADED = Symbol.for('concurrent-server.preloaded');
/** With these flags Node loads its main module later; a file may have such flags too. */
const DEFERRING =
  /(?:^|[\s"])--(?:import|loader|experimental-loader|env-file|experimental-[\w-]*config-file)\b/;

const MARKING = path.join('races', 'marking.js');

/**
 * The flags of a worker. The worker's half comes before the app's preloads, so that a preload finds the same as the app
 * if it asks for the main thread or wraps `listen`.
 *
 * @param ours absolute path of the worker's half
 * @param workersDir folder of the built workers' halves
 * @param races see {@link RunnerOptions.races}
 */
export function workerFlags(
  ours: string,
  nodeArgs: readonly string[],
  nodeOptions: string | undefined,
  workersDir: string,
  races = false,
): string[] {
  const deferred = [...nodeArgs, nodeOptions ?? ''].some((text) => DEFERRING.test(text));
  const last = pathToFileURL(path.join(workersDir, 'node/preloaded.mjs')).href;
  // After the app's own loaders: the race finder marks what they have compiled.
  const marking = path.join(workersDir, MARKING);
  const mark = deferred ? ['--import', pathToFileURL(marking).href] : ['--require', marking];
  return ['--require', ours, ...nodeArgs, ...(races ? mark : []), ...(deferred ? ['--import', last] : [])];
}

/**
 * Removes Concurrent Server's flags from `process.execArgv`, because children of the app inherit it and are not
 * workers.
 *
 * @param ours absolute path of the worker's half
 * @returns whether the app has preloads that delay its main module
 */
export function hideFlags(ours: string): boolean {
  const { execArgv } = process;
  const own = execArgv.findIndex((word, at) => word === '--require' && execArgv[at + 1] === ours);
  if (own >= 0) execArgv.splice(own, 2);
  const deferred = execArgv.at(-2) === '--import' && execArgv.at(-1)!.endsWith('/node/preloaded.mjs');
  if (deferred) execArgv.splice(-2, 2);
  if (execArgv.at(-1)?.endsWith('/races/marking.js') || execArgv.at(-1)?.endsWith(MARKING))
    execArgv.splice(-2, 2);
  return deferred;
}

/** The path by which Node loads its main module: without links, unless a flag keeps them. */
export function mainModule(entry: string): string {
  const flags = [...process.execArgv, process.env.NODE_OPTIONS ?? ''];
  return flags.some((text) => text.includes('--preserve-symlinks-main')) ? entry : fs.realpathSync(entry);
}

/** Calls back when Node has started to load its main module. Only then may we import it. */
export function afterPreloads(deferred: boolean, onStart: () => void): void {
  if (!deferred) {
    setImmediate(onStart);
    return;
  }
  Object.defineProperty(globalThis, PRELOADED, {
    configurable: true,
    value: () => {
      Reflect.deleteProperty(globalThis, PRELOADED);
      // Node continues with the main module before the event loop turns.
      setImmediate(onStart);
    },
  });
}
