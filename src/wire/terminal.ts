/** What an app is to find of the terminal that the server was started in. */

export interface TerminalSize {
  columns: number;
  rows: number;
}

/** Absent or false: no terminal, as with a pipe. */
export interface TerminalProperties {
  stdin: boolean;
  stdout?: TerminalSize;
  stderr?: TerminalSize;
}

/** For an app whose output goes elsewhere: to a program, a file, an editor. */
export const NO_TERMINAL: TerminalProperties = { stdin: false };
