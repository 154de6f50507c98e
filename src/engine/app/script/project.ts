/** A project on the disk, as the reader of its scripts asks for it. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { isRecord, type Project } from './plan.ts';

/** The folders in which Node looks for packages: this one and all above it. */
function* foldersUp(folder: string): Iterable<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    yield at;
    if (path.dirname(at) === at) return;
  }
}

/** Undefined where a file is missing or is no JSON. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** Folder of an installed package, as Node finds it from `folder`. */
export function packageFolder(folder: string, name: string): string | undefined {
  for (const at of foldersUp(folder)) {
    const found = path.join(at, 'node_modules', name);
    if (existsSync(path.join(found, 'package.json'))) return found;
  }
  return undefined;
}

/** The project of a folder; undefined where there is no package.json, or it is broken. */
export function projectIn(folder: string, env: NodeJS.ProcessEnv = process.env): Project | undefined {
  const manifest = readJson(path.join(folder, 'package.json'));
  if (!isRecord(manifest)) return undefined;
  const { main, scripts } = manifest;
  const own = npmVariables(manifest);
  return {
    folder,
    scripts: Object.fromEntries(
      Object.entries(isRecord(scripts) ? scripts : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
    main: typeof main === 'string' && main !== '' ? main : undefined,
    variables: (name) => own[name] ?? env[name],
    json: (file) => readJson(path.resolve(folder, file)),
    command: (name) => commandFile(folder, name, manifest),
    has: (name) => packageFolder(folder, name) !== undefined,
    at: (other) => projectIn(path.resolve(folder, other), env),
  };
}

/** What npm tells a script of its package. */
function npmVariables(manifest: Record<string, unknown>): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const name of ['name', 'version', 'main']) {
    const value = manifest[name];
    if (typeof value === 'string') variables[`npm_package_${name}`] = value;
  }
  return variables;
}

/** Names of the packages that a package.json asks for. */
export function dependenciesOf(manifest: unknown): string[] {
  if (!isRecord(manifest)) return [];
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((field) =>
    isRecord(manifest[field]) ? Object.keys(manifest[field]) : [],
  );
}

/** The JavaScript behind a command: npm links it; other managers write a file for a shell, so packages are asked. */
function commandFile(folder: string, name: string, manifest: unknown): string | undefined {
  if (!/^[\w.@-]+$/.test(name)) return undefined;
  for (const at of foldersUp(folder)) {
    const linked = javascriptAt(path.join(at, 'node_modules', '.bin', name));
    if (linked !== undefined) return linked;
  }
  for (const dependency of [name, ...dependenciesOf(manifest)]) {
    const at = packageFolder(folder, dependency);
    const file = at === undefined ? undefined : binOf(at, name, dependency);
    if (file !== undefined) return file;
  }
  return undefined;
}

function binOf(folder: string, name: string, dependency: string): string | undefined {
  const manifest = readJson(path.join(folder, 'package.json'));
  if (!isRecord(manifest)) return undefined;
  const { bin } = manifest;
  const unscoped = dependency.slice(dependency.lastIndexOf('/') + 1);
  const file = isRecord(bin) ? bin[name] : unscoped === name ? bin : undefined;
  return typeof file === 'string' ? javascriptAt(path.join(folder, file)) : undefined;
}

/** The file without links, if Node can run it. */
function javascriptAt(file: string): string | undefined {
  try {
    const real = realpathSync(file);
    const [first = ''] = readFileSync(real, 'utf8').split('\n', 1);
    if (first.startsWith('#!')) return /\bnode\b/.test(first) ? real : undefined;
    return /\.[cm]?js$/.test(real) ? real : undefined;
  } catch {
    return undefined;
  }
}
