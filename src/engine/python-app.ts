/** What it takes to run a Python app: an interpreter that can, and the defaults that a Django project brings along. */
import type { ServerConfig } from '../protocol/config.ts';
import { loadDefaultEnvFile } from './env-file.ts';
import { findInterpreter } from './python-interpreter.ts';
import { type OldSettings, probePython } from './workers/python/probe.ts';

export interface PythonApp {
  interpreter: string;
  /** How the interpreter was found, for a person. */
  from: string;
  env: Record<string, string>;
  /** The configuration with the project's own defaults. */
  config: ServerConfig;
}

/**
 * @param env the app's environment so far; a `.env` in the app's folder adds to it where no other file was named
 * @param workersDir folder of the built workers' halves
 */
export async function preparePython(
  config: ServerConfig,
  entry: string,
  env: Readonly<Record<string, string>>,
  workersDir: string,
): Promise<PythonApp> {
  const { cwd } = config;
  const whole = config.envFile === undefined ? { ...(await loadDefaultEnvFile(cwd)), ...env } : { ...env };
  const { command, from } = await findInterpreter(config.python, cwd, whole);
  const probe = { interpreter: command, from, entry, cwd, env: whole, workersDir };
  const settings = await probePython(probe);
  return { interpreter: command, from, env: whole, config: withOldSettings(config, settings) };
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
