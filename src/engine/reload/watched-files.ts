/** Which of the files an app loaded are watched. Pure. */
import path from 'node:path';

/**
 * Folders of others: packages, version control, and what frameworks write, load and write again while they run. Build
 * output is not among them: whatever the folder is called, a file that was loaded is the app's.
 */
const FOREIGN = new Set([
  ...['node_modules', '.git', '.hg', '.svn', '.jj', '.yarn', '.pnpm-store'],
  ...['.venv', 'venv', 'site-packages', 'dist-packages', '__pycache__'],
  ...['.next', '.nuxt', '.svelte-kit', '.vite', '.turbo', '.parcel-cache'],
]);

/**
 * Whether a change of `file`, which the app loaded, means that the app is to be started again.
 *
 * @param file absolute path
 * @param root absolute path of the app's folder; what is above it does not count as a name of a foreign folder
 * @param entry absolute path of the app: if that is in a foreign folder, files in folders of that name count
 */
export function isWatched(file: string, root: string, entry: string): boolean {
  const own = new Set(folders(path.relative(root, entry)));
  return folders(path.relative(root, file)).every((name) => !isForeign(name) || own.has(name));
}

/** Whether a folder of this name is left out unless somebody names it. */
export function isForeign(name: string): boolean {
  return FOREIGN.has(name);
}

function folders(relative: string): string[] {
  return relative.split(/[\\/]/).slice(0, -1);
}
