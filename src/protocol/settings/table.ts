/**
 * The one table of settings. The types, the validator, the options of the command line, the settings of VS Code and
 * their pages in docs/ are made from it; `npm run settings` writes what is a file. A new setting is one new entry.
 */
import { APP_SETTINGS } from './app.ts';
import { LIFE_SETTINGS, RELOAD_SETTINGS } from './life.ts';
import { RACE_SETTINGS } from './races.ts';
import type { Setting } from './setting.ts';
import { RUNTIME_SETTINGS, WORKER_SETTINGS } from './workers.ts';

/** Each name is the path of a field of the configuration: `reload.waitMs` is `waitMs` of its object `reload`. */
export const SETTINGS = {
  ...APP_SETTINGS,
  ...WORKER_SETTINGS,
  ...RACE_SETTINGS,
  ...RELOAD_SETTINGS,
  ...RUNTIME_SETTINGS,
  ...LIFE_SETTINGS,
} as const;

type Table = typeof SETTINGS;
export type SettingName = keyof Table;

/** Names of the settings that have this property. */
type Having<T> = { [N in SettingName]: Table[N] extends T ? N : never }[SettingName];

/** Settings that a driver of the server uses itself. */
export type DriverSettingName = Having<{ ofDriver: true }>;
export type ServerSettingName = Exclude<SettingName, DriverSettingName>;
/** Settings that a running server can change. */
export type LiveSettingName = Exclude<Having<{ takesEffect: 'at once' | 'new workers' }>, DriverSettingName>;

/** Settings for which a Django project may have defaults. */
export type DjangoSettingName = Having<{ django: string }>;

/** The type of a setting's value. One without a default may be undefined. */
export type ValueOf<N extends SettingName> = Table[N] extends { default: unknown }
  ? Raw<Table[N]>
  : Raw<Table[N]> | undefined;

type Raw<S> = S extends { type: 'choice'; choices: infer C }
  ? keyof C & string
  : S extends { type: 'boolean' }
    ? boolean
    : S extends { type: 'integer' }
      ? number
      : S extends { type: 'list' }
        ? string[]
        : S extends { type: 'map' }
          ? Record<string, string>
          : string;

/** The objects of a configuration: `reload` for `reload.waitMs`. */
export type ObjectName<N extends SettingName> = N extends `${infer O}.${string}` ? O : never;

/** Fields that are objects of settings. */
export type FieldsOf<O extends string, N extends SettingName = ServerSettingName> = {
  [K in N as K extends `${O}.${infer F}` ? F : never]: ValueOf<K>;
};
/** Fields that are settings themselves. */
export type PlainFields<N extends SettingName> = {
  [K in N as K extends `${string}.${string}` ? never : K]: ValueOf<K>;
};

/** Every setting with its name, in the order of the table. */
export const ALL_SETTINGS = Object.entries(SETTINGS) as ReadonlyArray<readonly [SettingName, Setting]>;

export const SERVER_SETTINGS = ALL_SETTINGS.filter(([, { ofDriver }]) => ofDriver !== true) as ReadonlyArray<
  readonly [ServerSettingName, Setting]
>;

export const LIVE_SETTINGS = SERVER_SETTINGS.filter(([, setting]) => isLive(setting)) as ReadonlyArray<
  readonly [LiveSettingName, Setting]
>;

function isLive({ takesEffect }: Setting): boolean {
  return takesEffect === 'at once' || takesEffect === 'new workers';
}
