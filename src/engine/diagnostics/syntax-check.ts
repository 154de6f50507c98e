/** Asks Node for the location of a syntax error. In a worker thread an error of an ES module has none. */
import { execFile } from 'node:child_process';

/** A file takes about 40 ms. The wrong one is most often the last that was loaded. */
const MAX_FILES = 10;
const CHECK_MS = 2000;

/**
 * Node's output for the first of `files` that is not valid; undefined if all are valid, or Node does not answer.
 * @param node the program to ask
 * @param files absolute paths, the likeliest first
 */
export async function syntaxError(node: string, files: readonly string[]): Promise<string | undefined> {
  for (const file of files.slice(0, MAX_FILES)) {
    const printed = await check(node, file);
    if (printed?.includes('SyntaxError')) return printed;
  }
  return undefined;
}

function check(node: string, file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(node, ['--check', file], { timeout: CHECK_MS, windowsHide: true }, (error, _stdout, stderr) => {
      resolve(error === null ? undefined : stderr);
    });
  });
}
