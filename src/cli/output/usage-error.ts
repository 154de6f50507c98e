/** Prints an error in the arguments of the command line. */
import { present } from '../../common/defined.ts';
import { escapeControlsInLines } from '../../common/terminal-style.ts';
import type { WireError } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../protocol/messages.ts';

/** For a person: the message, the hint, and a reference to the words that print the options. */
export function usageText({ message, hint }: WireError, help = '--help'): string {
  const lines = present([message, hint, `Try ${help}.`]);
  return `concurrent-server: ${lines.map(escapeControlsInLines).join('\n  ')}\n`;
}

/** For a driver: the events of a server that never started. */
export function usageEvents(error: WireError): object[] {
  const v = PROTOCOL_VERSION;
  return [
    { v, type: 'error', error },
    { v, type: 'stopped', reason: 'failed', error },
  ];
}
