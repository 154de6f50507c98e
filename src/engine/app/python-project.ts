/** What a Python project says of its app: `FLASK_APP`, and pyproject.toml. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { definesPythonApp } from '../../common/python-source.ts';
import { namedModule, namedPython } from './python-named.ts';

export interface NamedByProject {
  /** Absolute path, `PATH:attribute` or `module:attribute`. */
  entry: string;
  /** What named it, for a person. */
  from: string;
}

/**
 * The app that `FLASK_APP` names, as `flask run` finds it.
 *
 * @param env the app's environment; a name that is not there may stand in the folder's `.env` or `.flaskenv`
 */
export async function flaskApp(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<NamedByProject | undefined> {
  const sources: Array<[name: string | undefined, from: string, own: boolean]> = [
    [env.FLASK_APP, 'FLASK_APP', false],
  ];
  for (const file of ['.env', '.flaskenv'])
    sources.push([(await variables(path.join(cwd, file))).FLASK_APP, `FLASK_APP in ${file}`, true]);
  for (const [name, from, own] of sources) {
    if (name === undefined || name.trim() === '') continue;
    const entry = await namedPython(name.trim(), cwd);
    // A variable of the surroundings may be another project's. A file of the project itself is believed.
    if (entry !== undefined && (own || (await isHere(entry, cwd)))) return { entry, from };
  }
  return undefined;
}

/** The app that pyproject.toml names: `[tool.fastapi] entrypoint`. */
export async function fastapiEntrypoint(cwd: string): Promise<NamedByProject | undefined> {
  const named = tomlTables(await textOf(path.join(cwd, 'pyproject.toml')))
    .get('tool.fastapi')
    ?.get('entrypoint');
  if (named === undefined) return undefined;
  const entry = await namedPython(named, cwd);
  return entry === undefined ? undefined : { entry, from: '[tool.fastapi] in pyproject.toml' };
}

const APP_NAMES = /^(?:app|application|api|create_app|make_app|create_application)$/;

/**
 * The scripts of pyproject.toml that name an app, or a function in a module that runs one. Such a function is called, as
 * the script does it.
 */
export async function projectScripts(cwd: string): Promise<NamedByProject[]> {
  const tables = tomlTables(await textOf(path.join(cwd, 'pyproject.toml')));
  const found: NamedByProject[] = [];
  for (const table of ['project.scripts', 'tool.poetry.scripts']) {
    for (const [script, target] of tables.get(table) ?? []) {
      const [, module, name] = /^([A-Za-z_][\w.]*):([A-Za-z_][\w.]*)$/.exec(target) ?? [];
      if (module === undefined || name === undefined) continue;
      const file = await namedModule(module, cwd);
      if (file === undefined) continue;
      const from = `${script} in [${table}] of pyproject.toml`;
      if (APP_NAMES.test(name)) found.push({ entry: `${file}:${name}`, from });
      else if (definesPythonApp(await textOf(file))) found.push({ entry: `${file}:${name}()`, from });
    }
  }
  return found;
}

/** The variables of a file; none if it can't be read. */
async function variables(file: string): Promise<Record<string, string | undefined>> {
  return parseEnv((await textOf(file)).replace(/^\uFEFF/, ''));
}

async function isHere(entry: string, cwd: string): Promise<boolean> {
  if (path.isAbsolute(entry)) return true;
  return (await namedModule(entry.split(':', 1)[0]!, cwd)) !== undefined;
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

/** `key = "text"` or `key = 'text'`, and a comment. */
const VALUE = /^\s*(["']?)([\w.-]+)\1\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(?:#.*)?$/;

/** The texts of a TOML file by table and key. Only values that are a string on one line are read. */
function tomlTables(toml: string): Map<string, Map<string, string>> {
  const tables = new Map<string, Map<string, string>>();
  let table = '';
  for (const line of toml.split(/\r?\n/)) {
    const header = /^\s*\[\s*([^[\]]+?)\s*\]\s*(?:#.*)?$/.exec(line)?.[1];
    if (header !== undefined) {
      table = header.replace(/\s*\.\s*/g, '.').replace(/["']/g, '');
      continue;
    }
    const [, , key, basic, literal] = VALUE.exec(line) ?? [];
    if (key === undefined) continue;
    const value = basic?.replace(/\\(["\\])/g, '$1') ?? literal ?? '';
    const dotted = `${table === '' ? '' : `${table}.`}${key}`;
    const at = dotted.lastIndexOf('.');
    const owner = at < 0 ? '' : dotted.slice(0, at);
    const values = tables.get(owner) ?? new Map<string, string>();
    tables.set(owner, values.set(dotted.slice(at + 1), value));
  }
  return tables;
}
