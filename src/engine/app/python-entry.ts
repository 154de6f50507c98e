/** Finds the Python app of a folder by reading its files; none is imported. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  CERTAIN_PYTHON_NAMES,
  isPackageName,
  PYTHON_FOLDERS,
  PYTHON_NAMES,
} from '../../common/entry-names.ts';
import { pythonApp, pythonImports } from '../../common/python-source.ts';

/** Files that are never an app, though they may make one for themselves. */
const OTHER_FILES = /^(?:test_.*|.*_test|tests|conftest|setup|noxfile|manage)$/;
/** Folders that are not searched. */
const OTHER_FOLDERS = new Set([
  ...['test', 'tests', 'testing', 'doc', 'docs', 'examples', 'example', 'samples', 'scripts', 'tools'],
  ...['bin', 'build', 'dist', 'venv', 'env', 'node_modules', 'site_packages', 'migrations', 'alembic'],
  ...['templates', 'static', 'frontend', 'client', '__pycache__'],
]);
/** Larger files are not written by hand, in bytes. */
const MAX_SOURCE = 500_000;

interface Candidate {
  file: string;
  source: string;
  /** `wsgi` or `asgi`: made to be named to a server. */
  certain: boolean;
}

/**
 * Absolute paths of the files that could be the app, the likeliest first: `wsgi` and `asgi`, then a usual name in the
 * folder, another name there, `src`, `app` and the packages. A file that another one imports comes after it.
 */
export async function pythonGuesses(folder: string): Promise<string[]> {
  const found: Candidate[] = [];
  for (const part of PYTHON_FOLDERS) found.push(...(await appsIn(path.join(folder, part), part === '.')));
  for (const root of ['.', 'src']) {
    for (const name of await packagesIn(path.join(folder, root)))
      found.push(...(await appsOfPackage(path.join(folder, root, name))));
  }
  const files = new Map(found.map((candidate) => [candidate.file, candidate]));
  const all = [...files.values()];
  const imported = (candidate: Candidate): boolean =>
    all.some((other) => other !== candidate && imports(other, candidate, folder));
  const rank = (candidate: Candidate): number => (candidate.certain ? 0 : imported(candidate) ? 2 : 1);
  return all.sort((a, b) => rank(a) - rank(b)).map(({ file }) => file);
}

/** The apps in a folder: usual names first, then, if `others`, all other files. */
async function appsIn(folder: string, others: boolean): Promise<Candidate[]> {
  const names = await modulesIn(folder);
  const usual = PYTHON_NAMES.filter((name) => names.includes(name));
  const rest = others ? names.filter((name) => !usual.some((known) => known === name)) : [];
  return candidates(folder, [...usual, ...rest]);
}

/** The apps of a package: itself, then its modules of a usual name, then what `python -m` runs. */
async function appsOfPackage(folder: string): Promise<Candidate[]> {
  const names = await modulesIn(folder);
  return candidates(
    folder,
    ['__init__', ...PYTHON_NAMES, '__main__'].filter((name) => names.includes(name)),
  );
}

async function candidates(folder: string, names: readonly string[]): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const name of names) {
    const file = path.join(folder, `${name}.py`);
    const source = await readFile(file, 'utf8').catch(() => '');
    if (source.length > MAX_SOURCE) continue;
    const certain = CERTAIN_PYTHON_NAMES.includes(name);
    const usual = PYTHON_NAMES.some((known) => known === name);
    const kind = pythonApp(source, { certain, usual: usual || name === '__init__' });
    // To import a package does not run it.
    if (kind === undefined || (name === '__init__' && kind === 'runs')) continue;
    found.push({ file, source, certain });
  }
  return found;
}

async function modulesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.py'))
    .map(({ name }) => name.slice(0, -'.py'.length))
    .filter((name) => isPackageName(name) && !OTHER_FILES.test(name))
    .sort();
}

async function packagesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && isPackageName(entry.name) && !OTHER_FOLDERS.has(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** Whether a module imports another one, by its name from the project's folders or from beside it. */
function imports(from: Candidate, target: Candidate, folder: string): boolean {
  const names = [folder, path.join(folder, 'src'), path.dirname(from.file)].map((root) =>
    moduleName(path.relative(root, target.file)),
  );
  const here = path.dirname(from.file);
  return pythonImports(from.source).some((name) => {
    if (!name.startsWith('.')) return names.includes(name);
    const up = /^\.+/.exec(name)![0].length - 1;
    const base = path.resolve(here, ...Array.from({ length: up }, () => '..'));
    return moduleName(path.relative(base, target.file)) === name.replace(/^\.+/, '');
  });
}

/** `pkg/web.py` is `pkg.web`, `pkg/__init__.py` is `pkg`. */
function moduleName(file: string): string {
  const parts = file.slice(0, -'.py'.length).split(path.sep);
  return (parts.at(-1) === '__init__' ? parts.slice(0, -1) : parts).join('.');
}
