/** The configuration of a server: its types, made from the table of settings. */
import { objectOrField, setValueAt, valueAt } from './settings/paths.ts';
import {
  type FieldsOf,
  type LiveSettingName,
  type ObjectName,
  type PlainFields,
  SERVER_SETTINGS,
  SETTINGS,
  type ServerSettingName,
  type ValueOf,
} from './settings/table.ts';

export type Mode = ValueOf<'mode'>;
export const MODES = Object.keys(SETTINGS.mode.choices) as readonly Mode[];

export type Affinity = ValueOf<'affinity'>;
/** How a request that waited too long for new code is answered. */
export type LateAnswer = ValueOf<'reload.late'>;

export type RandomDelayConfig = FieldsOf<'randomDelay'>;
export type OverlapConfig = FieldsOf<'overlap'>;
export type ReloadConfig = FieldsOf<'reload'>;

type Objects = { [O in ObjectName<ServerSettingName>]: FieldsOf<O> };

/** The settings of the table that belong to the server, by name. */
export interface ServerConfig extends PlainFields<ServerSettingName>, Objects {
  /** The given settings of {@link OVERRIDABLE}: they win over the app's own defaults. */
  given: string[];
}

/** A configuration as a program writes it: a missing field has its default. */
export type WrittenConfig = Partial<Omit<PlainFields<ServerSettingName>, 'workers'>> & {
  workers?: number | 'auto';
} & { [O in keyof Objects]?: Partial<Objects[O]> };

/** The settings that can change while a server runs. */
export type LiveConfig = Partial<PlainFields<LiveSettingName>> & {
  [O in ObjectName<LiveSettingName>]?: Partial<FieldsOf<O, LiveSettingName>>;
};

/** Fields for which a Django project may have defaults of its own (the settings of the 2009 server). */
export const OVERRIDABLE = SERVER_SETTINGS.filter(([, { django }]) => django !== undefined).map(
  ([name]) => objectOrField(name) as keyof ServerConfig,
);

/** The defaults that do not depend on the machine. */
export const DEFAULTS = fixedDefaults();

export const MAX_SEED = SETTINGS.seed.max;
/** Most requests collected for one overlap. */
export const MAX_OVERLAP = SETTINGS['overlap.size'].max;

/** The fields from which the validator makes the same configuration. */
export function toWritten({ given, ...config }: ServerConfig): WrittenConfig {
  const written: Record<string, unknown> = {};
  for (const [name, { django }] of SERVER_SETTINGS) {
    const isDefault = django !== undefined && !given.includes(objectOrField(name));
    const value = valueAt(config, name);
    if (!isDefault && value !== undefined) setValueAt(written, name, value);
  }
  return written;
}

function fixedDefaults(): Readonly<Omit<ServerConfig, 'cwd' | 'workers' | 'maxWorkers' | 'seed' | 'given'>> {
  const defaults: Record<string, unknown> = {};
  for (const [name, setting] of SERVER_SETTINGS) {
    const value = 'default' in setting ? setting.default : undefined;
    if (typeof value !== 'object' || !('of' in value)) setValueAt(defaults, name, value);
  }
  // The fields come from the table, and so does the type.
  return defaults as unknown as ReturnType<typeof fixedDefaults>;
}
