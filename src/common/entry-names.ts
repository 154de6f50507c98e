/** Where an app's file is looked for when none is named. */

/** Endings of what Node runs, in the order in which they are preferred: the first three need nothing further. */
export const ENDINGS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'] as const;
export const GUESSED_NAMES = ['server', 'app', 'index', 'main'] as const;
export const GUESSED_FOLDERS = ['.', 'src'] as const;

/** A Django project has it. */
export const MANAGE = 'manage.py';
/** Names of Python files that are looked at, the likeliest first. */
export const PYTHON_NAMES = ['wsgi', 'asgi', 'app', 'main', 'server', 'application', 'api'] as const;
/** Folders that are looked at, beside the packages in the folder itself, of which only `wsgi` and `asgi` count. */
export const PYTHON_FOLDERS = ['.', 'src', 'app'] as const;
/** Files with these names are the app whatever else there is: they exist for nothing else. */
export const CERTAIN_PYTHON_NAMES: readonly string[] = ['wsgi', 'asgi'];

/** What a file has that defines an app: a name, a factory, or a framework's object. */
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
