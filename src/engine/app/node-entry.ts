/** The error about an entry that names nothing. */
import path from 'node:path';
import { ENDINGS } from '../../common/entry-names.ts';
import { ServerError } from '../../protocol/errors.ts';
import { guesses } from './entry-files.ts';
import { lookIn } from './node-look.ts';

/** Absolute paths of every file that could be the app, the likeliest first; for a person to pick from. */
export async function listEntries(cwd: string): Promise<string[]> {
  const { choices } = await lookIn(cwd);
  return [...new Set([...choices.map(({ file }) => file), ...(await guesses(cwd))])];
}

export async function noSuchEntry(entry: string, target: string, cwd: string): Promise<ServerError> {
  const others = (await listEntries(cwd)).map((file) => path.relative(cwd, file));
  const endings = path.extname(target) === '' ? `, nor with ${ENDINGS.join(' ')}` : '';
  return new ServerError('ENTRY_NOT_FOUND', `There is no file ${entry} in ${cwd}${endings}.`, {
    ...(others.length === 0 ? {} : { hint: `Found there: ${others.join(', ')}` }),
    details: { candidates: [target, ...others] },
  });
}
