/** Which folder, server or worker a command acts on. The user is asked only if there is a choice. */
import * as vscode from 'vscode';
import type { WorkspaceDetails } from '../../protocol/errors.ts';
import { COMMANDS } from '../names.ts';
import { ask } from '../problems/ask.ts';
import type { ServerModel } from '../server/server-model.ts';
import type { AppFolder, Servers } from '../server/servers.ts';
import { phaseText, stateText } from '../views/labels.ts';
import { diskFolders } from '../workspace/folders.ts';

const { t } = vscode.l10n;

/** A folder's server, running or not. @param preferRunning take the running one if only one is running */
export async function pickFolder(
  servers: Servers,
  key: string | undefined,
  preferRunning = false,
): Promise<AppFolder | undefined> {
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

/** A running server. */
export async function pickServer(servers: Servers, key: string | undefined): Promise<AppFolder | undefined> {
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

/** The running server, else the one that the first folder would run: the delay can be set before the start. */
export async function pickDelayed(servers: Servers, key: string | undefined): Promise<AppFolder | undefined> {
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

/** The entry that names one of a monorepo's servers. */
export async function pickWorkspace(workspaces: readonly WorkspaceDetails[]): Promise<string | undefined> {
  const items = workspaces.map(({ path, name, entry }) => ({ label: path, description: name, entry }));
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Run Concurrent Server'),
    placeHolder: t('Several projects have a server. Which one is to run?'),
  });
  return picked?.entry;
}

function offer(message: string, title: string, command: string): Promise<void> {
  return ask(message, [{ title, run: () => vscode.commands.executeCommand(command) }], 'info');
}

async function choose(apps: readonly AppFolder[]): Promise<AppFolder | undefined> {
  const now = Date.now();
  const items = apps.map((app) => ({
    label: app.folder.name,
    description: [phaseText(app.server.model, now, t), app.server.model.url].filter(Boolean).join(' · '),
    app,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: t('Select a folder') });
  return picked?.app;
}
