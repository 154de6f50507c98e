/** Runs a system tool and returns its output; undefined if it is missing, fails or hangs. */
import { execFile } from 'node:child_process';

const TOOL_MS = 5000;

export function runTool(file: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = {
      timeout: TOOL_MS,
      maxBuffer: 32 * 1024 * 1024,
      windowsHide: true,
      // The output is parsed, and start times are compared between processes with other settings.
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    };
    try {
      execFile(file, args, options, (error, stdout) => resolve(error === null ? stdout : undefined));
    } catch {
      resolve(undefined);
    }
  });
}
