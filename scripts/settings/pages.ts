/** The reference pages of the settings: docs/cli.md, docs/settings.md and a part of docs/protocol.md. */
import { defaultText, labelOf } from '../../src/cli/arguments/options.ts';
import { SWITCHES } from '../../src/cli/arguments/switches.ts';
import { RACE_SWITCHES, SHARED_SETTINGS } from '../../src/cli/races/options.ts';
import { SECTION } from '../../src/extension/names.ts';
import {
  EFFECTS,
  GROUPS,
  type Group,
  type Option,
  type Setting,
} from '../../src/protocol/settings/setting.ts';
import { ALL_SETTINGS, LIVE_SETTINGS, SERVER_SETTINGS } from '../../src/protocol/settings/table.ts';
import { type Entry, VSCODE_ENTRIES, vscodeName, withNames } from './words.ts';

const BEGIN = '<!-- written by npm run settings -->';
const END = '<!-- /written -->';

/** The text of docs/cli.md with the options of the table. */
export function withOptions(page: string): string {
  const tables = groups().flatMap(([group, title]) => {
    const rows = ALL_SETTINGS.flatMap(([, setting]) => {
      const { cli } = setting;
      const isShown = setting.group === group && cli !== undefined && 'flag' in cli && cli.hidden !== true;
      return isShown ? [optionRow(setting, cli as Option)] : [];
    });
    return rows.length === 0 ? [] : [`## ${title}`, table(['option', 'default', 'what it does'], rows)];
  });
  const switches = SWITCHES.map(({ flag, about }) => [code(flag), about]);
  const ofRaces = RACE_SWITCHES.map(({ flag, about }) => [code(flag), about]);
  return between(page, [
    ...tables,
    '## Output and Others',
    table(['option', 'what it does'], switches),
    '## Finding Races',
    racesText(),
    table(['option', 'what it does'], ofRaces),
  ]);
}

function racesText(): string {
  const shared = SHARED_SETTINGS.map((name) => code(labelOf(name)));
  return [
    '`concurrent-server races FILE.http … [options] [-- app arguments]` [finds races](finding-races.md). Files may be globs in',
    'quotes. `races` is the command only as the first word; `./races` is a file. The app listens on a free port of this',
    'machine, and is not reloaded. These options are as above:',
    `${shared.join(', ')}.`,
  ].join('\n');
}

/** The text of docs/protocol.md with the fields of a configuration. */
export function withFields(page: string): string {
  const live = new Set<string>(LIVE_SETTINGS.map(([name]) => name));
  const rows = SERVER_SETTINGS.map(([name, setting]) => [
    code(name),
    typeText(setting).replaceAll('*', '\\*'),
    live.has(name) ? 'yes' : '',
  ]);
  return between(page, [table(['field of `config`', 'type', '`set` takes it'], rows)]);
}

function typeText(setting: Setting): string {
  switch (setting.type) {
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return `whole number from ${setting.min} to ${setting.max}${setting.auto === true ? ', or `"auto"`' : ''}`;
    case 'choice':
      return Object.keys(setting.choices)
        .map((choice) => `\`"${choice}"\``)
        .join(' or ');
    case 'text':
      return setting.rule === undefined ? 'text' : `text: ${setting.rule.allowed}`;
    case 'list':
      return `list of texts${setting.allowed === 'a text' ? '' : `, each ${setting.allowed}`}`;
    case 'map':
      return 'object whose values are texts';
  }
}

/** The text of docs/settings.md with the settings of the table. */
export function withSettings(page: string): string {
  const effects = Object.entries(EFFECTS).map(([effect, meaning]) => [`**${effect}**`, meaning]);
  const tables = groups().flatMap(([group, title]) => {
    const rows = VSCODE_ENTRIES.filter(([, setting]) => setting.group === group).map(settingRow);
    const head = [`\`${SECTION}.\``, 'default', 'takes effect', 'what it does'];
    return [`## ${title}`, table(head, rows)];
  });
  return between(page, [table(['takes effect', 'meaning'], effects), ...tables]);
}

function optionRow(setting: Setting, { flag, about }: Option): string[] {
  const text = withNames(about ?? setting.words, (name) => code(labelOf(name)));
  const standard = defaultText(setting)?.replaceAll('`', '') ?? '';
  return [code(flag), standard, withChoices(text, setting)];
}

function settingRow([name, setting]: Entry): string[] {
  const text = withNames(setting.words, (other) => code(vscodeName(other)));
  const django =
    setting.django === undefined ? '' : ` A Django project changes the default by \`${setting.django}\`.`;
  const standard = 'default' in setting ? setting.default : '';
  const isComputed = typeof standard === 'object' && 'of' in standard;
  const words = setting.type === 'text' ? '' : defaultText(setting)?.replaceAll('`', '');
  const shown = isComputed ? words : code(JSON.stringify(standard));
  return [code(vscodeName(name)), shown ?? '', setting.takesEffect, `${withChoices(text, setting)}${django}`];
}

/** The choices stand before the other settings that the text refers to. */
function withChoices(text: string, setting: Setting): string {
  if (setting.type !== 'choice') return text;
  const [about, ...also] = text.split(/ (?=See also )/);
  const choices = Object.entries(setting.choices).map(([choice, meaning]) => `\`${choice}\`: ${meaning}.`);
  return [about, ...choices, ...also].join(' ');
}

function groups(): Array<[Group, string]> {
  return Object.entries(GROUPS) as Array<[Group, string]>;
}

function code(text: string): string {
  return text === '' || text === '""' ? '' : `\`${text}\``;
}

function table(head: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function between(page: string, parts: readonly string[]): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`The page has no place for what is written: ${BEGIN} … ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${parts.join('\n\n')}\n\n${page.slice(to)}`;
}
