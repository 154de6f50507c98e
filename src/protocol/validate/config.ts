/** From settings as a person or a program wrote them to a configuration that can be run. */
import { isIP } from 'node:net';
import path from 'node:path';
import {
  AFFINITIES,
  autoWorkers,
  DEFAULTS,
  defaultMaxWorkers,
  LATE_ANSWERS,
  MAX_DELAY_MS,
  MAX_OVERLAP,
  MAX_RELOAD_WAIT_MS,
  MAX_SEED,
  MAX_STOP_TIMEOUT_MS,
  MAX_THREADS,
  MAX_WORKERS,
  MODES,
  OVERRIDABLE,
  type OverlapConfig,
  type RandomDelayConfig,
  type ReloadConfig,
  type ServerConfig,
} from '../config.ts';
import { badConfig } from '../errors.ts';
import { Fields } from './fields.ts';

const MAX_REQUESTS_PER_WORKER = 1_000_000_000;
const FILES = 'a file, a folder or a glob, such as views or views/**; with ! before it, what does not count';
const ROUTE = "a path glob such as /api/** or 'POST /cart/*'";

/** What the defaults that depend on the machine are made of. */
export interface Surroundings {
  /** Absolute path. */
  cwd: string;
  /** Cores that can be used. */
  cores: number;
  /** The seed where none is given. */
  seed: number;
}

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
  const auto = autoWorkers(surroundings.cores);
  const workers =
    fields.get('workers') === 'auto'
      ? auto
      : (fields.integer('workers', 1, MAX_WORKERS, ', or auto') ?? auto);
  const config: ServerConfig = {
    entry: fields.text('entry'),
    cwd: readAbsolute(fields, 'cwd') ?? surroundings.cwd,
    addr: readAddress(fields) ?? DEFAULTS.addr,
    port: fields.integer('port', 0, 65_535) ?? DEFAULTS.port,
    takeOver: fields.boolean('takeOver') ?? DEFAULTS.takeOver,
    mode: fields.oneOf('mode', MODES) ?? DEFAULTS.mode,
    workers,
    maxWorkers: readMaxWorkers(fields, workers) ?? defaultMaxWorkers(workers),
    maxRequestsPerWorker:
      fields.integer('maxRequestsPerWorker', 0, MAX_REQUESTS_PER_WORKER) ?? DEFAULTS.maxRequestsPerWorker,
    affinity: fields.oneOf('affinity', AFFINITIES) ?? DEFAULTS.affinity,
    randomDelay: readWholeDelay(fields),
    overlap: readWholeOverlap(fields),
    seed: fields.integer('seed', 0, MAX_SEED) ?? surroundings.seed,
    allowedHosts:
      fields.texts('allowedHosts', 'a host name such as my.test or .my.test', isAllowedHost) ?? [],
    args: fields.texts('args', 'a text') ?? [],
    nodeArgs: fields.texts('nodeArgs', 'an argument of Node', (text) => text !== '') ?? [],
    node: fields.text('node'),
    python: fields.text('python'),
    processes: fields.integer('processes', 1, MAX_WORKERS) ?? DEFAULTS.processes,
    threads: fields.integer('threads', 1, MAX_THREADS) ?? DEFAULTS.threads,
    given: OVERRIDABLE.filter((name) => isGiven(fields, name)),
    env: fields.textMap('env') ?? {},
    envFile: fields.text('envFile'),
    stopTimeoutMs: fields.integer('stopTimeoutMs', 0, MAX_STOP_TIMEOUT_MS) ?? DEFAULTS.stopTimeoutMs,
    reload: readWholeReload(fields),
    editorLink: fields.text('editorLink') ?? DEFAULTS.editorLink,
  };
  fields.end();
  return config;
}

/** The parts of a random delay that are given. */
export function readDelay(fields: Fields): Partial<RandomDelayConfig> {
  const part: Partial<RandomDelayConfig> = defined({
    enabled: fields.boolean('enabled'),
    min: fields.integer('min', 0, MAX_DELAY_MS),
    max: fields.integer('max', 0, MAX_DELAY_MS),
    routes: fields.texts('routes', ROUTE, isRouteGlob),
  });
  fields.end();
  if (part.min !== undefined && part.max !== undefined && part.min > part.max) {
    throw fields.refuse('min', part.min, `at most max, which is ${part.max}`);
  }
  return part;
}

/** The parts of an overlap that are given. */
export function readOverlap(fields: Fields): Partial<OverlapConfig> {
  const part = readOverlapParts(fields);
  fields.end();
  return part;
}

