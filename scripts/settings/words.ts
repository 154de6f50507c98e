/** The words of a setting, for a place where settings have names of its own. */
import type { Setting } from '../../src/protocol/settings/setting.ts';
import { ALL_SETTINGS, SETTINGS, type SettingName } from '../../src/protocol/settings/table.ts';

export type Entry = readonly [SettingName, Setting];

/** The settings of VS Code. */
export const VSCODE_ENTRIES = ALL_SETTINGS.filter(([, { vscode }]) => vscode !== undefined);

/** The name of a setting in VS Code, below the section. */
export function vscodeName(name: SettingName): string {
  const { vscode }: Setting = SETTINGS[name];
  return vscode?.name ?? name;
}

/** The text with each `{name}` as this place writes it. Throws for a name that is not in the table. */
export function withNames(text: string, write: (name: SettingName) => string): string {
  return text.replaceAll(/\{([\w.]+)\}/g, (_whole, name: string) => {
    if (!(name in SETTINGS)) throw new Error(`There is no setting ${name}: ${text}`);
    return write(name as SettingName);
  });
}
