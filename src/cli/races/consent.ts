/** Asks whether trials may write to what nothing restores. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { touchedLines } from '../../races/report/consent-text.ts';
import type { Touched } from '../../races/report-types.ts';

const QUESTION = 'Trials will write there again and again. Go on? [y/N] ';

export interface Asking {
  input: Readable;
  output: Writable;
  /** Ends the question, which then has the answer "no". */
  signal: AbortSignal;
}

/** Resolves to whether the person agrees. The end of the input is a no. */
export function ask(touched: readonly Touched[], { input, output, signal }: Asking): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  output.write(`${touchedLines(touched).join('\n')}\n${QUESTION}`);
  return new Promise((resolve) => {
    // Without `terminal`, Ctrl-C stays a signal.
    const lines = createInterface({ input, terminal: false });
    let answer = '';
    const end = (): void => lines.close();
    signal.addEventListener('abort', end, { once: true });
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('close', () => {
      signal.removeEventListener('abort', end);
      input.pause();
      // It would keep the process running.
      (input as { unref?(): void }).unref?.();
      resolve(/^\s*y(?:es)?\s*$/i.test(answer));
    });
  });
}
