/** The folder outside the tree that keeps projects and results, so that a run goes on where the last one ended. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Project } from './project.ts';
import type { Result } from './result.ts';

/** The cache; CONCURRENT_SERVER_PROJECTS names another folder. */
export const CACHE =
  process.env.CONCURRENT_SERVER_PROJECTS ??
  path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'concurrent-server-projects');

export function folderOf(project: Project): string {
  return path.join(CACHE, 'projects', project.name);
}

/** The folder in which a project's commands run. */
export function appFolder(project: Project): string {
  return path.join(folderOf(project), project.folder ?? '');
}

/** A short text that changes with the value: a new description makes old results and installations stale. */
export function keyOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

/** Of all that a result depends on: not of the words of the page. */
export function keyOfProject(project: Project): string {
  return keyOf({ ...project, title: '', group: '', note: '' });
}

const resultFile = (name: string): string => path.join(CACHE, 'results', `${name}.json`);

/** The last result of a project, unless its description has changed since. */
export function readResult(project: Project): Result | undefined {
  try {
    const result = JSON.parse(fs.readFileSync(resultFile(project.name), 'utf8')) as Result;
    return result.key === keyOfProject(project) ? result : undefined;
  } catch {
    return undefined;
  }
}

export function writeResult(result: Result): void {
  const file = resultFile(result.name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(result, undefined, 2)}\n`);
  fs.renameSync(`${file}.new`, file);
}
