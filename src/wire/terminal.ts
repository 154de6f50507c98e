/** Properties of the terminal that the server was started in, which an app sees too. */

export interface TerminalSize {
  columns: number;
  rows: number;
}

/** Absent or false: not a terminal, for example a pipe. */
export interface TerminalProperties {
  stdin: boolean;
  stdout?: TerminalSize;
  stderr?: TerminalSize;
}

/** For an app whose output goes to a program, a file or an editor. */
export const NO_TERMINAL: TerminalProperties = { stdin: false };
