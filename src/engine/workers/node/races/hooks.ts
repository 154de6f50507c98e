/** Entry of the hooks that the race finder loads into a worker, before the app; see docs/finding-races.md. */
import path from 'node:path';
import { projectFolders } from '../inside/reports/project-folders.ts';
import { Boundaries } from './boundaries.ts';
import type { InstallHooks } from './hooks-types.ts';
import { installTransform } from './loaders.ts';
import { ObservedRequests } from './observed-requests.ts';
import { Turns } from './turns.ts';

export const installHooks: InstallHooks = (parts) => {
  const turns = new Turns(parts.currentRequest);
  const requests = new ObservedRequests(parts, turns);
  const folders = projectFolders(parts.entry, process.cwd());
  const boundaries = new Boundaries({
    turns,
    current: () => requests.current(),
    runIn: (request, run) => parts.runInRequest(request.id, run),
    unknown: () => requests.countUnknown(),
    shorten: (file) => path.relative(process.cwd(), file).replaceAll('\\', '/'),
  });
  turns.install();
  requests.install();
  Object.defineProperty(globalThis, '__concurrentServerRaces__', { value: boundaries });
  installTransform({ folders });
  return { receive: (message) => requests.receive(message) };
};
