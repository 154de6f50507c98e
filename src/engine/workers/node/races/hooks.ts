/** Entry of the hooks that the race finder loads into a worker, before the app; see docs/finding-races.md. */
import path from 'node:path';
import type { InstallHooks } from '../inside/race-hooks.ts';
import { projectFolders } from '../inside/reports/project-folders.ts';
import { Boundaries } from './boundaries.ts';
import { observeFiles, observeTimers } from './io-calls.ts';
import { installTransform } from './loaders.ts';
import { ObservedRequests } from './observed-requests.ts';
import { reportDatabases } from './outgoing.ts';
import { observeSqlite } from './sqlite-calls.ts';
import { holdAfterSync } from './sync-gate.ts';
import { Turns } from './turns.ts';
import { isUserFile } from './user-source.ts';

export const installHooks: InstallHooks = (parts) => {
  const turns = new Turns(parts.currentRequest);
  const requests = new ObservedRequests(parts, turns);
  const folders = projectFolders(parts.entry, process.cwd());
  const current = () => requests.current();
  const shorten = (file: string): string => path.relative(process.cwd(), file).replaceAll('\\', '/');
  const boundaries = new Boundaries({
    turns,
    current,
    runIn: (request, run) => parts.runInRequest(request.id, run),
    unknown: () => requests.countUnknown(),
    shorten,
  });
  const calls = {
    boundaries,
    current,
    shorten,
    isUserFile: (file: string) => isUserFile(file, { folders }),
    afterSync: holdAfterSync,
  };
  turns.install();
  requests.install();
  observeFiles(calls);
  observeTimers(calls);
  observeSqlite(calls);
  reportDatabases(parts.send);
  const hooksThread = path.join(__dirname, 'hooks-thread.js');
  // The functions that marked code calls, and the start of the marking.
  const runtime = Object.assign(boundaries, {
    mark: () => installTransform({ folders, entry: parts.entry, cache: parts.cache, hooksThread }),
  });
  Object.defineProperty(globalThis, '__concurrentServerRaces__', { value: runtime });
  return { receive: (message) => requests.receive(message) };
};
