/** Parses the settings that a user or a program wrote to a complete configuration. */
import { DEFAULTS, OVERRIDABLE, type RandomDelayConfig, type ServerConfig } from '../config.ts';
import { badConfig } from '../errors.ts';
import { setValueAt, valueAt } from '../settings/paths.ts';
import type { Setting, Surroundings } from '../settings/setting.ts';
import { SERVER_SETTINGS, SETTINGS } from '../settings/table.ts';
import { Fields } from './fields.ts';
import { readSettings, requireRoom } from './settings.ts';

export type { Surroundings } from '../settings/setting.ts';

/**
 * Returns a complete configuration from the given fields, which are named as in {@link ServerConfig}; `workers` may also
 * be `'auto'`. Throws `BAD_CONFIG` for the first wrong field.
 *
 * @param label returns the name of a setting that the writer knows, for the error message
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
  // The fields come from the table, and so does the type.
  return config as unknown as ServerConfig;
}

/** A copy, so that no caller changes the table. */
function defaultOf(setting: Setting, surroundings: Surroundings, workers: number): unknown {
  const value = 'default' in setting ? setting.default : undefined;
  if (typeof value !== 'object') return value;
  if ('of' in value && typeof value.of === 'function') return value.of(surroundings, { workers });
  return structuredClone(value);
}

/** A random delay counts as given only if it is turned on or off. A range alone does not turn it on. */
function isGiven(given: Record<string, unknown>, name: string): boolean {
  return valueAt(given, name === 'randomDelay' ? 'randomDelay.enabled' : name) !== undefined;
}

/** Completes a range of which only one end is given: if `min` is 500 and the default of `max` is 333, `max` is 500. */
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
