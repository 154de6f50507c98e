/** What it takes to run a Python app: an interpreter that can, and the defaults that a Django project brings along. */
import type { ServerConfig } from '../../protocol/config.ts';
import { type OldSettings, probePython } from '../workers/python/probe.ts';
import { appEnvironment, loadDefaultEnvFile } from './environment.ts';
import { findInterpreter } from './python-interpreter.ts';

export interface PythonApp {
  interpreter: string;
  /** How the interpreter was found, for a person. */
  from: string;
  /** The configuration with the project's own defaults. */
  config: ServerConfig;
}

/** As {@link appEnvironment}, with the `.env` of the app's folder where no other file was named. */
export async function pythonEnvironment(config: ServerConfig): Promise<Record<string, string>> {
  const env = await appEnvironment(config);
  return config.envFile === undefined ? { ...(await loadDefaultEnvFile(config.cwd)), ...env } : env;
}

/**
 * @param env the app's environment
 * @param workersDir folder of the built workers' halves
 */
export async function preparePython(
  config: ServerConfig,
  entry: string,
  env: Readonly<Record<string, string>>,
  workersDir: string,
): Promise<PythonApp> {
  const { cwd } = config;
  const { command, from } = await findInterpreter(config.python, cwd, env);
  const settings = await probePython({ interpreter: command, from, entry, cwd, env, workersDir });
  return { interpreter: command, from, config: withOldSettings(config, settings) };
}

/** The settings of the 2009 server are defaults: whatever was given wins. A value of the wrong type counts as none. */
export function withOldSettings(config: ServerConfig, settings: OldSettings): ServerConfig {
  const changed = { ...config };
  const free = (name: string): boolean => !config.given.includes(name);
  const {
    CONCURRENT_THREADING: threading,
    CONCURRENT_RANDOM_DELAY: delay,
    RUNSERVER_DEFAULT_ADDR: addr,
    RUNSERVER_DEFAULT_PORT: port,
  } = settings;
  if (typeof threading === 'boolean' && free('mode')) changed.mode = threading ? 'thread' : 'fork';
  if (typeof delay === 'boolean' && free('randomDelay'))
    changed.randomDelay = { ...config.randomDelay, enabled: delay };
  if (typeof addr === 'string' && addr !== '' && free('addr')) changed.addr = addr;
  const number = typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : port;
  if (
    typeof number === 'number' &&
    Number.isInteger(number) &&
    number >= 0 &&
    number <= 65_535 &&
    free('port')
  )
    changed.port = number;
  return changed;
}
