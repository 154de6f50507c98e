/** What kind of trouble an error is, where in the source it is, and what it says there. Pure. */
import type { ErrorCode, WireError } from '../../protocol/errors.ts';

/** Line and column count from 1. */
export interface SourceLocation {
  /** Absolute path. */
  file: string;
  line: number;
  column: number | undefined;
}

/** The app does not start with the code as it is. */
export function isStartFailure(code: ErrorCode): boolean {
  return code === 'APP_FAILED_TO_START' || code === 'APP_NEVER_LISTENED' || code === 'RUNTIME_MISMATCH';
}

/** The place that the server has found; undefined where there is none. */
export function locationOf({ details }: WireError): SourceLocation | undefined {
  const { file, line, column } = details ?? {};
  if (typeof file !== 'string' || typeof line !== 'number') return undefined;
  return { file, line, column: typeof column === 'number' ? column : undefined };
}

/** What happened at the place: the exception, with its type where that is known, and whom it ended. */
export function textOf({ code, message, details }: WireError): string {
  const stack = typeof details?.stack === 'string' ? details.stack : '';
  // Node names it before the frames, Python after them.
  const exception = stack.split('\n').find((line) => /^[\w. ]*(?:Error|Exception)\b/.test(line));
  if (exception === undefined) return message;
  if (isStartFailure(code)) return exception.includes(message) ? exception : message;
  return `${exception}\n${message}`;
}

/** The place that a link to us names: `/open/path/of/file:line:column`, where line and column may be absent. */
export function parseOpenPath(path: string): SourceLocation | undefined {
  const [, file, line, column] = /^\/open(\/.+?)(?::(\d{1,9}))?(?::(\d{1,9}))?$/.exec(path) ?? [];
  if (file === undefined) return undefined;
  return { file, line: Number(line ?? 1), column: column === undefined ? undefined : Number(column) };
}
