/** The files and folders that are searched for an app if none is named. */

/** Extensions of Node programs, in order of preference. The first three need no build and no flag. */
export const ENDINGS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'] as const;
export const GUESSED_NAMES = ['server', 'app', 'index', 'main'] as const;
export const GUESSED_FOLDERS = ['.', 'src'] as const;

/** Servers that builds make: the file, and the package that makes it, if the name alone says too little. */
export const BUILT_SERVERS: ReadonlyArray<[file: string, maker?: string]> = [
  ['.output/server/index.mjs'],
  ['build/index.js', '@sveltejs/adapter-node'],
  ['dist/server/entry.mjs', '@astrojs/node'],
  ['dist/analog/server/index.mjs', '@analogjs/platform'],
  ['.next/standalone/server.js'],
  ['dist/main.js', '@nestjs/core'],
];

/** Marks a Django project. */
export const MANAGE = 'manage.py';
/** Names of Python files that may contain an app, the likeliest first. */
export const PYTHON_NAMES = ['wsgi', 'asgi', 'app', 'main', 'server', 'application', 'api'] as const;
/** Folders that are searched for these files, beside the packages. */
export const PYTHON_FOLDERS = ['.', 'src', 'app'] as const;
/** Files with these names are always an app. */
export const CERTAIN_PYTHON_NAMES: readonly string[] = ['wsgi', 'asgi'];

/** Whether a folder may be a package of Python. */
export function isPackageName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}
