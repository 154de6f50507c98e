/** The app's environment: the server's own, without the variables of the editor that started it. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import type { ServerConfig } from '../../protocol/config.ts';
import { ServerError } from '../../protocol/errors.ts';
import type { ScriptStart } from './script/start.ts';

/**
 * Later ones win: files that a script names, the env file, the surrounding environment, the script's own variables,
 * `config.env`.
 *
 * @param start how a script of package.json runs the app
 */
export async function appEnvironment(
  { env, envFile, cwd }: ServerConfig,
  start?: ScriptStart,
): Promise<Record<string, string>> {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !belongsToEditor(name)) own[name] = value;
  }
  const fromFile = envFile === undefined ? {} : await loadEnvFile(envFile, cwd);
  const { below, above } = await scriptVariables(start, cwd);
  return { ...below, ...fromFile, ...own, ...above, ...start?.env, ...env };
}

/** Variables of a script's files: below those of the surrounding environment, or above them. */
async function scriptVariables(
  start: ScriptStart | undefined,
  cwd: string,
): Promise<Record<'below' | 'above', Record<string, string>>> {
  const found = { below: {}, above: {} };
  for (const { file, optional, overrides } of start?.envFiles ?? []) {
    const absolute = path.resolve(start?.folder ?? cwd, file);
    if (optional && (await stat(absolute).catch(() => undefined)) === undefined) continue;
    Object.assign(overrides ? found.above : found.below, await loadEnvFile(absolute, cwd));
  }
  return found;
}

/** Under VS Code the server's Node is Electron in Node mode. The app's own `node` must not inherit that mode. */
function belongsToEditor(name: string): boolean {
  return name.startsWith('VSCODE_') || name === 'ELECTRON_RUN_AS_NODE';
}

/**
 * The variables of a file, whose path is absolute or relative to `cwd`. The caller decides which of them count. A file
 * that can't be read is `BAD_CONFIG`: an app without its variables would fail less clearly.
 */
export async function loadEnvFile(file: string, cwd: string): Promise<Record<string, string>> {
  const absolute = path.resolve(cwd, file);
  let text: string;
  try {
    text = await readFile(absolute, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new ServerError('BAD_CONFIG', `The env file ${absolute} cannot be read: ${why}.`, {
      details: { setting: 'envFile', got: file, path: absolute },
      cause: error,
    });
  }
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text.replace(/^\uFEFF/, '')))) {
    if (value !== undefined) variables[name] = value;
  }
  return variables;
}

/** The variables of `.env`, or of another file, in a folder; none if there is no such file. Rejects like {@link loadEnvFile}. */
export async function loadDefaultEnvFile(folder: string, name = '.env'): Promise<Record<string, string>> {
  const file = path.join(folder, name);
  // A folder of this name is a virtual environment, not a file of variables.
  const stats = await stat(file).catch(() => undefined);
  return stats?.isFile() ? loadEnvFile(file, folder) : {};
}
