/** Where the user's code called something: the nearest frame of the stack in a file of the project. */
import { fileURLToPath } from 'node:url';
import type { SourceSite } from './observed-request.ts';

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

/**
 * A boundary at this frame.
 * @param frame where the user's code called it, or a library that it called
 * @param call its `fn` stands where no code of the user is on the stack
 * @param shorten see {@link SourceSite}
 */
export function siteAt(
  frame: UserFrame | undefined,
  { kind, fn, label }: Pick<SourceSite, 'kind' | 'fn' | 'label'>,
  shorten: (file: string) => string,
): SourceSite {
  if (frame === undefined) return { kind, fn, file: '', line: 0, label };
  return { kind, fn: frame.fn, file: shorten(frame.file), line: frame.line, label };
}
