/** `--clean-up`: ends what dead servers left, and says what it was. */
import { escapeControls } from '../common/terminal-style.ts';
import { endLeftovers } from '../engine/process/orphans/leftovers.ts';
import { EXIT_OK } from './exit-code.ts';

/** With `json` it says `{ "ended": ["PID (COMMAND)", …] }`. What could not be looked at is said on stderr. */
export async function cleanUp(json: boolean): Promise<number> {
  const found = await endLeftovers();
  const ended = found.ended.map(({ pid, command }) => `${pid} (${escapeControls(command)})`);
  const text =
    ended.length === 0 ? 'Nothing was left behind.' : `Stopped what was left behind: ${ended.join(', ')}`;
  if (found.problem !== undefined)
    process.stderr.write(`Some of it could not be read or removed: ${escapeControls(found.problem)}\n`);
  process.stdout.write(`${json ? JSON.stringify({ ended }) : text}\n`);
  return EXIT_OK;
}
