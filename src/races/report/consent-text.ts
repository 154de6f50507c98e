/** What a person is told before trials write to something that nothing restores. Pure. */
import type { Touched } from '../report-types.ts';
import { oneLine } from './cells.ts';

const RESTORE = 'a request after `# @reset` in the scenario, --reset COMMAND';

/** The list, a line each. */
export function touchedLines(touched: readonly Touched[]): string[] {
  return [
    'The app used these, and nothing restores them before each trial:',
    ...touched.map(({ what, name }) => `  ${what.padEnd(8)}  ${oneLine(name)}`),
  ];
}

/** Which line or option to add. */
export function restoreHint(touched: readonly Touched[]): string {
  const files = touched.filter(({ what }) => what === 'file').map(({ name }) => oneLine(name));
  const state = files.length === 0 ? '' : `, ${files.map((name) => `--state ${name}`).join(' ')}`;
  return `To restore them, add ${RESTORE}${state}. To go on as it is, add --yes.`;
}
