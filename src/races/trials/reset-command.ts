/** Runs a command that restores state (`--reset`). */
import { exec } from 'node:child_process';

/** A command that takes longer waits for something that will not come, in ms. */
const LONGEST_MS = 30_000;

/**
 * @param command for the system's shell, as in a script of package.json
 * @returns why it failed, for a person: the last line of its errors; undefined if it has not
 */
export function runResetCommand(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd, env, windowsHide: true, timeout: LONGEST_MS, killSignal: 'SIGKILL' as const };
    exec(command, options, (error, _stdout, stderr) => {
      if (error === null) resolve(undefined);
      else if (error.killed === true) resolve(`It had not ended after ${LONGEST_MS / 1000} s.`);
      else resolve(stderr.trim().split('\n').at(-1) || `It exited with ${error.code ?? error.signal}.`);
    });
  });
}
