/** The environment the app runs in: the server's own, less what belongs to the editor that started it. */
import type { ServerConfig } from '../../protocol/config.ts';
import { loadEnvFile } from './env-file.ts';

/** Later ones win: env file, the surrounding environment, `config.env`. */
export async function appEnvironment({ env, envFile, cwd }: ServerConfig): Promise<Record<string, string>> {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !belongsToEditor(name)) own[name] = value;
  }
  const fromFile = envFile === undefined ? {} : await loadEnvFile(envFile, cwd);
  return { ...fromFile, ...own, ...env };
}

/** Under VS Code the surrounding Node is Electron told to be Node, which the app's own `node` must not hear of. */
function belongsToEditor(name: string): boolean {
  return name.startsWith('VSCODE_') || name === 'ELECTRON_RUN_AS_NODE';
}
