/** What the extension's manifest says about settings. */
import { SECTION } from '../../src/extension/names.ts';
import { GROUPS, type Group, type Setting } from '../../src/protocol/settings/setting.ts';
import { type Entry, VSCODE_ENTRIES, vscodeName, withNames } from './words.ts';

interface Manifest {
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: { configuration: unknown };
}

/** The text of package.json with the settings of the table. */
export function withSettings(text: string): string {
  const manifest = JSON.parse(text) as Manifest;
  manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = VSCODE_ENTRIES.filter(
    ([, { vscode }]) => vscode?.restricted === true,
  ).map(([name]) => `${SECTION}.${vscodeName(name)}`);
  manifest.contributes.configuration = (Object.keys(GROUPS) as Group[]).map((group, at) => ({
    title: `%group.${group}%`,
    order: at + 1,
    properties: Object.fromEntries(
      VSCODE_ENTRIES.filter(([, setting]) => setting.group === group).map((entry, order) => [
        `${SECTION}.${vscodeName(entry[0])}`,
        propertyOf(entry, order + 1),
      ]),
    ),
  }));
  return jsonText(manifest);
}

/** The text of package.nls.json with the words of the table. */
export function withWords(text: string): string {
  const others = Object.entries(JSON.parse(text) as Record<string, string>);
  const isOurs = ([key]: [string, string]): boolean => /^(?:setting|group)\./.test(key);
  const at = others.findIndex(isOurs);
  const rest = others.filter((entry) => !isOurs(entry));
  return jsonText(Object.fromEntries([...rest.slice(0, at), ...words(), ...rest.slice(at)]));
}

function words(): Array<[string, string]> {
  const groups = Object.entries(GROUPS).map(([name, title]): [string, string] => [`group.${name}`, title]);
  const settings = VSCODE_ENTRIES.flatMap(([name, setting]): Array<[string, string]> => {
    const key = `setting.${vscodeName(name)}`;
    const link = (other: Entry[0]): string => `\`#${SECTION}.${vscodeName(other)}#\``;
    const choices = setting.type === 'choice' ? Object.entries(setting.choices) : [];
    const invalid = setting.vscode?.invalid;
    return [
      [key, withNames(setting.words, link)],
      ...choices.map(([choice, text]): [string, string] => [`${key}.${choice}`, text]),
      ...(invalid === undefined ? [] : [[`${key}.invalid`, invalid] as [string, string]]),
    ];
  });
  return [...groups, ...settings];
}

function propertyOf([name, setting]: Entry, order: number): object {
  const key = `setting.${vscodeName(name)}`;
  return {
    order,
    scope: setting.vscode?.ofMachine === true ? 'machine-overridable' : 'resource',
    ...typeOf(setting, key),
    markdownDescription: `%${key}%`,
  };
}

/** Type, default and limits, as a JSON schema. A default that is computed is `auto`, or empty. */
function typeOf(setting: Setting, key: string): object {
  switch (setting.type) {
    case 'boolean':
      return { type: 'boolean', default: setting.default };
    case 'integer': {
      const { min: minimum, max: maximum, default: standard } = setting;
      if (setting.auto === true) {
        const invalid = { pattern: '^auto$', patternErrorMessage: `%${key}.invalid%` };
        return { type: ['integer', 'string'], default: 'auto', minimum, maximum, ...invalid };
      }
      return typeof standard === 'object'
        ? { type: ['integer', 'null'], default: null, minimum, maximum }
        : { type: 'integer', default: standard, minimum, maximum };
    }
    case 'choice': {
      const choices = Object.keys(setting.choices);
      const enumDescriptions = choices.map((choice) => `%${key}.${choice}%`);
      return { type: 'string', default: setting.default, enum: choices, enumDescriptions };
    }
    case 'text':
      return { type: 'string', default: typeof setting.default === 'string' ? setting.default : '' };
    case 'list':
      return { type: 'array', items: { type: 'string' }, default: setting.default };
    case 'map':
      return { type: 'object', additionalProperties: { type: 'string' }, default: setting.default };
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
