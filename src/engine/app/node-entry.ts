/** Finds the app's file: without a question if possible, but never by a silent choice among equals. */
import path from 'node:path';
import { ENDINGS, GUESSED_FOLDERS, GUESSED_NAMES } from '../../common/entry-names.ts';
import { ServerError } from '../../protocol/errors.ts';
import { fileAt, guesses, kindOf, notImported } from './entry-files.ts';
import { folderFile, packageHints } from './package-json.ts';

/**
 * Absolute path of the app's file. In this order:
 *
 * 1. `entry`, with or without its extension; for a folder, the file that Node would run in it, or the one found there.
 * 2. package.json: `main`, then the file of `scripts.dev` and of `scripts.start`, if they plainly run one.
 * 3. `server`, `app`, `index` or `main` in the folder and its `src`. Among several, one that imports the others is the
 *    app; otherwise a `server` in the folder itself, which `npm start` runs without a script.
 *
 * Rejects with `ENTRY_NOT_FOUND` or `ENTRY_AMBIGUOUS`; `details.candidates` lists the checked or the matching files.
 */
export async function findEntry(entry: string | undefined, cwd: string): Promise<string> {
  if (entry === undefined) return discover(cwd, cwd);
  const target = path.resolve(cwd, entry);
  const file = await fileAt(target);
  if (file !== undefined) return file;
  if ((await kindOf(target)) !== 'folder') throw await noSuchEntry(entry, target, cwd);
  return (await folderFile(target)) ?? discover(target, cwd);
}

/** Absolute paths of every file that could be the app, the likeliest first, so that a person can choose. */
export async function listEntries(cwd: string): Promise<string[]> {
  const files = (await packageHints(cwd)).flatMap(({ file }) => file ?? []);
  return [...new Set([...files, ...(await guesses(cwd))])];
}

async function discover(folder: string, cwd: string): Promise<string> {
  const hints = await packageHints(folder);
  const named = hints.find(({ file }) => file !== undefined)?.file;
  if (named !== undefined) return named;
  const fitting = await notImported(await guesses(folder));
  const [first] = fitting;
  if (first === undefined) throw nothingFits(folder, describeHints(hints));
  if (fitting.length === 1) return first;
  // Guesses come in order of preference, so a `server` in the folder itself is the first.
  if (path.dirname(first) === folder && path.parse(first).name === 'server') return first;
  throw severalFit(fitting.map((file) => path.relative(cwd, file)));
}

function describeHints(hints: Awaited<ReturnType<typeof packageHints>>): string[] {
  if (hints.length === 0) return ['package.json (none, or without main, scripts.dev and scripts.start)'];
  return hints.map(({ says, why }) => `${says} (${why})`);
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
