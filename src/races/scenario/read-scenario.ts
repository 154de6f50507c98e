/** Reads scenarios and the files that stand in their bodies. */
import { promises as fs } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import picomatch from 'picomatch';
import { type ParsedScenario, parseScenario } from './parse-scenario.ts';
import type { Note, Problem } from './place.ts';
import type { Scenario } from './types.ts';

interface ReadScenario {
  scenario: Scenario;
  /** Absolute path of the file. */
  path: string;
}

export interface ReadScenarios {
  /** In the order of the words; the matches of a pattern by name. */
  scenarios: ReadScenario[];
  /** All mistakes of all files; if there is one, nothing is to be run. */
  problems: Problem[];
  notes: Note[];
  /** Words that name no file; each is a sentence. */
  missing: string[];
}

/** @param words files and globs, relative to `cwd`, which is an absolute path */
export async function readScenarios(words: readonly string[], cwd: string): Promise<ReadScenarios> {
  const read: ReadScenarios = { scenarios: [], problems: [], notes: [], missing: [] };
  const files = new Set<string>();
  for (const word of words) {
    const found = await filesOf(word, cwd);
    if (found.length === 0) read.missing.push(missing(word));
    for (const file of found) files.add(file);
  }
  for (const file of files) {
    const { scenario, problems, notes } = await readScenario(file, nameOf(file, cwd));
    read.problems.push(...problems);
    read.notes.push(...notes);
    if (scenario !== undefined) read.scenarios.push({ scenario, path: file });
  }
  return read;
}

function missing(word: string): string {
  return isGlob(word) ? `No file matches ${word}.` : `There is no file ${word}.`;
}

function isGlob(word: string): boolean {
  return picomatch.scan(word).isGlob;
}

/** As a person would write it: relative if it is below the current folder. */
function nameOf(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  const isBelow = !relative.startsWith('..') && !path.isAbsolute(relative);
  return isBelow ? relative.replaceAll(path.sep, '/') : file;
}

async function filesOf(word: string, cwd: string): Promise<string[]> {
  const literal = path.resolve(cwd, word);
  // A name with brackets may be that of a file.
  if (await isFile(literal)) return [literal];
  if (!isGlob(word)) return [];
  // A backslash is not a separator in a glob, but it is one for a person on Windows.
  const { base, glob } = picomatch.scan(path.sep === '\\' ? word.replaceAll('\\', '/') : word);
  const folder = path.resolve(cwd, base);
  const fits = picomatch(glob);
  const names = await namesIn(folder, glob);
  const matching = names.filter((name) => fits(name)).sort();
  return matching.map((name) => path.join(folder, name));
}

/** The files below a folder that a glob may match, with slashes. Packages are entered only if the glob names them. */
async function namesIn(folder: string, glob: string): Promise<string[]> {
  const isDeep = glob.includes('/') || glob.includes('**');
  const found: string[] = [];
  const open = [''];
  // Folders that are pushed here are visited as well.
  for (const below of open) {
    const entries = await fs.readdir(path.join(folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const name = `${below}${entry.name}`;
      const isForeign = entry.name === 'node_modules' && !glob.includes('node_modules');
      if (entry.isDirectory() && isDeep && !isForeign) open.push(`${name}/`);
      else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path.join(folder, name))))) {
        found.push(name);
      }
    }
  }
  return found;
}

async function isFile(file: string): Promise<boolean> {
  return fs.stat(file).then(
    (stat) => stat.isFile(),
    () => false,
  );
}

/**
 * @param file absolute path
 * @param name of the file in messages
 */
async function readScenario(file: string, name: string): Promise<ParsedScenario> {
  const text = await contentOf(file);
  if (!Buffer.isBuffer(text)) {
    return {
      problems: [{ file: name, line: 1, what: `The file can't be read (${text})` }],
      notes: [],
      files: [],
    };
  }
  // Which files are needed is known after the first time; what is in them may have mistakes.
  const { files } = parseScenario(text.toString(), name);
  const contents = new Map<string, Buffer>();
  const unread: Problem[] = [];
  for (const { path: written, line } of files) {
    const bytes = await contentOf(path.resolve(path.dirname(file), written));
    if (Buffer.isBuffer(bytes)) contents.set(written, bytes);
    else unread.push({ file: name, line, ...whyUnread(written, bytes) });
  }
  const { scenario, ...parsed } = parseScenario(text.toString(), name, contents);
  const problems = [...parsed.problems, ...unread].sort((a, b) => (a.file === b.file ? a.line - b.line : 0));
  return { ...parsed, problems, ...(problems.length === 0 && scenario !== undefined ? { scenario } : {}) };
}

/** The content of a file, or the code of the error. */
async function contentOf(file: string): Promise<Buffer | string> {
  return fs.readFile(file).catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
}

function whyUnread(written: string, code: string): { what: string; allowed: string } {
  const what =
    code === 'ENOENT' ? `There is no file ${written}` : `The file ${written} can't be read (${code})`;
  return { what, allowed: 'The path is relative to the folder of the scenario.' };
}

/** The variables of the `.env` file beside a scenario; of none if there is no such file. */
export async function readDotenv(scenario: string): Promise<(key: string) => string | undefined> {
  const bytes = await contentOf(path.join(path.dirname(scenario), '.env'));
  const values = parseEnv(Buffer.isBuffer(bytes) ? bytes.toString().replace(/^\uFEFF/, '') : '');
  return (key) => values[key];
}
