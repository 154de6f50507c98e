/** Finds the app's file: without a question if possible, but never by a silent choice among equals. */
import path from 'node:path';
import { ENDINGS, GUESSED_FOLDERS, GUESSED_NAMES } from '../../common/entry-names.ts';
import { ServerError } from '../../protocol/errors.ts';
import { fileAt, guesses, kindOf, notImported } from './entry-files.ts';
import { folderFile, packageHints } from './package-json.ts';
import { fileStart, type ScriptStart } from './script/start.ts';

export interface NodeEntry {
  /** Absolute path. */
  file: string;
  /** How a script runs it, or which runner it needs. */
  start?: ScriptStart;
}

/**
 * The app's file, and how it is run. In this order:
 *
 * 1. `entry`, with or without its extension. If a script of `cwd` runs this file, it runs as in the script. For a
 *    folder, what its scripts run, the file that Node would run in it, or the one found there.
 * 2. package.json: the scripts dev, start:dev, serve and start, as far as they run a server; then `main`.
 * 3. `server`, `app`, `index` or `main` in the folder and its `src`. Among several, one that imports the others is the
 *    app; otherwise a `server` in the folder itself, which `npm start` runs without a script.
 *
 * Rejects with `ENTRY_NOT_FOUND` or `ENTRY_AMBIGUOUS`; `details.candidates` lists the checked or the matching files.
 */
export async function findEntry(
  entry: string | undefined,
  cwd: string,
  nodeArgs: readonly string[] = [],
): Promise<NodeEntry> {
  const found = await locate(entry, cwd);
  const start = found.start ?? fileStart(found.file, nodeArgs);
  return start === undefined ? found : { ...found, start };
}

async function locate(entry: string | undefined, cwd: string): Promise<NodeEntry> {
  if (entry === undefined) return discover(cwd, cwd);
  const target = path.resolve(cwd, entry);
  const file = await fileAt(target);
  if (file !== undefined) return asInScript(file, cwd);
  if ((await kindOf(target)) !== 'folder') throw await noSuchEntry(entry, target, cwd);
  const [scripted] = await scriptedIn(target);
  if (scripted !== undefined) return scripted;
  const main = await folderFile(target);
  return main === undefined ? discover(target, cwd) : { file: main };
}

/** What the scripts of a folder run, the first that counts in front. */
async function scriptedIn(folder: string): Promise<NodeEntry[]> {
  const hints = await packageHints(folder);
  return hints.flatMap(({ file, start }) =>
    file === undefined || start === undefined ? [] : [{ file, start }],
  );
}

/** A file that a person names runs as a script of the folder runs it, if one does. */
async function asInScript(file: string, cwd: string): Promise<NodeEntry> {
  const same = (await scriptedIn(cwd)).find(({ file: other }) => other === file);
  return same ?? { file };
}

/** Absolute paths of every file that could be the app, the likeliest first, so that a person can choose. */
export async function listEntries(cwd: string): Promise<string[]> {
  const files = (await packageHints(cwd)).flatMap(({ file }) => file ?? []);
  return [...new Set([...files, ...(await guesses(cwd))])];
}

async function discover(folder: string, cwd: string): Promise<NodeEntry> {
  const hints = await packageHints(folder);
  const scripted = hints.some(({ start }) => start !== undefined);
  const missing = hints.find((hint) => hint.missing !== undefined);
  // `main` may be a module that the missing command loads, and no program.
  if (!scripted && missing?.missing !== undefined) throw notInstalled(missing.missing, missing.says, folder);
  for (const { file, start } of hints) {
    if (file !== undefined) return start === undefined ? { file } : { file, start };
  }
  const fitting = await notImported(await guesses(folder));
  const [first] = fitting;
  if (first === undefined) throw nothingFits(folder, describeHints(hints));
  if (fitting.length === 1) return { file: first };
  // Guesses come in order of preference, so a `server` in the folder itself is the first.
  if (path.dirname(first) === folder && path.parse(first).name === 'server') return { file: first };
  throw severalFit(fitting.map((file) => path.relative(cwd, file)));
}

function describeHints(hints: Awaited<ReturnType<typeof packageHints>>): string[] {
  if (hints.length === 0) return ['package.json (none, or without main and scripts)'];
  return hints.map(({ says, why }) => `${says} (${why})`);
}

function notInstalled(command: string, says: string, folder: string): ServerError {
  return new ServerError('ENTRY_NOT_FOUND', `${says} runs ${command}, which is not installed in ${folder}.`, {
    hint: 'Install the packages of the project first: npm install',
    details: { folder, candidates: [says] },
  });
}

function nothingFits(folder: string, hints: string[]): ServerError {
  const endings = ENDINGS.join(' ');
  const names = `${GUESSED_NAMES.join(', ')} with ${endings} in ${GUESSED_FOLDERS.join(' and ')}`;
  const candidates = [...hints, names];
  return new ServerError(
    'ENTRY_NOT_FOUND',
    `No app found in ${folder}. Looked at: ${candidates.join('; ')}.`,
    {
      hint: 'Name the file of your app, for example: concurrent-server path/to/server.js',
      details: { folder, candidates },
    },
  );
}

function severalFit(candidates: string[]): ServerError {
  const message = `Several files could be the app: ${candidates.join(', ')}.`;
  return new ServerError('ENTRY_AMBIGUOUS', message, {
    hint: `Name the one to run, for example: concurrent-server ${candidates[0]}`,
    details: { candidates },
  });
}

async function noSuchEntry(entry: string, target: string, cwd: string): Promise<ServerError> {
  const others = (await listEntries(cwd)).map((file) => path.relative(cwd, file));
  const endings = path.extname(target) === '' ? `, nor with ${ENDINGS.join(' ')}` : '';
  return new ServerError('ENTRY_NOT_FOUND', `There is no file ${entry} in ${cwd}${endings}.`, {
    ...(others.length === 0 ? {} : { hint: `Found there: ${others.join(', ')}` }),
    details: { candidates: [target, ...others] },
  });
}
