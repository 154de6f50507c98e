/** `--clean-up`: ends the processes that dead servers left, and reports them. */
import { escapeControls } from '../common/terminal-style.ts';
import { endLeftovers } from '../engine/process/orphans/leftovers.ts';
import { EXIT_OK } from './exit-code.ts';

/** Prints a sentence, or with `json` `{ "ended": ["PID (COMMAND)", …] }`. Reports problems on stderr. */
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
