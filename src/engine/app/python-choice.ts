/** The Python app of a folder: the one that the project names, or the likeliest of its files. */
import { pythonGuesses } from './python-entry.ts';
import { isFlaskManage, manageIn } from './python-named.ts';
import { fastapiEntrypoint, flaskApp, type NamedByProject, projectScripts } from './python-project.ts';

export interface PythonChoice {
  /** Absolute path, or `module:attribute`. */
  entry: string;
  /** What named it, such as `FLASK_APP in .flaskenv`. */
  from?: string;
  /** Absolute paths of others that would fit too. */
  others: string[];
}

/** The variables of the app, as far as they may name it. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What the project's own files, or FLASK_APP, name. */
export async function namedByProject(
  cwd: string,
  env: Variables,
): Promise<{ entry: string; from?: string } | undefined> {
  const manage = await manageIn(cwd);
  if (manage !== undefined && !(await isFlaskManage(manage))) return { entry: manage };
  return (await flaskApp(cwd, env)) ?? (await fastapiEntrypoint(cwd));
}

/** The likeliest app, and others that would fit too. */
export async function discoverPython(folder: string): Promise<PythonChoice | undefined> {
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
  return { ...first, others: rest.map(({ entry }) => entry) };
}
