/** The folders of the app's project: a person edits their files. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * The working folder, the app's folder, and its repository. A repository that is the home folder or above does not
 * count, because it contains everything.
 *
 * @param entry absolute path of the app's main module, possibly through links
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
