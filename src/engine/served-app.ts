/** Finds the app to serve, and prepares what is needed to start it: settings, runtime, environment. */
import path from 'node:path';
import type { ServerConfig } from '../protocol/config.ts';
import { ServerError } from '../protocol/errors.ts';
import type { TakenScript } from '../protocol/messages.ts';
import { appEnvironment } from './app/environment.ts';
import { choiceText, type FoundApp, findApp } from './app/find-app.ts';
import { inFolder } from './app/in-folder.ts';
import { prepareNode } from './app/node-settings.ts';
import { preparePython, pythonEnvironment } from './app/python-settings.ts';
import type { ProcessGuard } from './process/orphans/process-guard.ts';
import { NodeRuntime } from './workers/node/node-runtime.ts';
import { PythonRuntime } from './workers/python/python-runtime.ts';
import type { Runtime } from './workers/runtime.ts';

/** Folder of the built workers' halves. */
export const WORKERS_DIR = path.join(__dirname, 'workers');

/** The app to serve, and its settings. */
export interface ServedApp {
  /** Includes the app's own defaults. */
  config: ServerConfig;
  /** Absolute path of the app, or `module:attribute` for Python. */
  entry: string;
  runtime: Runtime;
  /** What else could be run, as a person would name it. */
  others: string[];
  /** The most threads per worker in thread mode, if a worker serves each request in a thread. */
  threads: number | undefined;
  /** The current variables from its files; rejects with a ServerError if they can't be read. */
  environment(): Promise<Record<string, string>>;
  /** What was taken over from the project's scripts. */
  script: TakenScript | undefined;
  /** Absolute paths of further files that the app's environment comes from. */
  files: readonly string[];
}

interface Finder {
  guard: ProcessGuard;
  workersDir: string;
  log(level: 'debug' | 'info' | 'warn', text: string): void;
}

/** Rejects with a ServerError if there is no app, or it can't be run. */
export async function findServedApp(asked: ServerConfig, finder: Finder): Promise<ServedApp> {
  const { log } = finder;
  const found = await look(asked, log);
  const { kind, entry, cwd, others, warning, start } = found;
  const text = choiceText(found, cwd);
  if (text !== undefined) log('info', text);
  if (warning !== undefined) log('warn', warning);
  const config = inFolder(asked, cwd);
  if (kind === 'python') return { ...(await findPython(config, entry, finder)), others };
  const app = prepareNode(config, start);
  const { node = process.execPath, nodeArgs } = app.config;
  const runtime = new NodeRuntime({ node, nodeArgs });
  const environment = (): Promise<Record<string, string>> => appEnvironment(app.config, start);
  return { ...app, entry, runtime, others, environment, threads: undefined };
}

async function look({ entry, cwd, env, nodeArgs }: ServerConfig, log: Finder['log']): Promise<FoundApp> {
  try {
    return await findApp(entry, cwd, { env: { ...process.env, ...env }, nodeArgs });
  } catch (error) {
    const { code, details } = ServerError.from(error);
    const looked = code === 'NO_APP' && Array.isArray(details?.looked) ? details.looked.map(String) : [];
    for (const text of looked) log('debug', `looked at ${text}`);
    throw error;
  }
}

/** Prepares a Python app before an address is bound, which the app itself may choose. */
async function findPython(
  given: ServerConfig,
  entry: string,
  { guard, workersDir, log }: Finder,
): Promise<Omit<ServedApp, 'others'>> {
  const env = await pythonEnvironment(given);
  const { config, interpreter } = await preparePython(given, entry, env, workersDir);
  const { threads, processes, mode } = config;
  const { noFork } = PythonRuntime;
  if (mode === 'fork' && noFork !== undefined) log('warn', noFork);
  const runtime = new PythonRuntime({ interpreter, threads, processes, guard });
  const environment = (): Promise<Record<string, string>> => pythonEnvironment(config);
  return { config, entry, runtime, environment, threads, script: undefined, files: [] };
}
