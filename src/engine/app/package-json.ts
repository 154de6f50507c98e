/** The file to run, according to package.json. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileAt, kindOf } from './entry-files.ts';
import type { ScriptPlan } from './script/plan.ts';
import { projectIn } from './script/project.ts';
import { readNamedScript } from './script/read-script.ts';
import { type ScriptStart, scriptStart } from './script/start.ts';

/** Scripts that may run the server, in the order in which they count. */
const SCRIPT_NAMES = ['dev', 'start:dev', 'serve', 'start'] as const;

/** A statement of package.json: its place, its text, and its file, if that exists. */
interface PackageHint {
  /** For example `package.json main "dist/app.js"`. */
  says: string;
  file: string | undefined;
  /** Why `file` is undefined. */
  why?: string;
  /** The script runs this command of a package, which is not installed. */
  missing?: string;
  /** How the script runs the file. */
  start?: ScriptStart;
}

/** Statements in their order of preference; none if there is no package.json. */
export async function packageHints(folder: string): Promise<PackageHint[]> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const manifest = parse(text);
  if (manifest === undefined) return [{ says: 'package.json', file: undefined, why: 'not valid JSON' }];
  const { main, scripts } = manifest;
  const hints: PackageHint[] = [];
  const project = projectIn(folder);
  for (const name of SCRIPT_NAMES) {
    const script = isRecord(scripts) ? scripts[name] : undefined;
    if (project === undefined || typeof script !== 'string' || script.trim() === '') continue;
    const says = `package.json scripts.${name} "${script}"`;
    const reading = readNamedScript(name, project);
    hints.push(
      reading.plan === undefined
        ? { says, file: undefined, ...reading }
        : await planned(says, `scripts.${name}`, reading.plan),
    );
  }
  if (typeof main === 'string' && main !== '') {
    hints.push(await hint(folder, `package.json main "${main}"`, main));
  }
  return hints;
}

/** @param from the script's place in package.json */
async function planned(says: string, from: string, plan: ScriptPlan): Promise<PackageHint> {
  const { file, why } = await hint(plan.folder, says, plan.program.file);
  if (file === undefined) return { says, file, why: `${plan.program.file}: ${why}` };
  return { says, file, start: scriptStart(plan, from, file) };
}

/** The file that Node runs for a folder: the `main` of its package.json, then `index`. */
export async function folderFile(folder: string): Promise<string | undefined> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '{}');
  const main = parse(text)?.main;
  if (typeof main === 'string' && main !== '') {
    const target = path.resolve(folder, main);
    const file = (await fileAt(target)) ?? (await fileAt(path.join(target, 'index')));
    if (file !== undefined) return file;
  }
  return fileAt(path.join(folder, 'index'));
}

async function hint(folder: string, says: string, named: string): Promise<PackageHint> {
  const target = path.resolve(folder, named);
  let file = await fileAt(target);
  if (file === undefined && (await kindOf(target)) === 'folder') file = await folderFile(target);
  return file === undefined ? { says, file, why: 'no such file' } : { says, file };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
