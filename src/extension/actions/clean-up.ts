/** Ends what dead servers left. */
import * as vscode from 'vscode';
import { endLeftovers } from '../server/leftovers.ts';
import type { Servers } from '../server/servers.ts';

const { t } = vscode.l10n;

/** The command: always shows a result. */
export async function cleanUp(servers: Servers): Promise<void> {
  const ended = await endLeftovers(servers.cli);
  const text =
    ended.length === 0
      ? t('Nothing was left behind.')
      : t('Stopped what was left behind: {0}', ended.join(', '));
  servers.log.info(text);
  await vscode.window.showInformationMessage(text);
}

/** After a window died: one line in the log, and only if something was left. */
export async function cleanUpQuietly(servers: Servers): Promise<void> {
  const ended = await endLeftovers(servers.cli);
  if (ended.length > 0) servers.log.info(t('Stopped what was left behind: {0}', ended.join(', ')));
}
