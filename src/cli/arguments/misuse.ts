/** The errors of a command line. */
import type { CommanderError } from 'commander';
import { ServerError } from '../../protocol/errors.ts';

export function misuse(message: string, hint?: string): ServerError {
  return new ServerError('BAD_CONFIG', message, hint === undefined ? {} : { hint });
}

/**
 * Rewrites an error of the parser as one sentence; its suggestion becomes the hint.
 *
 * @param adviceOn what to do about an unknown option, if there is something better than the parser's suggestion
 */
export function rejected(
  { message }: CommanderError,
  adviceOn: (option: string) => string | undefined,
): ServerError {
  const [complaint = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const text = `${complaint[0]?.toUpperCase() ?? ''}${complaint.slice(1)}.`;
  const unknown = /unknown option '(.*)'/.exec(complaint)?.[1];
  if (unknown === undefined) return misuse(text);
  return misuse(
    text,
    adviceOn(unknown) ?? suggestion?.replace(/^\((.*)\)$/, '$1') ?? 'Arguments for the app go after --.',
  );
}
