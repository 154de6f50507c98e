/** How a server process exited, and what that means for its start. Pure. */
import { ServerError } from '../../protocol/errors.ts';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The process could not be started at all. */
  error?: Error;
  /** The end of its stderr. */
  tail: string;
}

/** The error of a start that no event explains. @param runtime the program that should have run */
export function neverReady({ error, tail, ...exit }: Exit, runtime: string): ServerError {
  if (error !== undefined) {
    const message = `${runtime} could not be run: ${error.message}.`;
    return new ServerError('BAD_CONFIG', message, {
      details: { setting: 'concurrentServer.runtime' },
      cause: error,
    });
  }
  const last = tail === '' ? '' : ` Its last output: ${tail.split('\n').slice(-3).join(' ')}`;
  return new ServerError('INTERNAL', `The server exited before it was ready, with ${exitText(exit)}.${last}`);
}

export function exitText({ code, signal }: Pick<Exit, 'code' | 'signal'>): string {
  return signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
}
