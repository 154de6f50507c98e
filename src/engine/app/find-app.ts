/** Finds the app to run and its runtime: a file for Node, or a Python app. */
import path from 'node:path';
import { PYTHON_FOLDERS, PYTHON_NAMES } from '../../common/entry-names.ts';
import { ServerError } from '../../protocol/errors.ts';
import { kindOf } from './entry-files.ts';
import { findEntry } from './node-entry.ts';
import { packageHints } from './package-json.ts';
import { pythonGuesses } from './python-entry.ts';
import { isFlaskManage, manageIn, namedPython } from './python-named.ts';
import { fastapiEntrypoint, flaskApp, type NamedByProject, projectScripts } from './python-project.ts';

interface FoundApp {
  kind: 'node' | 'python';
  /** Absolute path, or `module:attribute` for Python. */
  entry: string;
  /** What named it, if no person did, such as `FLASK_APP in .flaskenv`. */
  from?: string;
  /** Others that would fit too, relative to the folder. */
  others?: readonly string[];
}

/** The variables of the app, as far as they may name it. */
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The app that `entry` names, or the one in `cwd`. In this order: the app that the project names (manage.py, FLASK_APP,
 * pyproject.toml), unless package.json names a server; a Node app, see {@link findEntry}; a Python app. Rejects with
 * `ENTRY_NOT_FOUND` or `ENTRY_AMBIGUOUS`.
 */
export async function findApp(
  entry: string | undefined,
  cwd: string,
  env: Variables = process.env,
): Promise<FoundApp> {
  if (entry !== undefined) return findNamed(entry, cwd);
  const named = await namedByProject(cwd, env);
  if (named !== undefined && !(await packageHints(cwd)).some(({ file }) => file !== undefined))
    return { kind: 'python', ...named };
  try {
    return { kind: 'node', entry: await findEntry(undefined, cwd) };
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'ENTRY_NOT_FOUND') throw error;
    return (await discoverPython(cwd)) ?? Promise.reject(nothingFound(error));
  }
}

async function findNamed(entry: string, cwd: string): Promise<FoundApp> {
  const python = await namedPython(entry, cwd);
  if (python !== undefined) return { kind: 'python', entry: python };
  try {
    return { kind: 'node', entry: await findEntry(entry, cwd) };
  } catch (error) {
    const folder = path.resolve(cwd, entry);
    const isFolder = (await kindOf(folder)) === 'folder';
    const found = isFolder ? await discoverPython(folder) : undefined;
    if (found === undefined) throw error;
    return found;
  }
}

/** What the project's own files, or FLASK_APP, name. */
async function namedByProject(
  cwd: string,
  env: Variables,
): Promise<{ entry: string; from?: string } | undefined> {
  const manage = await manageIn(cwd);
  if (manage !== undefined && !(await isFlaskManage(manage))) return { entry: manage };
  return (await flaskApp(cwd, env)) ?? (await fastapiEntrypoint(cwd));
}

async function discoverPython(folder: string): Promise<FoundApp | undefined> {
  const scripts: NamedByProject[] = await projectScripts(folder);
  const guesses = await pythonGuesses(folder);
  const found: Array<{ entry: string; from?: string }> = [
    ...scripts,
    ...guesses
      .filter((file) => !scripts.some(({ entry }) => entry.startsWith(`${file}:`)))
      .map((entry) => ({ entry })),
  ];
  const [first, ...rest] = found;
  if (first === undefined) return undefined;
  const others = rest.map(({ entry }) => path.relative(folder, entry));
  return { kind: 'python', ...first, ...(others.length === 0 ? {} : { others }) };
}

/** @param nothing the error about Node apps, which this function extends */
function nothingFound(nothing: ServerError): ServerError {
  const names = PYTHON_NAMES.map((name) => `${name}.py`).join(', ');
  const looked = `${names} in ${PYTHON_FOLDERS.join(', ')} and any package, and other .py files, if they define an app`;
  const python = `manage.py; FLASK_APP; pyproject.toml; ${looked}`;
  const known = nothing.details?.candidates;
  const candidates = [...(Array.isArray(known) ? known : []), python];
  return new ServerError('ENTRY_NOT_FOUND', `${nothing.message.replace(/\.$/, '')}; ${python}.`, {
    hint: `${nothing.hint}, manage.py or module:app`,
    details: { ...nothing.details, candidates },
  });
}

/** The most that are named. */
const MAX_OTHERS = 5;

/** A line about the choice; undefined if there was none, or a person made it. */
export function choiceText({ entry, from, others = [] }: FoundApp, cwd: string): string | undefined {
  if (from === undefined && others.length === 0) return undefined;
  const taken = path.isAbsolute(entry) ? path.relative(cwd, entry) : entry;
  const named = from === undefined ? '' : ` (${from})`;
  const more = others.length > MAX_OTHERS ? ` and ${others.length - MAX_OTHERS} more` : '';
  const rest =
    others.length === 0
      ? ''
      : `; not taken: ${others.slice(0, MAX_OTHERS).join(', ')}${more}. Name one to run it`;
  return `Runs ${taken}${named}${rest}.`;
}
