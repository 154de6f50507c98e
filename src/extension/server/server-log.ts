/** Which events of a server go into the extension's log, at which level, in which words. Pure. */
import { escapeControlsInLines } from '../../common/terminal-style.ts';
import type { WireError } from '../../protocol/errors.ts';
import type { ServerEvent, TakenScript } from '../../protocol/messages.ts';

export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  text: string;
}

/** Undefined for events that are not logged, such as requests and the app's own output. */
export function logEntryOf(event: ServerEvent): LogEntry | undefined {
  switch (event.type) {
    case 'ready': {
      const { url, mode, workers, seed, entry, script } = event;
      const text = `${url} (${mode}, ${workers} workers, seed ${seed}, ${entry})${scriptText(script)}`;
      return { level: 'info', text: escapeControlsInLines(text) };
    }
    case 'listener':
      return { level: 'info', text: `also at ${event.url}` };
    case 'worker': {
      const { id, state, exit } = event;
      return { level: 'debug', text: `worker ${id} ${state}${exit === undefined ? '' : `, ${exit}`}` };
    }
    case 'log':
      if (event.source !== 'server') return undefined;
      return { level: event.level, text: escapeControlsInLines(event.text) };
    case 'error':
      // A folder without an app is no failure.
      return {
        level: event.error.code === 'NO_APP' ? 'info' : 'error',
        text: escapeControlsInLines(errorText(event.error)),
      };
    case 'stopped':
      return { level: 'info', text: `stopped (${event.reason})` };
    default:
      return undefined;
  }
}

/** What was taken over from package.json, on lines of its own. */
function scriptText(script: TakenScript | undefined): string {
  if (script === undefined) return '';
  const { from, taken, notTaken } = script;
  const left = notTaken.length === 0 ? '' : `\nnot taken over: ${notTaken.join(', ')}`;
  return `\n${from === undefined ? 'runner' : `as in ${from}`}: ${taken.join(', ')}${left}`;
}

function errorText({ message, details }: WireError): string {
  const stack = details?.stack;
  return typeof stack === 'string' && stack !== '' ? `${message}\n${stack}` : message;
}
