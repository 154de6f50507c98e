/** The file to run, according to package.json. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ProjectManifest, parseManifest } from '../../common/front-end-of.ts';
import { fileAt, kindOf } from './entry-files.ts';

export interface Manifest extends ProjectManifest {
  main: string | undefined;
}

/** What package.json of a folder says; `broken` if it is no JSON object, undefined if there is none. */
export async function readManifest(folder: string): Promise<Manifest | 'broken' | undefined> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = parseManifest(text);
  if (parsed === undefined) return 'broken';
  const { json, scripts, packages } = parsed;
  const main = typeof json.main === 'string' && json.main !== '' ? json.main : undefined;
  return { main, scripts, packages };
}

/** The file that Node runs for a folder: its package.json's `main`, then `index`. */
async function folderFile(folder: string): Promise<string | undefined> {
  const manifest = await readManifest(folder);
  const main = typeof manifest === 'object' ? manifest.main : undefined;
  return (
    (main === undefined ? undefined : await fileNamed(folder, main)) ?? fileAt(path.join(folder, 'index'))
  );
}

/** The file that a word of package.json names: a file, or a folder in which Node finds one. */
export async function fileNamed(folder: string, named: string): Promise<string | undefined> {
  const target = path.resolve(folder, named);
  const file = await fileAt(target);
  if (file !== undefined || (await kindOf(target)) !== 'folder') return file;
  return target === folder ? fileAt(path.join(folder, 'index')) : folderFile(target);
}