/** As {@link readOverlap}, where other fields stand beside them. */
export function readOverlapParts(fields: Fields): Partial<OverlapConfig> {
  const size = fields.integer('size', 0, MAX_OVERLAP);
  if (size === 1) throw fields.refuse('size', size, `0 (off), or a whole number from 2 to ${MAX_OVERLAP}`);
  return defined({
    size,
    maxMs: fields.integer('maxMs', 0, MAX_DELAY_MS),
    routes: fields.texts('routes', ROUTE, isRouteGlob),
  });
}

/** The parts of a reload's settings that are given. */
export function readReload(fields: Fields): Partial<ReloadConfig> {
  const part: Partial<ReloadConfig> = defined({
    enabled: fields.boolean('enabled'),
    watch: fields.texts('watch', FILES, isFileGlob),
    browser: fields.boolean('browser'),
    waitMs: fields.integer('waitMs', 0, MAX_RELOAD_WAIT_MS),
    late: fields.oneOf('late', LATE_ANSWERS),
  });
  fields.end();
  return part;
}

export function readWorkers(fields: Fields): number | undefined {
  return fields.integer('workers', 1, MAX_WORKERS);
}

/** @param workers the number of workers that are always kept, where it is known */
export function readMaxWorkers(fields: Fields, workers: number | undefined): number | undefined {
  const max = fields.integer('maxWorkers', 1, MAX_WORKERS);
  if (max === undefined || workers === undefined || max >= workers) return max;
  throw fields.refuse('maxWorkers', max, `at least the number of workers, which is ${workers}`);
}

/** A random delay counts as given once it is switched on or off; its range alone says nothing of that. */
function isGiven(fields: Fields, name: (typeof OVERRIDABLE)[number]): boolean {
  const value = fields.get(name);
  if (name !== 'randomDelay') return value !== undefined;
  return typeof value === 'object' && value !== null && 'enabled' in value && value.enabled !== undefined;
}

/** A range given in part is completed so that it stays one: 500 as the least is also the most, where that is 333. */
function readWholeDelay(fields: Fields): RandomDelayConfig {
  const given = fields.object('randomDelay');
  const part = given === undefined ? {} : readDelay(given);
  const { enabled, min, max } = DEFAULTS.randomDelay;
  return {
    enabled: part.enabled ?? enabled,
    min: part.min ?? Math.min(min, part.max ?? min),
    max: part.max ?? Math.max(max, part.min ?? max),
    routes: part.routes ?? [],
  };
}

function readWholeOverlap(fields: Fields): OverlapConfig {
  const given = fields.object('overlap');
  return { ...DEFAULTS.overlap, routes: [], ...(given === undefined ? {} : readOverlap(given)) };
}

function readWholeReload(fields: Fields): ReloadConfig {
  const given = fields.object('reload');
  return { ...DEFAULTS.reload, watch: [], ...(given === undefined ? {} : readReload(given)) };
}

function readAbsolute(fields: Fields, name: string): string | undefined {
  const value = fields.text(name);
  if (value !== undefined && !path.isAbsolute(value)) throw fields.refuse(name, value, 'an absolute path');
  return value;
}

function readAddress(fields: Fields): string | undefined {
  const value = fields.text('addr');
  if (value === undefined || isIP(value) !== 0 || isHostName(value)) return value;
  throw fields.refuse('addr', value, 'an IP address or a host name, such as 127.0.0.1, ::1 or localhost');
}

/** RFC 1123, section 2.1; an underscore is let through, as resolvers do. All digits and dots is a mistyped address. */
function isHostName(text: string): boolean {
  if (text.length > 253 || /^[\d.]+$/.test(text)) return false;
  return text.split('.').every((part) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(part));
}

function isAllowedHost(text: string): boolean {
  return isIP(text) !== 0 || isHostName(text.startsWith('.') ? text.slice(1) : text);
}

/** A glob that starts with a letter would never match, because a path starts with `/`. */
function isRouteGlob(text: string): boolean {
  return text.length <= 1000 && /^(?:[A-Za-z]+ +)?[^\sA-Za-z0-9]\S*$/.test(text.trim());
}

/** The root of a file system is nothing to watch as a whole. */
function isFileGlob(text: string): boolean {
  const name = text.trim().replace(/^!/, '');
  return (
    text.length <= 1000 && name !== '' && !name.startsWith('!') && !/^(?:[A-Za-z]:)?[\\/]+(?:\*|$)/.test(name)
  );
}

/** Without the fields that are undefined, as exact optional properties want it. */
function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
