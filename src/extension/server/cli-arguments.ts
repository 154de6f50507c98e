/** From settings to the words of the command line. Pure. */
import path from 'node:path';
import type { ServerConfig } from '../../protocol/config.ts';
import type { Settings } from '../settings/settings-model.ts';

/** Fields whose option has their name and one value. */
const PLAIN = [
  'cwd',
  'workers',
  'maxWorkers',
  'maxRequestsPerWorker',
  'affinity',
  'processes',
  'threads',
  'editorLink',
] as const satisfies ReadonlyArray<keyof ServerConfig>;

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The words of the command line that run this configuration under a driver. */
export function toArguments({ config, seeded }: Settings, { takeOver = false } = {}): string[] {
  const { addr, port, entry, mode, randomDelay, overlap, reload, python, envFile } = config;
  const given = (name: string): boolean => config.given.includes(name);
  const { enabled, min, max } = randomDelay;
  return [
    ...(entry === undefined ? [] : [entryWord(entry, config.cwd)]),
    ...(given('addr') || given('port')
      ? [addressWord(given('addr') ? addr : '', given('port') ? port : '')]
      : []),
    '--ipc',
    '--quiet',
    ...(given('mode') ? ['--mode', mode] : []),
    ...PLAIN.map((field) => `--${kebab(field)}=${config[field]}`),
    `--stop-timeout=${config.stopTimeoutMs}`,
    ...(seeded ? ['--seed', String(config.seed)] : []),
    ...(given('randomDelay') ? [`--random-delay=${enabled ? `${min}-${max}` : 'off'}`] : []),
    ...(enabled ? randomDelay.routes.map((route) => `--delay-routes=${route}`) : []),
    ...(overlap.size > 0 ? [`--overlap=${overlap.size},${overlap.maxMs}`] : []),
    ...(overlap.size > 0 ? overlap.routes.map((route) => `--overlap-routes=${route}`) : []),
    ...(reload.enabled ? [] : ['--no-reload']),
    ...reload.watch.map((glob) => `--watch=${glob}`),
    ...(reload.browser ? ['--reload-browser'] : []),
    `--reload-wait=${reload.waitMs},${reload.late}`,
    ...config.allowedHosts.map((name) => `--allowed-host=${name}`),
    ...(python === undefined ? [] : [`--python=${python}`]),
    ...config.nodeArgs.map((arg) => `--node-arg=${arg}`),
    ...(envFile === undefined ? [] : [`--env-file=${path.resolve(config.cwd, envFile)}`]),
    ...(takeOver ? ['--take-over'] : []),
    ...(config.args.length === 0 ? [] : ['--', ...config.args]),
  ];
}

/** A name of Python's, such as `shop:create_app()`, stays as it is. */
function entryWord(entry: string, cwd: string): string {
  const isName = /^[A-Za-z_][\w.]*(?::[A-Za-z_].*)?$/.test(entry) && entry !== 'localhost';
  return isName ? entry : path.resolve(cwd, entry);
}

/** @param addr empty: as it is by default */
function addressWord(addr: string, port: number | ''): string {
  return `${addr === '' ? '' : `[${addr}]`}${port === '' ? '' : `:${port}`}`;
}
