/** The preloads by which a worker's Node understands what a runner does, from the packages of the project. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunnerName, RunnerUse } from './plan.ts';
import { isRecord } from './plan.ts';
import { packageFolder, readJson } from './project.ts';

/** Packages that bring a runner along, whose own packages count as well. */
const CARRIERS: Record<RunnerName, readonly string[]> = {
  tsx: ['esno'],
  'ts-node': ['ts-node-dev'],
  'swc-node': ['@swc-node/cli'],
  'babel-node': ['@babel/node'],
  sucrase: [],
  'esbuild-register': [],
};

/**
 * Flags that load a runner; undefined where it is not installed.
 *
 * @param folder from which it is resolved
 * @param entry absolute path of the app's file
 */
export function runnerFlags(folder: string, runner: RunnerUse, entry: string): string[] | undefined {
  const carriers = CARRIERS[runner.name].map((name) => packageFolder(folder, name));
  const folders = [folder, ...carriers.filter((found) => found !== undefined)];
  const find = (specifier: string): string | undefined => resolveFrom(folders, specifier);
  const esm = runner.esm ?? isModule(entry);
  switch (runner.name) {
    case 'tsx':
      return imported(find('tsx'));
    case 'ts-node': {
      const quick = runner.transpileOnly ? '/transpile-only' : '';
      const register = required(find(`ts-node/register${quick}`));
      const loader = esm ? find(`ts-node/esm${quick}`) : undefined;
      return loader === undefined ? register : [...(register ?? []), '--import', registering(loader)];
    }
    case 'swc-node':
      return esm ? imported(find('@swc-node/register/esm-register')) : required(find('@swc-node/register'));
    case 'babel-node': {
      const register = find('@babel/register');
      if (register === undefined || runner.extensions === undefined) return required(register);
      const call = `require(${JSON.stringify(register)})({extensions:${JSON.stringify(runner.extensions)}})`;
      return ['--import', withRequire(register, call)];
    }
    case 'sucrase':
      return required(find('sucrase/register'));
    case 'esbuild-register':
      return required(find('esbuild-register') ?? find('esbuild-register/dist/node'));
  }
}

/** Whether Node takes a file for an ES module by its name or its package.json. */
function isModule(file: string): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  for (let at = path.dirname(file); ; at = path.dirname(at)) {
    const manifest = path.join(at, 'package.json');
    if (existsSync(manifest)) {
      const json = readJson(manifest);
      return isRecord(json) && json.type === 'module';
    }
    if (path.dirname(at) === at) return false;
  }
}

function resolveFrom(folders: readonly string[], specifier: string): string | undefined {
  for (const folder of folders) {
    try {
      return createRequire(path.join(folder, 'package.json')).resolve(specifier);
    } catch {
      const module = importOnly(folder, specifier);
      if (module !== undefined) return module;
    }
  }
  return undefined;
}

/** A module that a package offers to `import` alone. */
function importOnly(folder: string, specifier: string): string | undefined {
  const [, name, subpath] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(specifier) ?? [];
  const found = name === undefined ? undefined : packageFolder(folder, name);
  if (found === undefined) return undefined;
  const manifest = readJson(path.join(found, 'package.json'));
  const { exports = {} } = isRecord(manifest) ? manifest : {};
  const target = isRecord(exports) ? exports[subpath === undefined ? '.' : `./${subpath}`] : undefined;
  const file = isRecord(target) ? (target.import ?? target.node ?? target.default) : target;
  return typeof file === 'string' ? path.join(found, file) : undefined;
}

function required(file: string | undefined): string[] | undefined {
  return file === undefined ? undefined : ['--require', file];
}

function imported(file: string | undefined): string[] | undefined {
  return file === undefined ? undefined : ['--import', pathToFileURL(file).href];
}

/** A module that registers hooks, as `--loader` does without the warning. */
function registering(loader: string): string {
  return code(`import{register}from'node:module';register(${JSON.stringify(pathToFileURL(loader).href)})`);
}

function withRequire(file: string, call: string): string {
  const from = JSON.stringify(pathToFileURL(file).href);
  return code(`import{createRequire}from'node:module';const require=createRequire(${from});${call}`);
}

function code(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
