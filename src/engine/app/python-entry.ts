/** Finds a Python app: a Django project's manage.py, a file, or a module's attribute. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  CERTAIN_PYTHON_NAMES,
  definesPythonApp,
  isPackageName,
  MANAGE,
  PYTHON_FOLDERS,
  PYTHON_NAMES,
} from '../../common/entry-names.ts';
import { kindOf } from './entry-files.ts';

/** `module:attribute`, `module:factory()`, `package.module:app`; a drive letter is not a module. */
const NAMED = /^[A-Za-z_][\w.]+:[A-Za-z_][\w.]*(?:\(\))?$/;
/** The Python app that `entry` names, if it does: an absolute path, `PATH:attribute` or `module:attribute`. */
export async function namedPython(entry: string, cwd: string): Promise<string | undefined> {
  const [, file, attribute] = /^(.*\.py)(?::([A-Za-z_][\w.]*(?:\(\))?))?$/.exec(entry) ?? [];
  if (file !== undefined) {
    const target = path.resolve(cwd, file);
    if ((await kindOf(target)) !== 'file') return undefined;
    return attribute === undefined ? target : `${target}:${attribute}`;
  }
  if (NAMED.test(entry)) return entry;
  const target = path.resolve(cwd, entry);
  if ((await kindOf(target)) === 'folder') return manageIn(target);
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(entry)) return undefined;
  const module = `${path.join(cwd, ...entry.split('.'))}.py`;
  return (await kindOf(module)) === 'file' ? module : undefined;
}

export async function manageIn(folder: string): Promise<string | undefined> {
  const file = path.join(folder, MANAGE);
  return (await kindOf(file)) === 'file' ? file : undefined;
}

/** Files that define an app, the likeliest first; only the first if its name leaves no doubt. */
export async function pythonGuesses(folder: string): Promise<string[]> {
  const certain: string[] = [];
  const others: string[] = [];
  for (const part of [...PYTHON_FOLDERS, ...(await packagesIn(folder))]) {
    for (const name of PYTHON_NAMES) {
      const sure = CERTAIN_PYTHON_NAMES.includes(name);
      if (!sure && !PYTHON_FOLDERS.some((known) => known === part)) continue;
      const file = path.join(folder, part, `${name}.py`);
      const text = await readFile(file, 'utf8').catch(() => '');
      if (definesPythonApp(text)) (sure ? certain : others).push(file);
    }
  }
  return certain.length > 0 ? certain.slice(0, 1) : [...new Set(others)];
}

async function packagesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const known: readonly string[] = PYTHON_FOLDERS;
  return entries
    .filter((entry) => entry.isDirectory() && isPackageName(entry.name) && !known.includes(entry.name))
    .map(({ name }) => name)
    .sort();
}
