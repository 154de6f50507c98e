/** Which folders are the app's project: what lies there is a person's to save. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * The folder that the app runs in, the one it is in, and the repository of that. A repository that is the home folder
 * or above does not count: it holds everything.
 *
 * @param entry absolute path of the app's main module, which may lead over links
 */
export function projectFolders(entry: string, cwd: string): string[] {
  const named = path.dirname(entry);
  const real = path.dirname(fs.realpathSync(entry));
  const repository = repositoryOf(real);
  return [...new Set([cwd, named, real, ...(repository === undefined ? [] : [repository])])];
}

function repositoryOf(start: string): string | undefined {
  const home = os.homedir() + path.sep;
  for (let folder = start; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (home.startsWith(folder + path.sep)) return undefined;
    if (fs.existsSync(path.join(folder, '.git'))) return folder;
  }
  return undefined;
}
