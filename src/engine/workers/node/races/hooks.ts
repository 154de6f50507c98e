/** The race finder's half in a worker, preloaded before the app. */
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { mainModule } from '../inside/preloads.ts';
import { projectFolders } from '../inside/reports/project-folders.ts';
import { installTransform } from './loaders.ts';

// The thread of Node's hooks has preloads as well, and no main module.
if (isMainThread || process.argv.length > 1) {
  const entry = mainModule(path.resolve(process.argv[1] ?? ''));
  Object.defineProperty(globalThis, '__concurrentServerRaces__', {
    configurable: true,
    value: {
      a: (value: unknown) => value,
      c: (value: unknown) => value,
      i: (value: unknown) => value,
      t: (value: unknown) => value,
      register() {},
    },
  });
  const folders = projectFolders(entry, process.cwd());
  installTransform({
    folders,
    entry,

    hooksThread: path.join(__dirname, 'hooks-thread.js'),
  });
}
