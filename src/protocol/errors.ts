/**
 * The errors that have a code. The engine throws them. The command line maps `code` to an exit code, and the editor maps
 * it to a button. `message` says what is wrong and where; `hint` says what the user can do.
 */
export type ErrorCode =
  | 'BAD_CONFIG'
  | 'BAD_COMMAND'
  | 'BAD_SCENARIO'
  | 'ENTRY_NOT_FOUND'
  | 'ENTRY_AMBIGUOUS'
  | 'NO_APP'
  | 'PORT_TAKEN'
  | 'PORT_DENIED'
  | 'ADDRESS_UNAVAILABLE'
  | 'APP_FAILED_TO_START'
  | 'APP_NEVER_LISTENED'
  | 'WORKER_CRASHED'
  | 'CRASH_LOOP'
  | 'NO_SUCH_WORKER'
  | 'RUNTIME_MISMATCH'
  | 'RUNTIME_MISSING'
  | 'INTERNAL';

/** Wire form of a {@link ServerError}. */
export interface WireError {
  code: ErrorCode;
  message: string;
  hint?: string;
  /** Facts for a program, by code: `PORT_TAKEN` has `owner`, `APP_FAILED_TO_START` has `stack`, `NO_APP` is {@link NoAppDetails}. */
  details?: Record<string, unknown>;
}

/** What a folder without an app of its own has. */
export interface NoAppDetails {
  folder: string;
  /** What was looked at, with the reason why it is no app; a line each. */
  looked: string[];
  /** The tool that serves the project. */
  frontEnd?: { name: string; script?: string; command?: string; proxy?: string };
  /** Workspaces, other projects in folders of this one, and files of a front end's project, that are servers. */
  workspaces?: WorkspaceDetails[];
}

export interface WorkspaceDetails {
  /** Relative to `folder`, with `/`. */
  path: string;
  name: string;
  /** Names it as the entry of a server. */
  entry: string;
}

export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }

  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }

  /** Converts any thrown value. An unknown one becomes `INTERNAL` and is kept as the cause. */
  static from(error: unknown): ServerError {
    if (error instanceof ServerError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new ServerError('INTERNAL', message, { cause: error });
  }
}

/** The error for a value that is not allowed. It names the setting, the value, and what is allowed. */
export function badConfig(what: string, got: unknown, allowed: string): ServerError {
  return new ServerError('BAD_CONFIG', `${what}: ${allowed}, but got ${JSON.stringify(got)}.`, {
    details: { setting: what, got, allowed },
  });
}

/** A command or message that does not fit the protocol. */
export function badCommand(what: string): ServerError {
  return new ServerError('BAD_COMMAND', what);
}
