/** Which folder, server or worker a command is about; asked only where there is a choice. */
import * as vscode from 'vscode';
import { COMMANDS } from '../names.ts';
import { ask } from '../problems/notifications.ts';
import type { ServerModel } from '../server/server-model.ts';
import type { Hosted, Servers } from '../server/servers.ts';
import { phaseText, stateText } from '../views/labels.ts';
import { diskFolders } from '../workspace/folders.ts';

const { t } = vscode.l10n;

/** A folder's server, running or not. @param preferRunning the one that runs is meant, where only one does */
export async function pickFolder(
  servers: Servers,
  key: string | undefined,
  preferRunning = false,
): Promise<Hosted | undefined> {
  const known = key === undefined ? undefined : servers.byKey(key);
  if (known !== undefined) return known;
  const [running, ...others] = servers.active;
  if (preferRunning && running !== undefined && others.length === 0) return running;
  const folders = diskFolders();
  const [first, ...rest] = folders;
  if (first === undefined) {
    await offer(t("Open your app's folder first."), t('Open Folder'), 'vscode.openFolder');
    return undefined;
  }
  if (rest.length === 0) return servers.of(first);
  return choose(folders.map((folder) => servers.of(folder)));
}

/** A server that runs. */
export async function pickServer(servers: Servers, key: string | undefined): Promise<Hosted | undefined> {
  const known = key === undefined ? undefined : servers.byKey(key);
  if (known !== undefined) return known;
  const candidates = servers.all.filter(({ server }) => server.model.phase !== 'stopped');
  const [first, ...rest] = candidates;
  if (first === undefined) {
    await offer(t('No server is running.'), t('Run'), COMMANDS.run);
    return undefined;
  }
  return rest.length === 0 ? first : choose(candidates);
}

/** The server that runs, or would: the delay can be set before the start, and nothing is asked for a toggle. */
export async function pickDelayed(servers: Servers, key: string | undefined): Promise<Hosted | undefined> {
  const [running, ...others] = servers.active;
  if (others.length > 0) return pickServer(servers, key);
  const [folder] = diskFolders();
  return running ?? (folder === undefined ? undefined : servers.of(folder));
}

export async function pickWorker(model: ServerModel): Promise<number | undefined> {
  const now = Date.now();
  const items = [...model.workers.values()].map((worker) => ({
    label: t('Worker {0}', worker.id),
    description: stateText(worker, now, t),
    id: worker.id,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: t('Select a worker') });
  return picked?.id;
}

function offer(message: string, title: string, command: string): Promise<void> {
  return ask(message, [{ title, run: () => vscode.commands.executeCommand(command) }], 'info');
}

async function choose(hosted: readonly Hosted[]): Promise<Hosted | undefined> {
  const now = Date.now();
  const items = hosted.map((one) => ({
    label: one.folder.name,
    description: [phaseText(one.server.model, now, t), one.server.model.url].filter(Boolean).join(' · '),
    hosted: one,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: t('Select a folder') });
  return picked?.hosted;
}
