/** From what stands in the settings to a configuration that can be run, and what a change of it asks for. Pure. */
import path from 'node:path';
import type { OverlapConfig, RandomDelayConfig, ServerConfig } from '../protocol/config.ts';
import { badConfig } from '../protocol/errors.ts';
import type { Command } from '../protocol/messages.ts';
import { parseConfig } from '../protocol/validate-config.ts';
import { SECTION } from './names.ts';

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
  'allowedHosts',
  'randomDelay.enabled',
  'randomDelay.min',
  'randomDelay.max',
  'randomDelay.routes',
  'randomDelay.seed',
  'overlap.size',
  'overlap.maxMs',
  'overlap.routes',
  'autoStart',
  'openOnStart',
  'stopTimeout',
] as const;

export type Setting = (typeof SETTINGS)[number];

/** Values as they were written, of any type; null and the empty text stand for "not set". */
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
}

/** Throws `BAD_CONFIG`, which names the setting, the value and what is allowed. */
export function parseSettings(written: WrittenSettings, { folder, cores, seed }: Place): Settings {
  const value = (setting: Setting): unknown => {
    const raw = written[setting];
    return raw === null || raw === '' ? undefined : inFolder(raw, folder);
  };
  const cwd = value('cwd');
  if (cwd !== undefined && typeof cwd !== 'string')
    throw badConfig(`${SECTION}.cwd`, cwd, 'the path of a folder');
  const config = parseConfig(
    {
      mode: value('mode'),
      workers: value('workers'),
      maxWorkers: value('maxWorkers'),
      maxRequestsPerWorker: value('maxRequestsPerWorker'),
      affinity: value('affinity'),
      addr: value('addr'),
      port: value('port'),
      entry: value('entry'),
      cwd: path.resolve(folder, cwd ?? '.'),
      args: value('args'),
      nodeArgs: value('nodeArgs'),
      env: value('env'),
      envFile: value('envFile'),
      allowedHosts: value('allowedHosts'),
      randomDelay: {
        enabled: value('randomDelay.enabled'),
        min: value('randomDelay.min'),
        max: value('randomDelay.max'),
        routes: value('randomDelay.routes'),
      },
      overlap: {
        size: value('overlap.size'),
        maxMs: value('overlap.maxMs'),
        routes: value('overlap.routes'),
      },
      seed: value('randomDelay.seed'),
      stopTimeoutMs: value('stopTimeout'),
    },
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
  const own: Record<string, Setting> = { seed: 'randomDelay.seed', stopTimeoutMs: 'stopTimeout' };
  return `${SECTION}.${own[field] ?? field}`;
}

/** The words of the command line that run this configuration under a driver. */
export function toArguments({ config, seeded }: Settings, { takeOver = false } = {}): string[] {
  const { addr, port, entry, randomDelay, overlap, envFile } = config;
  const host = addr.includes(':') ? `[${addr}]` : addr;
  return [
    ...(entry === undefined ? [] : [path.resolve(config.cwd, entry)]),
    `${host}:${port}`,
    '--ipc',
    '--quiet',
    ...['--cwd', config.cwd],
    ...['--mode', config.mode],
    ...['--workers', String(config.workers)],
    ...['--max-workers', String(config.maxWorkers)],
    ...['--max-requests-per-worker', String(config.maxRequestsPerWorker)],
    ...['--affinity', config.affinity],
    ...['--stop-timeout', String(config.stopTimeoutMs)],
    ...(seeded ? ['--seed', String(config.seed)] : []),
    ...(randomDelay.enabled ? [`--random-delay=${randomDelay.min}-${randomDelay.max}`] : []),
    ...(randomDelay.enabled ? randomDelay.routes.map((route) => `--delay-routes=${route}`) : []),
    ...(overlap.size > 0 ? [`--overlap=${overlap.size},${overlap.maxMs}`] : []),
    ...(overlap.size > 0 ? overlap.routes.map((route) => `--overlap-routes=${route}`) : []),
    ...config.allowedHosts.map((name) => `--allowed-host=${name}`),
    ...config.nodeArgs.map((arg) => `--node-arg=${arg}`),
    ...(envFile === undefined ? [] : [`--env-file=${path.resolve(config.cwd, envFile)}`]),
    ...(takeOver ? ['--take-over'] : []),
    ...(config.args.length === 0 ? [] : ['--', ...config.args]),
  ];
}

/** What a change of the settings asks of a server that runs with the old ones. */
export interface Change {
  /** Can be told to the server as it runs; undefined when nothing of that changed. */
  live: Extract<Command, { type: 'set' }> | undefined;
  /** Full names of those that take effect at the next start. */
  restart: string[];
}

/** Fields that a running server takes; the rest waits for the next start. */
const LIVE = ['mode', 'workers', 'maxWorkers', 'randomDelay', 'overlap', 'seed'] as const;

export function changeOf(before: Settings, after: Settings): Change {
  const changed = (Object.keys(after.config) as Array<keyof ServerConfig>).filter(
    (field) => field !== 'given' && !same(before.config[field], after.config[field]),
  );
  const live = LIVE.filter((field) => changed.includes(field));
  const restart = changed.filter((field) => !LIVE.includes(field as (typeof LIVE)[number])).map(settingOf);
  if (before.runtime !== after.runtime) restart.push(`${SECTION}.runtime`);
  const { mode, workers, maxWorkers, randomDelay, overlap, seed } = after.config;
  const values = { mode, workers, maxWorkers, randomDelay, overlap, seed };
  // More workers may need a higher most, and the two are checked together.
  if (live.includes('workers') && !live.includes('maxWorkers')) live.push('maxWorkers');
  return {
    live:
      live.length === 0
        ? undefined
        : { type: 'set', ...Object.fromEntries(live.map((field) => [field, values[field]])) },
    restart,
  };
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
