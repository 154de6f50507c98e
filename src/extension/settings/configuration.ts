/** Reads the settings of a folder, and writes one if the user asks for it. */
import os from 'node:os';
import * as vscode from 'vscode';
import { MAX_SEED } from '../../protocol/config.ts';
import { EXTENSION, SECTION } from '../names.ts';
import {
  parseSettings,
  SETTINGS,
  type Setting,
  type Settings,
  type WrittenSettings,
} from './settings-model.ts';

/** Throws `BAD_CONFIG`, which names the setting, the value and what is allowed. */
export function readSettings(folder: vscode.WorkspaceFolder): Settings {
  const written: WrittenSettings = {};
  const configuration = vscode.workspace.getConfiguration(SECTION, folder);
  // The server fills in what the user did not set, because the app may have its own defaults.
  for (const setting of SETTINGS)
    if (isWritten(configuration.inspect(setting))) written[setting] = configuration.get(setting);
  return parseSettings(written, {
    folder: folder.uri.fsPath,
    cores: os.availableParallelism(),
    editorLink: editorLink(),
    seed: Math.floor(Math.random() * (MAX_SEED + 1)),
  });
}

function isWritten(found: ReturnType<vscode.WorkspaceConfiguration['inspect']>): boolean {
  const { globalValue, workspaceValue, workspaceFolderValue } = found ?? {};
  return [globalValue, workspaceValue, workspaceFolderValue].some((value) => value !== undefined);
}

/** Writes to the folder's settings. Called only from a button that says so. */
export async function writeSetting(
  folder: vscode.WorkspaceFolder,
  setting: Setting,
  value: unknown,
): Promise<void> {
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const target = several ? vscode.ConfigurationTarget.WorkspaceFolder : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration(SECTION, folder).update(setting, value, target);
}

/** Opens the settings page at one setting, or at all settings of this extension. */
export async function openSetting(setting: string = SECTION): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', setting);
}

/**
 * The prefix of links that open a file, to which its absolute path is appended. In a remote window the editor's own
 * links would open a file of the local machine, and an extension cannot find out which remote it is in. There the links
 * go to this extension; see problems/open-location.ts.
 */
function editorLink(): string {
  const { uriScheme, remoteName } = vscode.env;
  return remoteName === undefined ? `${uriScheme}://file` : `${uriScheme}://${EXTENSION}/open`;
}
