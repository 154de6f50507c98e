/** Files that a build has made: whether they are older than their source, and which of them is a server. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { BUILT_SERVERS, ENDINGS } from '../../common/entry-names.ts';
import { kindOf } from './entry-files.ts';

const BUILD_FOLDERS = [
  'dist',
  'build',
  'lib',
  'out',
  '.output',
  'built',
  'compiled',
  'output',
  '.next',
  'esm',
  'cjs',
];
const SOURCE_FOLDERS = ['src', 'source', 'ts', 'app', 'server'];
const SOURCE_ENDINGS = [...ENDINGS, '.tsx', '.jsx', '.vue', '.svelte', '.astro'];
/** Most files whose times are compared. */
const MAX_FILES = 2000;

/** Absolute paths of the servers that a build has left in `folder`. */
export async function builtServers(folder: string, packages: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for (const [name, maker] of BUILT_SERVERS) {
    if (maker !== undefined && !packages.has(maker)) continue;
    const file = path.join(folder, name);
    if ((await kindOf(file)) === 'file') found.push(file);
  }
  return found;
}

/**
 * The source that is newer than all of the build to which `file` belongs; undefined if there is none, or if `file` lies
 * in no build folder, or the project has no folder of sources.
 */
export async function newerSource(folder: string, file: string): Promise<string | undefined> {
  if (!inBuildFolder(folder, file)) return undefined;
  const [first = ''] = path.relative(folder, file).split(path.sep);
  const sources = await newest(SOURCE_FOLDERS.map((name) => path.join(folder, name)));
  if (sources === undefined) return undefined;
  const own = await newest([path.join(folder, first)]);
  return own !== undefined && sources.at > own.at ? sources.file : undefined;
}

export function inBuildFolder(folder: string, file: string): boolean {
  const [first, ...rest] = path.relative(folder, file).split(path.sep);
  return rest.length > 0 && BUILD_FOLDERS.some((name) => name === first);
}

interface Dated {
  file: string;
  /** ms since the epoch */
  at: number;
}

async function newest(folders: readonly string[]): Promise<Dated | undefined> {
  let best: Dated | undefined;
  let files = 0;
  const queue = [...folders];
  for (let folder = queue.shift(); folder !== undefined && files < MAX_FILES; folder = queue.shift()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
    for (const entry of entries) {
      const target = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules') queue.push(target);
      } else if (SOURCE_ENDINGS.some((ending) => entry.name.endsWith(ending)) && files < MAX_FILES) {
        files++;
        const at = (await stat(target).catch(() => undefined))?.mtimeMs ?? 0;
        if (best === undefined || at > best.at) best = { file: target, at };
      }
    }
  }
  return best;
}
