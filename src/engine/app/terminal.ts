/** The terminal in which the app's output ends, if any. */
import { NO_TERMINAL, type TerminalProperties, type TerminalSize } from '../../wire/terminal.ts';

/** The streams of a process, and their terminal properties. */
interface TerminalStreams {
  stdin: { isTTY?: boolean };
  stdout: OutputStream;
  stderr: OutputStream;
}

interface OutputStream {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  on(event: 'resize', listener: () => void): unknown;
}

export interface AppTerminal {
  /** Its current properties. */
  readonly properties: TerminalProperties;
  onResize(listener: (size: TerminalSize) => void): void;
}

export const noTerminal: AppTerminal = { properties: NO_TERMINAL, onResize: () => {} };

/** The terminal of this process. Each of its streams that is a terminal is one for the app, too. */
export function ownTerminal({ stdin, stdout, stderr }: TerminalStreams): AppTerminal {
  return {
    get properties() {
      const properties: TerminalProperties = { stdin: stdin.isTTY === true };
      for (const [name, stream] of Object.entries({ stdout, stderr })) {
        const size = sizeOf(stream);
        if (size !== undefined) properties[name as 'stdout' | 'stderr'] = size;
      }
      return properties;
    },
    onResize: (listener) => {
      const stream = [stdout, stderr].find(({ isTTY }) => isTTY === true);
      stream?.on('resize', () => {
        const size = sizeOf(stream);
        if (size !== undefined) listener(size);
      });
    },
  };
}

function sizeOf({ isTTY, columns, rows }: OutputStream): TerminalSize | undefined {
  if (isTTY !== true) return undefined;
  return { columns: columns ?? 0, rows: rows ?? 0 };
}
