/** Tokens in a scenario that can't be read. Pure. */
import type { Problem } from '../../races/scenario/place.ts';
import type { Scenario } from '../../races/scenario/types.ts';
import { readToken } from '../../races/schedules/token.ts';

/** A mistake for each such token, at its line. */
export function tokenProblems({
  file,
  schedules,
  accepts,
}: Pick<Scenario, 'file' | 'schedules' | 'accepts'>): Problem[] {
  return [...schedules, ...accepts].flatMap(({ token, line }) => {
    try {
      readToken(token);
      return [];
    } catch (error) {
      const [what = '', ...allowed] = (error as Error).message.split(/(?<=\.) /);
      return [{ file, line, what: what.replace(/\.$/, ''), allowed: allowed.join(' ') }];
    }
  });
}
