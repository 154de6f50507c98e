/** Prepares a Python app: finds its interpreter, and applies the defaults of a Django project. */
import type { ServerConfig } from '../../protocol/config.ts';
import { objectOrField, setValueAt } from '../../protocol/settings/paths.ts';
import { type DjangoSettingName, SETTINGS, type ValueOf } from '../../protocol/settings/table.ts';
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

/** Like {@link appEnvironment}, with `.flaskenv` and `.env` of the app's folder if no other file is named. */
export async function pythonEnvironment(config: ServerConfig): Promise<Record<string, string>> {
  const env = await appEnvironment(config);
  if (config.envFile !== undefined) return env;
  const { cwd } = config;
  return { ...(await loadDefaultEnvFile(cwd, '.flaskenv')), ...(await loadDefaultEnvFile(cwd)), ...env };
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

/** Converts a setting of a Django project. Undefined for a value of the wrong type. */
const FROM_DJANGO: { [N in DjangoSettingName]: (value: unknown) => ValueOf<N> | undefined } = {
  mode: (threading) => (typeof threading === 'boolean' ? (threading ? 'thread' : 'fork') : undefined),
  'randomDelay.enabled': (delay) => (typeof delay === 'boolean' ? delay : undefined),
  addr: (addr) => (typeof addr === 'string' && addr !== '' ? addr : undefined),
  port: (port) => {
    const number = typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : port;
    const { min, max } = SETTINGS.port;
    const fits = typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max;
    return fits ? number : undefined;
  },
};

/** Applies the settings of the 2009 server as defaults: a given setting wins. A value of the wrong type is ignored. */
export function withOldSettings(config: ServerConfig, settings: OldSettings): ServerConfig {
  const changed = { ...config };
  for (const name of Object.keys(FROM_DJANGO) as DjangoSettingName[]) {
    const value = FROM_DJANGO[name](settings[SETTINGS[name].django]);
    if (value === undefined || config.given.includes(objectOrField(name))) continue;
    setValueAt(changed as unknown as Record<string, unknown>, name, value);
  }
  return changed;
}
