/** From what stands in the settings to a configuration that can be run, and what a change of it asks for. Pure. */
import path from 'node:path';
import {
  OVERRIDABLE,
  type OverlapConfig,
  type RandomDelayConfig,
  type ServerConfig,
} from '../../protocol/config.ts';
import { badConfig } from '../../protocol/errors.ts';
import { parseConfig } from '../../protocol/validate/config.ts';
import { SECTION } from '../names.ts';

/** The settings' names below {@link SECTION}, as the manifest has them. */
export const SETTINGS = [
  'mode',
  'workers',
  'maxWorkers',
  'maxRequestsPerWorker',
  'affinity',
  'addr',
  'port',
  'entry',
  'cwd',
  'args',
  'nodeArgs',
  'env',
  'envFile',
  'runtime',
  'python',
  'processes',
  'threads',
  'allowedHosts',
  'randomDelay.enabled',
  'randomDelay.min',
  'randomDelay.max',
  'randomDelay.routes',
  'randomDelay.seed',
  'overlap.size',
  'overlap.maxMs',
  'overlap.routes',
  'reload.enabled',
  'reload.watch',
  'reload.browser',
  'reload.waitTimeout',
  'reload.late',
  'autoStart',
  'openOnStart',
  'stopTimeout',
] as const;

export type Setting = (typeof SETTINGS)[number];

/** Values as they were written, of any type; undefined, null and the empty text stand for "not set". */
export type WrittenSettings = Partial<Record<Setting, unknown>>;

export interface Settings {
  config: ServerConfig;
  /** The seed was chosen, and is not to be drawn anew for each run. */
  seeded: boolean;
  /** Node that runs the server; undefined: the editor's own. */
  runtime: string | undefined;
  autoStart: boolean;
  openOnStart: boolean;
}

export interface Place {
  /** Absolute path of the workspace folder. */
  folder: string;
  cores: number;
  seed: number;
  /** What links to files begin with in this editor. */
  editorLink?: string;
}

/** Throws `BAD_CONFIG`, which names the setting, the value and what is allowed. */
export function parseSettings(
  written: WrittenSettings,
  { folder, cores, seed, editorLink }: Place,
): Settings {
  const value = (setting: Setting): unknown => {
    const raw = written[setting];
    return raw === null || raw === '' ? undefined : inFolder(raw, folder);
  };
  const cwd = value('cwd');
  if (cwd !== undefined && typeof cwd !== 'string')
    throw badConfig(`${SECTION}.cwd`, cwd, 'the path of a folder');
  const fields: Record<string, unknown> = {};
  for (const setting of SETTINGS) if (!isOwn(setting)) put(fields, fieldOf(setting), value(setting));
  const config = parseConfig(
    { ...fields, cwd: path.resolve(folder, cwd ?? '.'), editorLink },
    { cwd: folder, cores, seed },
    settingOf,
  );
  return {
    config,
    seeded: value('randomDelay.seed') !== undefined,
    runtime: text(value('runtime'), 'runtime', 'the path of a Node program, or node'),
    autoStart: flag(value('autoStart'), 'autoStart'),
    openOnStart: flag(value('openOnStart'), 'openOnStart'),
  };
}

/** The full name of the setting behind a field of the configuration. */
export function settingOf(field: string): string {
  return `${SECTION}.${RENAMED.find(([, renamed]) => renamed === field)?.[0] ?? field}`;
}

/** Settings and the fields of the configuration that they are, where the two have other names. */
const RENAMED: ReadonlyArray<readonly [setting: Setting, field: string]> = [
  ['randomDelay.seed', 'seed'],
  ['stopTimeout', 'stopTimeoutMs'],
  ['reload.waitTimeout', 'reload.waitMs'],
];

function fieldOf(setting: Setting): string {
  return RENAMED.find(([name]) => name === setting)?.[1] ?? setting;
}

