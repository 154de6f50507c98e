import { CORRECT } from './lists/correct.mjs';
import { IN_DATABASES } from './lists/in-databases.mjs';
import { IN_FILES } from './lists/in-files.mjs';
import { IN_MEMORY } from './lists/in-memory.mjs';

/**
 * The cases of bench:races. Each is a folder of `cases/` with an app, as its developer would write it, and `race.http`.
 *
 * - `kind`: what a finding may be called, the expected one first; correct cases have none (`notes`: kinds that may be notes)
 * - `topology`: where the race is: `one` worker with requests interleaved, several (`many`), or `both`
 * - `args`: further arguments of `races`; `needs`: services whose addresses are in DATABASE_URL or REDIS_URL
 * - `from`: the public report that a case is rebuilt from, in our own words and code
 * - `minNode`: the oldest Node that runs it; `repeat`: runs with different seeds, 5 without it
 * - `inTests`: needs no package beyond those that the repository has for its own tests; `npm test` runs it
 */
export const CASES = [
  ...[...IN_MEMORY, ...IN_FILES, ...IN_DATABASES].map((subject) => ({ ...subject, racy: true })),
  ...CORRECT.map((subject) => ({ ...subject, racy: false })),
];
