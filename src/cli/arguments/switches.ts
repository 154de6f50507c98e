/** Options of the command line that are not settings: the form of the output, and actions other than a run. */

/** As in the table of settings. */
export interface Switch {
  flag: string;
  help: string;
  hidden?: true;
  /** Markdown for docs/cli.md. */
  about: string;
}

export const SWITCHES: readonly Switch[] = [
  {
    flag: '--clean-up',
    help: 'stop what crashed servers left, then exit',
    about: 'Stop what crashed servers left behind, say what it was, and exit.',
  },
  {
    flag: '--verbose',
    help: 'also show workers and debug messages',
    about: 'Also show workers that start and stop, and debug messages.',
  },
  {
    flag: '--quiet',
    help: 'show only the address and errors',
    about: 'Show only the address and errors.',
  },
  {
    flag: '--json',
    help: 'drive it with JSON lines: see docs/protocol.md',
    about: 'Drive the server from a program, with JSON lines: [protocol.md](protocol.md).',
  },
  {
    flag: '--no-color',
    help: 'no colors; the variable NO_COLOR does the same',
    about: 'No colors. The variable `NO_COLOR` does the same.',
  },
  { flag: '--version', help: 'print the version', about: 'Print the version.' },
  { flag: '--help', help: 'print this help', about: 'Print a short help.' },
  {
    flag: '--ipc',
    help: 'messages over the channel of child_process.fork',
    hidden: true,
    about: 'For a program that starts the server with `child_process.fork`: [protocol.md](protocol.md).',
  },
];
