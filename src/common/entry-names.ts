/** The files and folders that are searched for an app if none is named. */

/** Extensions of Node programs, in order of preference. The first three need no build and no flag. */
export const ENDINGS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'] as const;
export const GUESSED_NAMES = ['server', 'app', 'index', 'main'] as const;
export const GUESSED_FOLDERS = ['.', 'src'] as const;

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
