/** What the commands do. Each may be called with a tree item, a server's key, or nothing; then it asks where needed. */
import * as vscode from 'vscode';
import { COMMANDS, type CommandId, type CommandName, EXTENSION, SECTION } from '../names.ts';
import { type Action, ask } from '../problems/notifications.ts';
import { openLocation } from '../problems/open-location.ts';
import { locationOf } from '../server/error-model.ts';
import type { Hosted, Servers } from '../server/servers.ts';
import { openSetting } from '../settings/configuration.ts';
import type { TreeNode } from '../views/tree-model.ts';
import { cleanUp } from './clean-up.ts';
import { overlapNext, setRandomDelay, toggleRandomDelay } from './perturbation.ts';
import { pickDelayed, pickFolder, pickServer, pickWorker } from './pickers.ts';
import type { StartServer } from './start-server.ts';

const { t } = vscode.l10n;

type Target = TreeNode | string | undefined;

export function registerCommands(servers: Servers, starting: StartServer): vscode.Disposable {
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
  const withDisturbed =
    (run: (servers: Servers, hosted: Hosted) => unknown) =>
    async (target: Target): Promise<void> => {
      const hosted = await pickDelayed(servers, keyOf(target));
      if (hosted !== undefined) await run(servers, hosted);
    };
  const handlers: Record<CommandName, (target: Target) => unknown> = {
    run: async (target) => {
      const hosted = await pickFolder(servers, keyOf(target));
      if (hosted === undefined) return;
      if (hosted.server.model.active) await alreadyRuns(hosted);
      else await starting.start(hosted);
    },
    stop: withServer(({ server }) => server.stop()),
    restart: async (target) => {
      const hosted = await pickFolder(servers, keyOf(target), true);
      if (hosted === undefined) return;
      if (hosted.server.model.active) await hosted.server.ask({ type: 'restart' });
      else await starting.start(hosted);
    },
    toggleRandomDelay: withDisturbed(toggleRandomDelay),
    setRandomDelay: withDisturbed(setRandomDelay),
    overlapNext: withServer((hosted) => overlapNext(hosted)),
    switchMode: withServer(async ({ server }) => {
      await server.set({ mode: server.model.mode === 'thread' ? 'fork' : 'thread' });
    }),
    openInBrowser: withUrl(withServer, (url) => vscode.env.openExternal(url)),
    openInEditor: withUrl(withServer, async (url) =>
      vscode.commands.executeCommand(
        'simpleBrowser.show',
        (await vscode.env.asExternalUri(url)).toString(true),
      ),
    ),
    copyUrl: withUrl(withServer, async (url) =>
      vscode.env.clipboard.writeText((await vscode.env.asExternalUri(url)).toString(true)),
    ),
    restartWorker: withWorker(({ server }, worker) => server.ask({ type: 'restartWorker', worker })),
    killWorker: withWorker(({ server }, worker) => server.ask({ type: 'killWorker', worker })),
    copyPid: withWorker(({ server }, worker) =>
      vscode.env.clipboard.writeText(String(server.model.workers.get(worker)?.pid ?? '')),
    ),
    showWorkerLog: withWorker(({ terminal }, worker) => terminal.showWorker(worker)),
    showProblem: withServer(async ({ server }) => {
      const { problem } = server.model;
      const location = problem === undefined ? undefined : locationOf(problem);
      if (location === undefined) servers.log.show(true);
      else await openLocation(location);
    }),
    showLog: () => servers.log.show(true),
    showOutput: async (target) => {
      const hosted = await pickFolder(servers, keyOf(target), true);
      hosted?.terminal.show(false);
    },
    showActions: () => showActions(servers),
    cleanUp: () => cleanUp(servers),
    openSettings: () => openSetting(`@ext:${EXTENSION} ${SECTION}`),
  };
  const registered = Object.entries(handlers).map(([name, run]) =>
    vscode.commands.registerCommand(`${SECTION}.${name}`, async (target: Target) => {
      try {
        await run(target);
      } catch (error) {
        await starting.problems.refused(error);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

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
  const run = (title: string, command: CommandId): Action => ({
    title,
    run: () => vscode.commands.executeCommand(command, key),
  });
  await ask(
    t('{0} is already running at {1}', folder.name, server.model.url ?? ''),
    [run(t('Open in Browser'), COMMANDS.openInBrowser), run(t('Restart'), COMMANDS.restart)],
    'info',
  );
}

/** The status bar's menu. */
async function showActions(servers: Servers): Promise<void> {
  const hosted = await pickServer(servers, undefined);
  if (hosted === undefined) return;
  const { model } = hosted.server;
  const up = model.active;
  const mode = model.mode === 'thread' ? t('Switch to Fork Mode') : t('Switch to Thread Mode');
  const all: Array<[icon: string, label: string, command: CommandId, when: boolean]> = [
    ['play', t('Run'), COMMANDS.run, !up],
    ['error', t('Go to Problem'), COMMANDS.showProblem, model.problem !== undefined],
    ['globe', t('Open in Browser'), COMMANDS.openInBrowser, up],
    ['open-preview', t('Open in Editor'), COMMANDS.openInEditor, up],
    ['link', t('Copy URL'), COMMANDS.copyUrl, up],
    ['debug-restart', t('Restart'), COMMANDS.restart, up],
    ['debug-stop', t('Stop'), COMMANDS.stop, up],
    ['arrow-swap', mode, COMMANDS.switchMode, up],
    ['watch', t('Set Random Delay…'), COMMANDS.setRandomDelay, true],
    ['layers', t('Overlap Next Requests…'), COMMANDS.overlapNext, up],
    ['terminal', t('Show Output'), COMMANDS.showOutput, true],
    ['output', t('Show Log'), COMMANDS.showLog, true],
    ['gear', t('Settings'), COMMANDS.openSettings, true],
  ];
  const items = all
    .filter(([, , , when]) => when)
    .map(([icon, label, command]) => ({ label: `$(${icon}) ${label}`, command }));
  const picked = await vscode.window.showQuickPick(items, {
    title: hosted.folder.name,
    placeHolder: model.url ?? t('Concurrent Server'),
  });
  if (picked !== undefined) await vscode.commands.executeCommand(picked.command, hosted.key);
}

function keyOf(target: Target): string | undefined {
  return typeof target === 'string' ? target : target?.server;
}

function workerOf(target: Target): number | undefined {
  return typeof target === 'object' ? target.worker : undefined;
}
