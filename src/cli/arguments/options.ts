/** The options of the command line, from the table of settings: for the parser, `--help` and the names in messages. */
import { Command, Option } from 'commander';
import { DEFAULTS } from '../../protocol/config.ts';
import type { Option as OptionWords, Setting } from '../../protocol/settings/setting.ts';
import { ALL_SETTINGS, SETTINGS, type SettingName } from '../../protocol/settings/table.ts';
import { SWITCHES, type Switch } from './switches.ts';

/** The options as written, before they are checked. The names are those of the parser. */
export interface WrittenOptions {
  readonly [option: string]: unknown;
  cwd?: string;
  envFile?: string;
  node?: string;
  delayRoutes?: string[];
  overlap?: string;
  overlapRoutes?: string[];
  open?: true;
  verbose?: true;
  quiet?: true;
  json?: true;
  ipc?: true;
  color: boolean;
  cleanUp?: true;
  version?: true;
  help?: true;
}

const EXAMPLES = `
Examples:
  concurrent-server                           find the app, on ${DEFAULTS.addr}:${DEFAULTS.port}
  concurrent-server app.js 0.0.0.0:9000 --mode fork --workers 4
  concurrent-server --random-delay 50-200 --delay-routes 'POST /cart/**'
  concurrent-server manage.py --mode fork     a Django project
  concurrent-server 'shop:create_app()'       a WSGI or ASGI app of a module
  concurrent-server races coupon.http         find races: races --help`;

/** Creates a parser for one command line: a parser keeps the options that it has parsed. */
export function createParser(): Command {
  const parser = new Command('concurrent-server')
    .usage('[entry] [addr:port | port] [options] [-- app arguments]')
    .argument('[words...]')
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addHelpText('after', EXAMPLES)
    .configureHelp({ helpWidth: 80, visibleArguments: () => [] });
  addSettings(parser);
  for (const { flag, help, hidden } of SWITCHES)
    parser.addOption(new Option(flag, help).hideHelp(hidden === true));
  return parser;
}

/** Adds the options of the table, or only those of the named settings. */
export function addSettings(parser: Command, names?: readonly SettingName[]): void {
  for (const [name, setting] of ALL_SETTINGS) {
    const { cli } = setting;
    const wanted = names === undefined || names.includes(name);
    if (wanted && cli !== undefined && 'flag' in cli) parser.addOption(optionOfSetting(setting, cli));
  }
}

function optionOfSetting(
  setting: Setting,
  { flag, help, hidden, namesDefault, commas }: OptionWords,
): Option {
  const standard = namesDefault === true ? undefined : defaultText(setting);
  const text = standard === undefined ? help : `${help} (default: ${standard})`;
  const option = new Option(flag, text).hideHelp(hidden === true);
  return setting.type === 'list' ? option.argParser(commas === true ? collectList : collect) : option;
}

/** The default of a setting in plain words; undefined if there is none to name. */
export function defaultText(setting: Setting): string | undefined {
  if (setting.type !== 'integer' && setting.type !== 'choice' && setting.type !== 'text') return undefined;
  const { default: standard } = setting;
  return typeof standard === 'object' ? standard.words : standard === undefined ? undefined : `${standard}`;
}

/** The name of an option as the parser reports its value. */
export function attributeOf({ flag }: OptionWords | Switch): string {
  return new Option(flag).attributeName();
}

/** The name on the command line of a setting, or of an object of settings. */
export function labelOf(name: string): string {
  const settings: Readonly<Record<string, Setting>> = SETTINGS;
  const { cli } = settings[name] ?? ALL_SETTINGS.find(([other]) => other.startsWith(`${name}.`))?.[1] ?? {};
  if (cli === undefined) return name;
  return 'flag' in cli ? cli.flag.split(' ')[0]! : cli.label;
}

/** Reads an option that may be repeated. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** Commas separate, but not within braces: `/{a,b}/*` is one glob. */
function collectList(value: string, before: string[] = []): string[] {
  const parts = value.match(/(?:\{[^}]*\}|[^,])+/g) ?? [''];
  return [...before, ...parts.map((part) => part.trim())];
}
