/** The first words of a command line: what it prints about itself, and what is wrong with how it was called. */

import { escapeControlsInLines } from '../../common/terminal-style.ts';
import type { WireError } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../protocol/messages.ts';

/** For a person: one sentence, what can be done, and where to read on. */
export function usageText({ message, hint }: WireError): string {
  const lines = [message, ...(hint === undefined ? [] : [hint]), 'Try --help.'];
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
