/** What an error is about, its location in the source, and its text there. Pure. */
import { defined } from '../../common/defined.ts';
import type { ErrorCode, WireError } from '../../protocol/errors.ts';
import type { SourceLocation } from '../../protocol/messages.ts';

/** Whether the app cannot start with its present code. */
export function isStartFailure(code: ErrorCode): boolean {
  return code === 'APP_FAILED_TO_START' || code === 'APP_NEVER_LISTENED' || code === 'RUNTIME_MISMATCH';
}

/** The location that the server has found; undefined without one. */
export function locationOf({ details }: WireError): SourceLocation | undefined {
  const { file, line, column } = details ?? {};
  if (typeof file !== 'string' || typeof line !== 'number') return undefined;
  return defined({ file, line, column: typeof column === 'number' ? column : undefined });
}

/** The exception, with its type if it is known; for a crash also which worker it ended. */
export function textOf({ code, message, details }: WireError): string {
  const stack = typeof details?.stack === 'string' ? details.stack : '';
  // Node prints it before the frames, Python after them.
  const exception = stack.split('\n').find((line) => /^[\w. ]*(?:Error|Exception)\b/.test(line));
  if (exception === undefined) return message;
  if (isStartFailure(code)) return exception.includes(message) ? exception : message;
  return `${exception}\n${message}`;
}

/** The location in a link to this extension: `/open/path/of/file:line:column`. Line and column are optional. */
export function parseOpenPath(path: string): SourceLocation | undefined {
  const [, file, line, column] = /^\/open(\/.+?)(?::(\d{1,9}))?(?::(\d{1,9}))?$/.exec(path) ?? [];
  if (file === undefined) return undefined;
  return defined({
    file,
    line: Number(line ?? 1),
    column: column === undefined ? undefined : Number(column),
  });
}
