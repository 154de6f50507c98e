/** What dead servers left: looked for, ended and reported by the command line, which alone lists and kills processes. */
import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import type { Servers } from './servers.ts';

const { t } = vscode.l10n;

/** The command that a person calls; it always says something. */
export async function cleanUp(servers: Servers): Promise<void> {
  const ended = await runCleanUp(servers);
  const text =
    ended.length === 0 ? t('Nothing was left behind.') : t('Ended what was left: {0}', ended.join(', '));
  servers.log.info(text);
  await vscode.window.showInformationMessage(text);
}

/** After a window died: one line of the log, and only where something was left. */
export async function cleanUpQuietly(servers: Servers): Promise<void> {
  const ended = await runCleanUp(servers);
  if (ended.length > 0) servers.log.info(t('Ended what was left: {0}', ended.join(', ')));
}

/** Resolves with what was ended, as `pid (command)`. */
function runCleanUp({ cli }: Servers): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    execFile(process.execPath, [cli, '--clean-up', '--json'], { env, windowsHide: true }, (error, stdout) => {
      if (error !== null) reject(error);
      else resolve((JSON.parse(stdout) as { ended: string[] }).ended);
    });
  });
}
