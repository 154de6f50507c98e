/** Finds the app to run and its runtime: a file for Node, or a Python app. */
import path from 'node:path';
import { PYTHON_FOLDERS, PYTHON_NAMES } from '../../common/entry-names.ts';
import { ServerError } from '../../protocol/errors.ts';
import { findEntry } from './node-entry.ts';
import { packageHints } from './package-json.ts';
import { manageIn, namedPython, pythonGuesses } from './python-entry.ts';
import type { ScriptStart } from './script/start.ts';

interface FoundApp {
  kind: 'node' | 'python';
  /** Absolute path, or `module:attribute` for Python. */
  entry: string;
  /** How a script of package.json runs it, or which runner it needs. */
  start?: ScriptStart;
}

/**
 * The app that `entry` names, or the one in `cwd`. It looks for a Node app first, see {@link findEntry}. It takes a
 * Python app if there is no Node app, or if there is a manage.py and package.json names no server: package.json then
 * serves the project's styles and scripts. Rejects with `ENTRY_NOT_FOUND` or `ENTRY_AMBIGUOUS`.
 */
export async function findApp(
  entry: string | undefined,
  cwd: string,
  nodeArgs: readonly string[] = [],
): Promise<FoundApp> {
  if (entry !== undefined) {
    const python = await namedPython(entry, cwd);
    if (python !== undefined) return { kind: 'python', entry: python };
    return nodeApp(entry, cwd, nodeArgs);
  }
  const manage = await manageIn(cwd);
  if (manage !== undefined && !(await packageHints(cwd)).some(({ file }) => file !== undefined))
    return { kind: 'python', entry: manage };
  try {
    return await nodeApp(undefined, cwd, nodeArgs);
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'ENTRY_NOT_FOUND') throw error;
    return { kind: 'python', entry: await discoverPython(cwd, error) };
  }
}

async function nodeApp(
  entry: string | undefined,
  cwd: string,
  nodeArgs: readonly string[],
): Promise<FoundApp> {
  const { file, start } = await findEntry(entry, cwd, nodeArgs);
  return { kind: 'node', entry: file, ...(start === undefined ? {} : { start }) };
}

/** @param nothing the error about Node apps, which this function extends */
async function discoverPython(cwd: string, nothing: ServerError): Promise<string> {
  const [first, ...others] = await pythonGuesses(cwd);
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    const candidates = [first, ...others].map((file) => path.relative(cwd, file));
    throw new ServerError('ENTRY_AMBIGUOUS', `Several files could be the app: ${candidates.join(', ')}.`, {
      hint: `Name the one to run, for example: concurrent-server ${candidates[0]}`,
      details: { candidates },
    });
  }
  const looked = `${PYTHON_NAMES.join(', ')} with .py in ${PYTHON_FOLDERS.join(', ')}`;
  const python = `manage.py; ${looked} and wsgi.py or asgi.py in any package, if they define an app`;
  const known = nothing.details?.candidates;
  const candidates = [...(Array.isArray(known) ? known : []), python];
  throw new ServerError('ENTRY_NOT_FOUND', `${nothing.message.replace(/\.$/, '')}; ${python}.`, {
    hint: `${nothing.hint}, manage.py or module:app`,
    details: { ...nothing.details, candidates },
  });
}