/** Those that are the editor's own, and no part of the configuration. */
function isOwn(setting: Setting): boolean {
  return setting === 'runtime' || setting === 'autoStart' || setting === 'openOnStart';
}

/** `overlap.size` becomes a field of the object `overlap`. */
function put(fields: Record<string, unknown>, name: string, value: unknown): void {
  const [group = '', field] = name.split('.');
  fields[group] = field === undefined ? value : { ...(fields[group] as object), [field]: value };
}

/** Whether an entry names Python: a file, or `module:attribute`; a drive letter is no module. */
export function isPython(entry: string): boolean {
  return /\.py(?::|$)|^[A-Za-z_][\w.]+:[A-Za-z_]/.test(entry);
}

/** The settings with some that were chosen otherwise, which count as written. */
export function withChosen(settings: Settings, chosen: Partial<ServerConfig>): Settings {
  const given = new Set([...settings.config.given, ...OVERRIDABLE.filter((name) => name in chosen)]);
  return { ...settings, config: { ...settings.config, ...chosen, given: [...given] } };
}

/** What a change of the settings asks of a server that runs with the old ones. */
export interface Change {
  /** Can be told to the server as it runs; undefined when nothing of that changed. */
  live: LivePart | undefined;
  /** Full names of those that take effect at the next start. */
  restart: string[];
}

/** Fields that a running server takes; the rest waits for the next start. */
const LIVE = ['mode', 'workers', 'maxWorkers', 'randomDelay', 'overlap', 'reload', 'seed'] as const;
type LiveField = (typeof LIVE)[number];
type LivePart = Partial<Pick<ServerConfig, LiveField>>;

export function changeOf(before: Settings, after: Settings): Change {
  const changed = (Object.keys(after.config) as Array<keyof ServerConfig>).filter(
    (field) => field !== 'given' && !same(before.config[field], after.config[field]),
  );
  const live = LIVE.filter((field) => changed.includes(field));
  const restart = changed.filter((field) => !LIVE.includes(field as (typeof LIVE)[number])).map(settingOf);
  if (before.runtime !== after.runtime) restart.push(`${SECTION}.runtime`);
  // More workers may need a higher most, and the two are checked together.
  if (live.includes('workers') && !live.includes('maxWorkers')) live.push('maxWorkers');
  return {
    live: live.length === 0 ? undefined : partOf(after, live),
    restart,
  };
}

/** What a running server takes of the settings. */
export function partOf({ config }: Settings, fields: readonly LiveField[] = LIVE): LivePart {
  return Object.fromEntries(fields.map((field) => [field, config[field]]));
}

/** `50-200`, or `100` for 0 to 100, in ms. Undefined for what is no range. */
export function parseRange(written: string): Pick<RandomDelayConfig, 'min' | 'max'> | undefined {
  const match = /^\s*(?:(\d{1,5})\s*[-–]\s*)?(\d{1,5})\s*(?:ms)?\s*$/.exec(written);
  if (match === null) return undefined;
  const min = Number(match[1] ?? 0);
  const max = Number(match[2]);
  return min <= max && max <= 60_000 ? { min, max } : undefined;
}

/** Globs between spaces or commas; a method stays with its path: `POST /cart/*, /api/**`. */
export function parseRoutes(written: string): OverlapConfig['routes'] {
  return (written.match(/(?:\{[^}]*\}|[^,])+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** `${workspaceFolder}` in texts, wherever they stand. */
function inFolder(value: unknown, folder: string): unknown {
  if (typeof value === 'string') return value.replaceAll(`\${workspaceFolder}`, folder);
  if (Array.isArray(value)) return value.map((part: unknown) => inFolder(part, folder));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inFolder(part, folder)]));
}

function text(value: unknown, setting: Setting, allowed: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw badConfig(`${SECTION}.${setting}`, value, allowed);
}

function flag(value: unknown, setting: Setting): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw badConfig(`${SECTION}.${setting}`, value, 'true or false');
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
