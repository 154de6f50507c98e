/** What the commands do. Each may be called with a tree item, a server's key, or nothing; then it asks where needed. */
import * as vscode from 'vscode';
import { openSetting } from './configuration.ts';
import { overlapNext, setRandomDelay, toggleRandomDelay } from './disturbing.ts';
import { placeOf } from './error-model.ts';
import { cleanUp } from './leftovers.ts';
import { COMMANDS, type CommandId, SECTION } from './names.ts';
import { pickDisturbed, pickFolder, pickServer, pickWorker } from './picking.ts';
import type { Hosted, Servers } from './servers.ts';
import { openPlace } from './source-problems.ts';
import type { Starting } from './starting.ts';
import type { TreeNode } from './tree-model.ts';

const { t } = vscode.l10n;

type Target = TreeNode | string | undefined;

export function registerCommands(servers: Servers, starting: Starting): vscode.Disposable {
  const withServer =
    (run: (hosted: Hosted) => unknown) =>
    async (target: Target): Promise<void> => {
      const hosted = await pickServer(servers, keyOf(target));
      if (hosted !== undefined) await run(hosted);
    };
  const withWorker =
    (run: (hosted: Hosted, worker: number) => unknown) =>
    async (target: Target): Promise<void> => {
      const hosted = await pickServer(servers, keyOf(target));
      if (hosted === undefined) return;
      const worker = workerOf(target) ?? (await pickWorker(hosted.server.model));
      if (worker !== undefined) await run(hosted, worker);
    };
  const handlers: Record<CommandId, (target: Target) => unknown> = {
    [COMMANDS.run]: async (target) => {
      const hosted = await pickFolder(servers, keyOf(target));
      if (hosted === undefined) return;
      if (hosted.server.model.active) await alreadyRuns(hosted);
      else await starting.start(hosted);
    },
    [COMMANDS.stop]: withServer(({ server }) => server.stop()),
    [COMMANDS.restart]: async (target) => {
      const hosted = await pickFolder(servers, keyOf(target), true);
      if (hosted === undefined) return;
      if (hosted.server.model.active) await hosted.server.ask({ type: 'restart' });
      else await starting.start(hosted);
    },
    [COMMANDS.toggleRandomDelay]: async (target) => {
      const hosted = await pickDisturbed(servers, keyOf(target));
      if (hosted !== undefined) await toggleRandomDelay(servers, hosted);
    },
    [COMMANDS.setRandomDelay]: async (target) => {
      const hosted = await pickDisturbed(servers, keyOf(target));
      if (hosted !== undefined) await setRandomDelay(servers, hosted);
    },
    [COMMANDS.overlapNext]: withServer((hosted) => overlapNext(hosted)),
    [COMMANDS.switchMode]: withServer(async ({ server }) => {
      await server.set({ mode: server.model.mode === 'thread' ? 'fork' : 'thread' });
    }),
    [COMMANDS.openInBrowser]: withUrl(withServer, (url) => vscode.env.openExternal(url)),
    [COMMANDS.openInEditor]: withUrl(withServer, async (url) =>
      vscode.commands.executeCommand(
        'simpleBrowser.show',
        (await vscode.env.asExternalUri(url)).toString(true),
      ),
    ),
    [COMMANDS.copyUrl]: withUrl(withServer, async (url) =>
      vscode.env.clipboard.writeText((await vscode.env.asExternalUri(url)).toString(true)),
    ),
    [COMMANDS.restartWorker]: withWorker(({ server }, worker) =>
      server.ask({ type: 'restartWorker', worker }),
    ),
    [COMMANDS.killWorker]: withWorker(({ server }, worker) => server.ask({ type: 'killWorker', worker })),
    [COMMANDS.copyPid]: withWorker(({ server }, worker) =>
      vscode.env.clipboard.writeText(String(server.model.workers.get(worker)?.pid ?? '')),
    ),
    [COMMANDS.showWorkerLog]: withWorker(({ terminal }, worker) => terminal.showWorker(worker)),
    [COMMANDS.showProblem]: withServer(async ({ server }) => {
      const { problem } = server.model;
      const place = problem === undefined ? undefined : placeOf(problem);
      if (place === undefined) servers.log.show(true);
      else await openPlace(place);
    }),
    [COMMANDS.showLog]: () => servers.log.show(true),
    [COMMANDS.showOutput]: async (target) => {
      const hosted = await pickFolder(servers, keyOf(target), true);
      hosted?.terminal.show(false);
    },
    [COMMANDS.showActions]: () => showActions(servers),
    [COMMANDS.cleanUp]: () => cleanUp(servers),
    [COMMANDS.openSettings]: () => openSetting(`@ext:concurrent-server.${EXTENSION} ${SECTION}`),
  };
  const registered = Object.entries(handlers).map(([id, run]) =>
    vscode.commands.registerCommand(id, async (target: Target) => {
      try {
        await run(target);
      } catch (error) {
        await starting.problems.refused(error);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

const EXTENSION = 'concurrent-server';

type WithServer = (run: (hosted: Hosted) => unknown) => (target: Target) => Promise<void>;

function withUrl(
  withServer: WithServer,
  run: (url: vscode.Uri) => unknown,
): (target: Target) => Promise<void> {
  return withServer(async ({ server }) => {
    const { url } = server.model;
    if (url === undefined) throw new Error(t('The server has no address yet.'));
    await run(vscode.Uri.parse(url, true));
  });
}

async function alreadyRuns({ key, folder, server }: Hosted): Promise<void> {
  const open = t('Open in Browser');
  const restart = t('Restart');
  const url = server.model.url ?? '';
  const chosen = await vscode.window.showInformationMessage(
    t('{0} already runs at {1}', folder.name, url),
    open,
    restart,
  );
  if (chosen === open) await vscode.commands.executeCommand(COMMANDS.openInBrowser, key);
  if (chosen === restart) await vscode.commands.executeCommand(COMMANDS.restart, key);
}

/** The status bar's menu. */
async function showActions(servers: Servers): Promise<void> {
  const hosted = await pickServer(servers, undefined);
  if (hosted === undefined) return;
  const { model } = hosted.server;
  const up = model.active;
  const mode = model.mode === 'thread' ? t('Switch to Fork Mode') : t('Switch to Thread Mode');
  const all: Array<{ label: string; command: CommandId; when: boolean }> = [
    { label: `$(play) ${t('Run')}`, command: COMMANDS.run, when: !up },
    {
      label: `$(error) ${t('Go to Problem')}`,
      command: COMMANDS.showProblem,
      when: model.problem !== undefined,
    },
    { label: `$(globe) ${t('Open in Browser')}`, command: COMMANDS.openInBrowser, when: up },
    { label: `$(open-preview) ${t('Open in Editor')}`, command: COMMANDS.openInEditor, when: up },
    { label: `$(link) ${t('Copy URL')}`, command: COMMANDS.copyUrl, when: up },
    { label: `$(debug-restart) ${t('Restart')}`, command: COMMANDS.restart, when: up },
    { label: `$(debug-stop) ${t('Stop')}`, command: COMMANDS.stop, when: up },
    { label: `$(arrow-swap) ${mode}`, command: COMMANDS.switchMode, when: up },
    { label: `$(watch) ${t('Set Random Delay…')}`, command: COMMANDS.setRandomDelay, when: true },
    { label: `$(layers) ${t('Overlap Next Requests…')}`, command: COMMANDS.overlapNext, when: up },
    { label: `$(terminal) ${t('Show Output')}`, command: COMMANDS.showOutput, when: true },
    { label: `$(output) ${t('Show Log')}`, command: COMMANDS.showLog, when: true },
    { label: `$(gear) ${t('Settings')}`, command: COMMANDS.openSettings, when: true },
  ];
  const picked = await vscode.window.showQuickPick(
    all.filter(({ when }) => when),
    { title: hosted.folder.name, placeHolder: model.url ?? t('Concurrent Server') },
  );
  if (picked !== undefined) await vscode.commands.executeCommand(picked.command, hosted.key);
}

function keyOf(target: Target): string | undefined {
  return typeof target === 'string' ? target : target?.server;
}

function workerOf(target: Target): number | undefined {
  return typeof target === 'object' ? target.worker : undefined;
}
