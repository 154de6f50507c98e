/** Finds the Python that runs the app: that of the project's environment, if it can be found without a question. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { runTool } from '../process/os/run-tool.ts';

/** Names of environments in a project's folder: the usual one of venv and uv, and poetry's in-project one. */
const FOLDERS = ['.venv', 'venv', 'env'];

interface Interpreter {
  /** Absolute path, or a name to find on the path. */
  command: string;
  /** How it was found, for a person. */
  from: string;
}

/**
 * In this order: `configured`; the activated environment; one in the app's folder or above it, up to the repository's
 * root; poetry's, if there is a poetry.lock; conda's; `python3` on the path.
 *
 * @param env the app's environment
 */
export async function findInterpreter(
  configured: string | undefined,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Interpreter> {
  if (configured !== undefined) return { command: resolveConfigured(configured, cwd), from: 'as configured' };
  const active = pythonIn(env.VIRTUAL_ENV);
  if (active !== undefined) return { command: active, from: 'VIRTUAL_ENV' };
  const folders = [...upToRoot(cwd)];
  for (const folder of folders) {
    for (const name of FOLDERS) {
      const found = pythonIn(path.join(folder, name));
      if (found !== undefined) return { command: found, from: path.relative(cwd, path.join(folder, name)) };
    }
  }
  if (folders.some((folder) => existsSync(path.join(folder, 'poetry.lock')))) {
    const output = await runTool('poetry', ['env', 'info', '--path', '--directory', cwd]);
    const found = pythonIn(output?.trim() || undefined);
    if (found !== undefined) return { command: found, from: 'poetry' };
  }
  const conda = pythonIn(env.CONDA_PREFIX);
  if (conda !== undefined) return { command: conda, from: 'CONDA_PREFIX' };
  return { command: process.platform === 'win32' ? 'python' : 'python3', from: 'the path' };
}

/** The interpreter of an environment; undefined if there is none. */
function pythonIn(environment: string | undefined): string | undefined {
  if (environment === undefined || environment === '') return undefined;
  const names =
    process.platform === 'win32' ? ['Scripts/python.exe', 'python.exe'] : ['bin/python', 'bin/python3'];
  return names.map((name) => path.join(environment, name)).find((file) => existsSync(file));
}

/**
 * A path is relative to the app's folder; a folder stands for the environment in it; a name is searched on the path.
 */
function resolveConfigured(configured: string, cwd: string): string {
  const target = path.resolve(cwd, configured);
  const inside = pythonIn(target);
  if (inside !== undefined) return inside;
  return /[\\/]/.test(configured) || isFile(target) ? target : configured;
}

function isFile(target: string): boolean {
  return statSync(target, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The folder and those above it, up to one that contains a repository. */
function* upToRoot(folder: string): Iterable<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    yield at;
    if (existsSync(path.join(at, '.git')) || path.dirname(at) === at) return;
  }
}
