/** Decides which of the app's loaded files are watched. Pure. */
import path from 'node:path';

/**
 * Folders whose files are not the user's own: packages, version control, and files that frameworks write and load while
 * they run. Build output is not among them: in any other folder, a loaded file belongs to the app.
 */
const FOREIGN = new Set([
  ...['node_modules', '.git', '.hg', '.svn', '.jj', '.yarn', '.pnpm-store'],
  ...['.venv', 'venv', 'site-packages', 'dist-packages', '__pycache__'],
  ...['.next', '.nuxt', '.svelte-kit', '.vite', '.turbo', '.parcel-cache'],
]);

/**
 * Whether a change of `file`, which the app loaded, must restart the app.
 *
 * @param file absolute path
 * @param root absolute path of the app's folder; the names of folders above it do not matter
 * @param entry absolute path of the app: if it is in a foreign folder, files in folders of that name count
 */
export function isWatched(file: string, root: string, entry: string): boolean {
  const own = new Set(folders(path.relative(root, entry)));
  return folders(path.relative(root, file)).every((name) => !isForeign(name) || own.has(name));
}

/** Whether a folder of this name is left out unless the user names it. */
export function isForeign(name: string): boolean {
  return FOREIGN.has(name);
}

function folders(relative: string): string[] {
  return relative.split(/[\\/]/).slice(0, -1);
}
