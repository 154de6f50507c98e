/** From settings as a person or a program wrote them to a configuration that can be run. */
import { DEFAULTS, OVERRIDABLE, type RandomDelayConfig, type ServerConfig } from '../config.ts';
import { badConfig } from '../errors.ts';
import { setValueAt, valueAt } from '../settings/paths.ts';
import type { Setting, Surroundings } from '../settings/setting.ts';
import { SERVER_SETTINGS, SETTINGS } from '../settings/table.ts';
import { Fields } from './fields.ts';
import { readSettings, requireRoom } from './settings.ts';

export type { Surroundings } from '../settings/setting.ts';

/**
 * A whole configuration from the fields that are given, each named as in {@link ServerConfig}; `workers` may also
 * be `'auto'`. Throws `BAD_CONFIG` for the first one that does not fit.
 *
 * @param label the name of a setting as its writer knows it, for the error's message
 */
export function parseConfig(
  input: unknown,
  surroundings: Surroundings,
  label: (setting: string) => string = (setting) => setting,
): ServerConfig {
  const fields = new Fields(input, { refuse: badConfig, label }, '', 'the configuration');
  const given = readSettings(fields, SERVER_SETTINGS, { auto: true });
  fields.end();
  widenDelay(given);
  const workers = (given.workers as number | undefined) ?? SETTINGS.workers.default.of(surroundings);
  requireRoom(fields, given.maxWorkers as number | undefined, workers);
  const config: Record<string, unknown> = { given: OVERRIDABLE.filter((name) => isGiven(given, name)) };
  for (const [name, setting] of SERVER_SETTINGS) {
    setValueAt(config, name, valueAt(given, name) ?? defaultOf(setting, surroundings, workers));
  }
  // Each field comes from the table, which the type is made from as well.
  return config as unknown as ServerConfig;
}

/** A copy, so that nobody changes the table. */
function defaultOf(setting: Setting, surroundings: Surroundings, workers: number): unknown {
  const value = 'default' in setting ? setting.default : undefined;
  if (typeof value !== 'object') return value;
  if ('of' in value && typeof value.of === 'function') return value.of(surroundings, { workers });
  return structuredClone(value);
}

/** A random delay counts as given once it is switched on or off; its range alone says nothing about that. */
function isGiven(given: Record<string, unknown>, name: string): boolean {
  return valueAt(given, name === 'randomDelay' ? 'randomDelay.enabled' : name) !== undefined;
}

/** A range given in part is completed so that it stays one: 500 as the least is also the most if that is 333. */
function widenDelay(given: Record<string, unknown>): void {
  const part = given.randomDelay as Partial<RandomDelayConfig> | undefined;
  if (part === undefined) return;
  const { min, max } = DEFAULTS.randomDelay;
  given.randomDelay = {
    ...part,
    min: part.min ?? Math.min(min, part.max ?? min),
    max: part.max ?? Math.max(max, part.min ?? max),
  };
}
