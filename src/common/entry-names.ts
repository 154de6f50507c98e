/** The files and folders that are searched for an app if none is named. */

/** Extensions of Node programs, in order of preference. The first three need no build and no flag. */
export const ENDINGS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'] as const;
export const GUESSED_NAMES = ['server', 'app', 'index', 'main'] as const;
export const GUESSED_FOLDERS = ['.', 'src'] as const;

/** Marks a Django project. */
export const MANAGE = 'manage.py';
/** Names of Python files that may contain an app, the likeliest first. */
export const PYTHON_NAMES = ['wsgi', 'asgi', 'app', 'main', 'server', 'application', 'api'] as const;
/** Folders that are searched for these files. In the project's packages only `wsgi` and `asgi` are searched for. */
export const PYTHON_FOLDERS = ['.', 'src', 'app'] as const;
/** Files with these names are always an app. */
export const CERTAIN_PYTHON_NAMES: readonly string[] = ['wsgi', 'asgi'];

/** Matches the definition of an app: a variable, a factory, or a framework's object. */
const PYTHON_APP =
  /^(?:(?:app|application|api)\s*(?::[^=\n]+)?=|(?:async\s+)?def\s+(?:app|application|create_app|make_app|create_application)\s*\(|\w+\s*=\s*(?:\w+\.)?(?:Flask|FastAPI|Starlette|Quart)\s*\()/m;

/** Whether the source of a Python module defines an app. */
export function definesPythonApp(source: string): boolean {
  return PYTHON_APP.test(source);
}

/** Whether a folder may be a package of Python. */
export function isPackageName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}
