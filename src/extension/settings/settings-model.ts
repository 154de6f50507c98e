/** Parses VS Code's settings to a configuration, and decides what a change of them requires. Pure. */
import path from 'node:path';
import {
  type LiveConfig,
  OVERRIDABLE,
  type OverlapConfig,
  type RandomDelayConfig,
  type ServerConfig,
} from '../../protocol/config.ts';
import { badConfig } from '../../protocol/errors.ts';
import { objectOrField, setValueAt, valueAt } from '../../protocol/settings/paths.ts';
import {
  ALL_SETTINGS,
  type DriverSettingName,
  LIVE_SETTINGS,
  type SettingName,
  SETTINGS as TABLE,
  type ValueOf,
} from '../../protocol/settings/table.ts';
import { parseConfig } from '../../protocol/validate/config.ts';
import { Fields } from '../../protocol/validate/fields.ts';
import { readSetting } from '../../protocol/validate/settings.ts';
import { SECTION } from '../names.ts';

type Table = typeof TABLE;
type SettingOf<N extends SettingName> = Table[N] extends { vscode: infer V }
  ? V extends { name: infer Name extends string }
    ? Name
    : N
  : never;

/** The name of a setting below {@link SECTION}, as the manifest has it. */
export type Setting = { [N in SettingName]: SettingOf<N> }[SettingName];

/** The settings' names in VS Code with their names in the table. */
const NAMES = new Map(
  ALL_SETTINGS.flatMap(
    ([name, { vscode }]): Array<[Setting, SettingName]> =>
      vscode === undefined ? [] : [[(vscode.name ?? name) as Setting, name]],
  ),
);

/** All settings, in the order of the table. */
export const SETTINGS: readonly Setting[] = [...NAMES.keys()];

/** Values as written, of any type. Undefined, null and the empty text mean "not set". */
export type WrittenSettings = Partial<Record<Setting, unknown>>;

/** Settings that VS Code uses itself. */
type OwnSettings = { [N in DriverSettingName]: ValueOf<N> };

export interface Settings extends OwnSettings {
  config: ServerConfig;
  /** The user chose the seed; otherwise each start picks a new one. */
  seeded: boolean;
}

export interface Place {
  /** Absolute path of the workspace folder. */
  folder: string;
  cores: number;
  seed: number;
  /** The prefix of links to files in this editor. */
  editorLink?: string;
}

/** Throws `BAD_CONFIG`, which names the setting, the value and what is allowed. */
export function parseSettings(
  written: WrittenSettings,
  { folder, cores, seed, editorLink }: Place,
): Settings {
  const fields: Record<string, unknown> = { editorLink };
  const own: Record<string, unknown> = {};
  for (const [setting, name] of NAMES) {
    const raw = written[setting];
    const value = raw === null || raw === '' ? undefined : inFolder(raw, folder);
    setValueAt(isOwn(name) ? own : fields, name, value);
  }
  const cwd = fields.cwd ?? '.';
  if (typeof cwd !== 'string') throw badConfig(settingOf('cwd'), cwd, 'the path of a folder');
  fields.cwd = path.resolve(folder, cwd);
  return {
    config: parseConfig(fields, { cwd: folder, cores, seed }, settingOf),
    seeded: fields.seed !== undefined,
    ...readOwn(own),
  };
}

function readOwn(own: Record<string, unknown>): OwnSettings {
  const fields = new Fields(own, { refuse: badConfig, label: settingOf });
  const read = <N extends DriverSettingName>(name: N): ValueOf<N> => {
    const setting = TABLE[name];
    const standard = 'default' in setting ? setting.default : undefined;
    return (readSetting(fields, name, setting) ?? standard) as ValueOf<N>;
  };
  return { runtime: read('runtime'), autoStart: read('autoStart'), openOnStart: read('openOnStart') };
}

function isOwn(name: SettingName): boolean {
  return 'ofDriver' in TABLE[name];
}

/** The full name in VS Code of a setting of the table. */
export function settingOf(name: string): string {
  return `${SECTION}.${[...NAMES].find(([, other]) => other === name)?.[0] ?? name}`;
}

/** Whether an entry is a Python app: a file, or `module:attribute`. A drive letter is not a module. */
export function isPython(entry: string): boolean {
  return /\.py(?::|$)|^[A-Za-z_][\w.]+:[A-Za-z_]/.test(entry);
}

/** The settings with some fields replaced. Those count as given. */
export function withChosen(settings: Settings, chosen: Partial<ServerConfig>): Settings {
  const given = new Set([...settings.config.given, ...OVERRIDABLE.filter((name) => name in chosen)]);
  return { ...settings, config: { ...settings.config, ...chosen, given: [...given] } };
}

/** What a change of the settings requires of a server that runs with the old ones. */
export interface Change {
  /** The part that a running server takes; undefined if nothing in it changed. */
  live: LivePart | undefined;
  /** Full names of those that take effect at the next start. */
  restart: string[];
}

/** Fields of the configuration that a running server takes. */
const LIVE = [...new Set(LIVE_SETTINGS.map(([name]) => objectOrField(name)))] as LiveField[];
type LiveField = keyof LiveConfig;
type LivePart = Partial<Pick<ServerConfig, LiveField>>;

export function changeOf(before: Settings, after: Settings): Change {
  const read = (settings: Settings, name: SettingName): unknown =>
    valueAt(isOwn(name) ? settings : settings.config, name);
  const changed = [...NAMES.values()].filter((name) => !same(read(before, name), read(after, name)));
  const live = LIVE.filter((field) => changed.some((name) => objectOrField(name) === field));
  // More workers may need a higher limit, and the two are checked together.
  if (live.includes('workers') && !live.includes('maxWorkers')) live.push('maxWorkers');
  return {
    live: live.length === 0 ? undefined : partOf(after, live),
    restart: changed.filter((name) => TABLE[name].takesEffect === 'next start').map(settingOf),
  };
}

/** The part of the settings that a running server takes. */
export function partOf({ config }: Settings, fields: readonly LiveField[] = LIVE): LivePart {
  return Object.fromEntries(fields.map((field) => [field, config[field]]));
}

/** `50-200`, or `100` for 0 to 100, in ms. Undefined if it is not a range. */
export function parseRange(written: string): Pick<RandomDelayConfig, 'min' | 'max'> | undefined {
  const match = /^\s*(?:(\d{1,5})\s*[-–]\s*)?(\d{1,5})\s*(?:ms)?\s*$/.exec(written);
  if (match === null) return undefined;
  const min = Number(match[1] ?? 0);
  const max = Number(match[2]);
  return min <= max && max <= TABLE['randomDelay.max'].max ? { min, max } : undefined;
}

/** Globs separated by commas. A method stays with its path: `POST /cart/*, /api/**`. */
export function parseRoutes(written: string): OverlapConfig['routes'] {
  return (written.match(/(?:\{[^}]*\}|[^,])+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Replaces `${workspaceFolder}` in all texts of a value. */
function inFolder(value: unknown, folder: string): unknown {
  if (typeof value === 'string') return value.replaceAll(`\${workspaceFolder}`, folder);
  if (Array.isArray(value)) return value.map((part: unknown) => inFolder(part, folder));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inFolder(part, folder)]));
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
