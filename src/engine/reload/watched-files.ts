/** Which of the files an app loaded are watched. Pure. */
import path from 'node:path';

/** Folders whose files are written by tools. What a person edits is what they were made from. */
const GENERATED = new Set([
  ...['node_modules', '.git', '.hg', '.svn', '.jj', '.yarn', '.pnpm-store'],
  ...['dist', 'build', 'out', 'target', 'coverage', '.next', '.nuxt', '.output', '.svelte-kit', '.turbo'],
  ...['.cache', '.venv', 'venv', 'site-packages', '__pycache__'],
]);

/**
 * Whether a change of `file` means that the app is to be started anew.
 *
 * @param file absolute path
 * @param root absolute path of the app's folder; what is above it does not count as a name of a generated folder
 * @param entry absolute path of the app: where that is in a generated folder, such as the `dist` of a compiled app, files
 *   in folders of that name count, because they are the app
 */
export function isWatched(file: string, root: string, entry: string): boolean {
  const own = new Set(folders(path.relative(root, entry)));
  return folders(path.relative(root, file)).every((name) => !GENERATED.has(name) || own.has(name));
}

/** Whether a folder is not looked into for globs. */
export function isGenerated(folder: string): boolean {
  return GENERATED.has(path.basename(folder));
}

function folders(relative: string): string[] {
  return relative.split(/[\\/]/).slice(0, -1);
}
