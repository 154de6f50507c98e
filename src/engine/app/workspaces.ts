/** The workspaces of a monorepo: which folders they are, without running a package manager. */
import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseManifest } from '../../common/front-end-of.ts';
import { kindOf } from './entry-files.ts';

export interface Workspace {
  /** Absolute path. */
  folder: string;
  /** Relative to the root, with `/`. */
  path: string;
  /** As its package.json or project.json names it; else the folder's name. */
  name: string;
}

/** Marks of a project in a folder. */
const PROJECT_FILES = ['package.json', 'project.json', 'manage.py', 'pyproject.toml', 'requirements.txt'];
/** If nothing declares workspaces, projects are looked for in the folder and in these. */
const USUAL_PARENTS = ['.', 'apps', 'packages', 'services'];
const MAX_WORKSPACES = 300;

export async function isProject(folder: string): Promise<boolean> {
  const names = await namesIn(folder);
  return PROJECT_FILES.some((file) => names.has(file));
}

/** Those that package.json, pnpm-workspace.yaml or lerna.json declare; undefined if none of them does. */
export async function declaredWorkspaces(root: string): Promise<Workspace[] | undefined> {
  const patterns = await patternsIn(root);
  return patterns === undefined ? undefined : workspacesAt(root, await expand(root, patterns));
}

/** Projects in folders of the root that nothing declares, such as `backend` beside `frontend`. */
export async function nearbyProjects(root: string): Promise<Workspace[]> {
  const folders: string[] = [];
  for (const parent of USUAL_PARENTS) {
    const names = await foldersIn(path.join(root, parent));
    folders.push(...names.map((name) => path.join(root, parent, name)));
  }
  return workspacesAt(root, folders);
}

