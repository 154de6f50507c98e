/** Where the user's code called something: the nearest frame of the stack in a file of the project. */

import { fileURLToPath } from 'node:url';

export interface UserFrame {
  fn: string;
  /** Absolute path. */
  file: string;
  line: number;
  /** It called itself, not a library that it called. */
  direct: boolean;
}

/** Deep enough to leave a library that a handler called. */
const FRAMES = 30;

/**
 * @param called the function whose caller is looked for
 * @param isUserFile given an absolute path
 */
export function userFrame(
  called: (...args: never[]) => unknown,
  isUserFile: (file: string) => boolean,
): UserFrame | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  Error.stackTraceLimit = FRAMES;
  Error.prepareStackTrace = (_error, frames) => frames;
  Error.captureStackTrace(holder, called);
  const { stack } = holder;
  Error.prepareStackTrace = prepareStackTrace as typeof Error.prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  for (const [depth, frame] of (stack as NodeJS.CallSite[]).entries()) {
    const name = frame.getFileName();
    const file = name?.startsWith('file://') ? fileURLToPath(name) : name;
    if (!file || !isUserFile(file)) continue;
    return { fn: nameOf(frame), file, line: frame.getLineNumber() ?? 0, direct: depth === 0 };
  }
  return undefined;
}

function nameOf(frame: NodeJS.CallSite): string {
  const name = frame.getFunctionName() ?? '';
  // A token is one word; a callback has no name.
  return /^[\w.$]+$/.test(name) ? name.replaceAll('$', '_') : '';
}
