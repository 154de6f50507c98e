/** The options of `races`: its own, and those settings of the server that make sense for it. */
import { Command, Option } from 'commander';
import type { ServerSettingName } from '../../protocol/settings/table.ts';
import { addSettings, collect } from '../arguments/options.ts';
import { SWITCHES, type Switch } from '../arguments/switches.ts';

export interface RaceSwitch extends Switch {
  repeated?: true;
}

/** The options as written, before they are checked. The names are those of the parser. */
export interface WrittenRaceOptions {
  readonly [option: string]: unknown;
  entry?: string;
  replay?: string;
  inspect?: true;
  writeTest?: true;
  first?: true;
  budget?: string;
  timeout?: string;
  schedules?: string;
  topology?: string;
  shard?: string;
  reset?: string[];
  state?: string[];
  yes?: true;
  cwd?: string;
  envFile?: string;
  node?: string;
  json?: true;
  color: boolean;
  help?: true;
}

export const DEFAULT_BUDGET = '60s';
export const DEFAULT_TIMEOUT = '10s';

export const RACE_SWITCHES: readonly RaceSwitch[] = [
  {
    flag: '--entry <file>',
    help: 'the app; without it, it is found as always',
    about:
      'The app: a file or a folder, or for Python `module:attribute`. Without it, the app is ' +
      '[found](finding-your-app.md#which-app-is-run) as always.',
  },
  {
    flag: '--budget <time>',
    help: `time for a scenario (default: ${DEFAULT_BUDGET})`,
    about: `The time for one scenario, start of the app included: \`500ms\`, \`60s\`, \`2m\`. Default: \`${DEFAULT_BUDGET}\`. The verdict is then as found so far.`,
  },
  {
    flag: '--timeout <time>',
    help: `time for a request (default: ${DEFAULT_TIMEOUT})`,
    about: `The longest time that a request may take. Default: \`${DEFAULT_TIMEOUT}\`.`,
  },
  {
    flag: '--first',
    help: 'stop at the first finding',
    about: 'Stop at the first finding.',
  },
  {
    flag: '--schedules <n>',
    help: 'at most so many schedules',
    about: 'Explore at most so many schedules. Without it, all that there is time for.',
  },
  {
    flag: '--topology <kind>',
    help: 'one worker, many, or both (default)',
    about:
      '`one`: all requests in one worker. `many`: each request in a worker of its own. `both`, the default: both.',
  },
  {
    flag: '--shard <k/n>',
    help: 'only the k-th of n parts, for a CI matrix',
    about:
      'Explore only the k-th of n parts, such as `2/4`. The parts are disjoint, and together they are everything, if the seed is the same.',
  },
  {
    flag: '--reset <command>',
    help: 'command that restores state; repeat',
    repeated: true,
    about:
      'A command that restores state before each trial, in the folder of the app. Repeat the option for more.',
  },
  {
    flag: '--state <path>',
    help: 'file or folder to restore; repeat',
    repeated: true,
    about:
      'A file or a folder that is copied back before each trial, such as an SQLite file. Repeat the option for more.',
  },
  {
    flag: '--yes',
    help: 'go on, whatever the app writes to',
    about: 'Go on without a question, even if trials write to something that nothing restores.',
  },
  {
    flag: '--replay <token>',
    help: 'run only the schedule of this token',
    about: 'Run only the schedule of this token, which a card or `--json` has.',
  },
  {
    flag: '--inspect',
    help: 'with --replay: stop in the debugger',
    about:
      'With `--replay`: the app runs in a process that waits for a debugger and stops at the held boundary. The address is printed.',
  },
  {
    flag: '--write-test',
    help: 'write the tokens found into the scenario',
    about:
      'Write each token that was found into the scenario, as `# @schedule TOKEN`. That schedule then runs first, every time.',
  },
  {
    flag: '--json',
    help: 'JSON lines: see docs/protocol.md',
    about: 'Print JSON lines: [protocol.md](protocol.md#races).',
  },
  ...SWITCHES.filter(({ flag }) => flag === '--no-color'),
  {
    flag: '--help',
    help: 'print this help',
    about: 'Print a short help.',
  },
];

/** The settings of the server that `races` takes. Reload is off, and the port is a free one. */
export const SHARED_SETTINGS = [
  'cwd',
  'envFile',
  'mode',
  'seed',
  'node',
  'nodeArgs',
  'python',
] as const satisfies readonly ServerSettingName[];

const EXAMPLES = `
A scenario is a .http file: see docs/finding-races.md. Exit codes: 0 no race, 1 a
race, 2 usage or scenario, 3 undecided or the app did not start.

Examples:
  concurrent-server races coupon.http
  concurrent-server races 'races/*.http' --json --budget 2m
  concurrent-server races coupon.http --entry app.js --state data.sqlite`;

/** Creates a parser for one command line: a parser keeps the options that it has parsed. */
export function createRaceParser(): Command {
  const parser = new Command('concurrent-server races')
    .usage('FILE.http … [options] [-- app arguments]')
    .argument('[scenarios...]')
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addHelpText('after', EXAMPLES)
    .configureHelp({ helpWidth: 80, visibleArguments: () => [] });
  for (const { flag, help, hidden, repeated } of RACE_SWITCHES) {
    const option = new Option(flag, help).hideHelp(hidden === true);
    parser.addOption(repeated === true ? option.argParser(collect) : option);
  }
  addSettings(parser, SHARED_SETTINGS);
  return parser;
}
