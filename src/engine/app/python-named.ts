/** What a name of a Python app stands for: a file, a module, a package or a folder, with or without an attribute. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { MANAGE, PYTHON_NAMES } from '../../common/entry-names.ts';
import { pythonApp } from '../../common/python-source.ts';
import { kindOf } from './entry-files.ts';

/** An attribute, or a call of one: `app`, `create_app()`, `create_app('dev')`. As in python/concurrent_server/app/entry.py. */
const ATTRIBUTE = '[A-Za-z_][\\w.]*(?:\\(.*\\))?';
/** `module:attribute`; a drive letter is no module. */
const NAMED = new RegExp(`^[A-Za-z_][\\w.]+:${ATTRIBUTE}$`, 's');
const FILE = new RegExp(`^(.*?\\.py)(?::(${ATTRIBUTE}))?$`, 's');
const MODULE = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
/** Where modules of the project are. */
const ROOTS = ['.', 'src'] as const;

/** What `entry` names where it names Python: an absolute path, `PATH:attribute` or `module:attribute`. */
export async function namedPython(entry: string, cwd: string): Promise<string | undefined> {
  const [, file, attribute] = FILE.exec(entry) ?? [];
  if (file !== undefined) {
    const target = path.resolve(cwd, file);
    if ((await kindOf(target)) !== 'file') return undefined;
    return attribute === undefined ? target : `${target}:${attribute}`;
  }
  if (NAMED.test(entry)) return entry;
  const target = path.resolve(cwd, entry);
  if ((await kindOf(target)) === 'folder') return (await manageIn(target)) ?? packageApp(target);
  return MODULE.test(entry) ? namedModule(entry, cwd, true) : undefined;
}

/**
 * Absolute path of a module of the project, in its folder or in `src`.
 *
 * @param runnable the file that is to be run for a package; else its `__init__.py`
 */
export async function namedModule(
  module: string,
  cwd: string,
  runnable = false,
): Promise<string | undefined> {
  for (const root of ROOTS) {
    const target = path.join(cwd, root, ...module.split('.'));
    if ((await kindOf(`${target}.py`)) === 'file') return `${target}.py`;
    const init = path.join(target, '__init__.py');
    if ((await kindOf(init)) === 'file') return (runnable ? await packageApp(target) : undefined) ?? init;
  }
  return undefined;
}

export async function manageIn(folder: string): Promise<string | undefined> {
  const file = path.join(folder, MANAGE);
  return (await kindOf(file)) === 'file' ? file : undefined;
}

/** Whether a manage.py is that of Flask-Script or of Flask's own commands, so that the app is elsewhere. */
export async function isFlaskManage(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /flask/i.test(text) && !/django/.test(text);
}

/** The file of a package that is its app: the package itself, a module of a usual name, or what `python -m` runs. */
async function packageApp(folder: string): Promise<string | undefined> {
  if ((await kindOf(path.join(folder, '__init__.py'))) !== 'file') return undefined;
  for (const name of ['__init__', ...PYTHON_NAMES, '__main__']) {
    const file = path.join(folder, `${name}.py`);
    const text = await readFile(file, 'utf8').catch(() => '');
    const kind = pythonApp(text, { certain: name === 'wsgi' || name === 'asgi' });
    // To import a package does not run it.
    if (kind !== undefined && !(name === '__init__' && kind === 'runs')) return file;
  }
  return undefined;
}
