/** Folders that tests make to be looked at. */
import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

const made: string[] = [];
after(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

/** What is in a folder; a value that is no string is written as JSON. */
export type Files = Readonly<Record<string, unknown>>;

/** @param old names of files that are an hour older than the rest */
export async function folderOf(files: Files, old: readonly string[] = []): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'folder-')));
  made.push(folder);
  const now = Date.now() / 1000;
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    const at = old.includes(name) ? now - 3600 : now;
    await utimes(file, at, at);
  }
  return folder;
}