/** Those that `written` names: by name, by folder, or by a pattern of either. */
export function named(workspaces: readonly Workspace[], written: string): Workspace[] {
  const wanted = written.replace(/^\.\//, '').replace(/\/$/, '');
  const matches = toRegExp(wanted);
  const exact = workspaces.filter(({ name, path }) => matches.test(name) || matches.test(path));
  if (exact.length > 0) return exact;
  // Nx and pnpm know a package by the last part of its name.
  return workspaces.filter(
    ({ name, path: at }) =>
      matches.test(name.replace(/^@[^/]*\//, '')) || matches.test(path.posix.basename(at)),
  );
}

/** The project in a folder of the root, named by its path; undefined if there is none. */
export async function projectAt(root: string, written: string): Promise<Workspace | undefined> {
  const folder = path.resolve(root, written);
  const [found] = await workspacesAt(root, [folder]);
  return found;
}

async function patternsIn(root: string): Promise<string[] | undefined> {
  const manifest = parseManifest(await textOf(path.join(root, 'package.json')))?.json;
  const own = manifest?.workspaces;
  const packages = Array.isArray(own) ? own : (own as { packages?: unknown } | undefined)?.packages;
  if (Array.isArray(packages)) return strings(packages);
  const pnpm = await textOf(path.join(root, 'pnpm-workspace.yaml'));
  if (pnpm !== '') return packagesOfYaml(pnpm);
  const lerna = await textOf(path.join(root, 'lerna.json'));
  if (lerna !== '') {
    const { packages } = (parseManifest(lerna)?.json ?? {}) as { packages?: unknown };
    return Array.isArray(packages) ? strings(packages) : ['packages/*'];
  }
  if ((await kindOf(path.join(root, 'nx.json'))) === 'file')
    return ['apps/*', 'apps/*/*', 'libs/*', 'packages/*'];
  return undefined;
}

/**
 * The list `packages` of a pnpm-workspace.yaml: a block of `- item` lines, or `[a, b]` on one line or several. That is all
 * the YAML that pnpm's own files have there; anchors, tags and folded texts are not read.
 */
export function packagesOfYaml(text: string): string[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map(withoutComment);
  const start = lines.findIndex((line) => /^(["']?)packages\1\s*:/.test(line));
  if (start < 0) return [];
  const rest = [lines[start]!.replace(/^[^:]*:/, ''), ...lines.slice(start + 1)];
  const flow = rest.join('\n').trim();
  if (flow.startsWith('[')) {
    return flow
      .slice(1, flow.indexOf(']'))
      .split(',')
      .map(unquoted)
      .filter((item) => item !== '');
  }
  const items: string[] = [];
  for (const line of rest.slice(1)) {
    if (line.trim() === '') continue;
    const [, item] = /^\s*-\s+(.*)$/.exec(line) ?? [];
    if (item === undefined) break;
    items.push(unquoted(item));
  }
  return items;
}

/** A `#` starts a comment at the start of a line or after a space, outside quotes. */
function withoutComment(line: string): string {
  const [kept] = /^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'#]|(?<=\S)#)*/.exec(line) ?? [line];
  return kept;
}

function unquoted(text: string): string {
  const [, , inner] = /^(["'])(.*)\1$/.exec(text.trim()) ?? [];
  return inner ?? text.trim();
}

/** Absolute paths of the folders that fit the patterns, without those of the patterns that start with `!`. */
async function expand(root: string, patterns: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns.filter((pattern) => !pattern.startsWith('!'))) {
    const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
    for (const folder of await fitting(root, parts)) found.add(folder);
  }
  const not = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => toRegExp(pattern.slice(1).replace(/^\.?\//, '')));
  return [...found].filter(
    (folder) => !not.some((pattern) => pattern.test(toPosix(path.relative(root, folder)))),
  );
}

async function fitting(folder: string, [part, ...rest]: string[]): Promise<string[]> {
  if (part === undefined) return [folder];
  if (!/[*?{[]/.test(part)) return fitting(path.join(folder, part), rest);
  const names = await foldersIn(folder);
  const here = part === '**' ? await fitting(folder, rest) : [];
  const matches = toRegExp(part);
  const below = await Promise.all(
    names
      .filter((name) => part === '**' || matches.test(name))
      .map((name) => fitting(path.join(folder, name), part === '**' ? [part, ...rest] : rest)),
  );
  return [...here, ...below.flat()];
}

/** `*`, `**`, `?` and `{a,b}` of a pattern; everything else stands for itself. */
function toRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/?|[*?]|\{[^{}]*\}|[\\^$.|+()[\]]/g, (sign) => {
    if (sign.startsWith('**')) return sign === '**' ? '.*' : '(?:.*/)?';
    if (sign === '*') return '[^/]*';
    if (sign === '?') return '[^/]';
    if (sign.startsWith('{'))
      return `(?:${sign
        .slice(1, -1)
        .split(',')
        .map((one) => toRegExp(one).source.slice(1, -1))
        .join('|')})`;
    return `\\${sign}`;
  });
  return new RegExp(`^${source}$`);
}

async function workspacesAt(root: string, folders: readonly string[]): Promise<Workspace[]> {
  const all = await Promise.all(
    [...new Set(folders)].slice(0, MAX_WORKSPACES).map(async (folder): Promise<Workspace | undefined> => {
      const names = await namesIn(folder);
      if (folder === root || !PROJECT_FILES.some((file) => names.has(file))) return undefined;
      const text = await textOf(
        path.join(folder, names.has('package.json') ? 'package.json' : 'project.json'),
      );
      const name = parseManifest(text)?.json.name;
      return {
        folder,
        path: toPosix(path.relative(root, folder)),
        name: typeof name === 'string' && name !== '' ? name : path.basename(folder),
      };
    }),
  );
  return all.filter((one) => one !== undefined).sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

async function namesIn(folder: string): Promise<Set<string>> {
  return new Set(await readdir(folder).catch((): string[] => []));
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

function strings(values: readonly unknown[]): string[] {
  return values.filter((value): value is string => typeof value === 'string');
}

function toPosix(relative: string): string {
  return relative.replaceAll('\\', '/');
}
