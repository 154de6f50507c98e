/** The commands. Each is called with a tree item, a server's key or nothing; it asks the user if it needs a choice. */
import * as vscode from 'vscode';
import { COMMANDS, type CommandId, type CommandName, EXTENSION, SECTION } from '../names.ts';
import { type Action, ask } from '../problems/ask.ts';
import { openLocation } from '../problems/open-location.ts';
import { locationOf } from '../server/error-model.ts';
import type { AppFolder, Servers } from '../server/servers.ts';
import { openSetting } from '../settings/configuration.ts';
import type { TreeNode } from '../views/tree-model.ts';
import { cleanUp } from './clean-up.ts';
import { overlapNext, setRandomDelay, toggleRandomDelay } from './perturbation.ts';
import { pickDelayed, pickFolder, pickServer, pickWorker } from './pickers.ts';
import type { StartServer } from './start-server.ts';

const { t } = vscode.l10n;

type Target = TreeNode | string | undefined;

export function registerCommands(servers: Servers, startServer: StartServer): vscode.Disposable {
  const withServer =
    (run: (app: AppFolder) => unknown) =>
    async (target: Target): Promise<void> => {
      const app = await pickServer(servers, keyOf(target));
      if (app !== undefined) await run(app);
    };
  const withWorker =
    (run: (app: AppFolder, worker: number) => unknown) =>
    async (target: Target): Promise<void> => {
      const app = await pickServer(servers, keyOf(target));
      if (app === undefined) return;
      const worker = workerOf(target) ?? (await pickWorker(app.server.model));
      if (worker !== undefined) await run(app, worker);
    };
  const withPerturbed =
    (run: (servers: Servers, app: AppFolder) => unknown) =>
    async (target: Target): Promise<void> => {
      const app = await pickDelayed(servers, keyOf(target));
      if (app !== undefined) await run(servers, app);
    };
  const handlers: Record<CommandName, (target: Target) => unknown> = {
    run: async (target) => {
      const app = await pickFolder(servers, keyOf(target));
      if (app === undefined) return;
      if (app.server.model.active) await showAlreadyRunning(app);
      else await startServer.start(app);
    },
    stop: withServer(({ server }) => server.stop()),
    restart: async (target) => {
      const app = await pickFolder(servers, keyOf(target), true);
      if (app === undefined) return;
      if (app.server.model.active) await app.server.ask({ type: 'restart' });
      else await startServer.start(app);
    },
    toggleRandomDelay: withPerturbed(toggleRandomDelay),
    setRandomDelay: withPerturbed(setRandomDelay),
    overlapNext: withServer((app) => overlapNext(app)),
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
      const app = await pickFolder(servers, keyOf(target), true);
      app?.terminal.show(false);
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
        await startServer.notifications.actionFailed(error);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

type WithServer = (run: (app: AppFolder) => unknown) => (target: Target) => Promise<void>;

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

async function showAlreadyRunning({ key, folder, server }: AppFolder): Promise<void> {
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
  const app = await pickServer(servers, undefined);
  if (app === undefined) return;
  const { model } = app.server;
  const { active } = model;
  const mode = model.mode === 'thread' ? t('Switch to Fork Mode') : t('Switch to Thread Mode');
  const all: Array<[icon: string, label: string, command: CommandId, when: boolean]> = [
    ['play', t('Run'), COMMANDS.run, !active],
    ['error', t('Go to Problem'), COMMANDS.showProblem, model.problem !== undefined],
    ['globe', t('Open in Browser'), COMMANDS.openInBrowser, active],
    ['open-preview', t('Open in Editor'), COMMANDS.openInEditor, active],
    ['link', t('Copy URL'), COMMANDS.copyUrl, active],
    ['debug-restart', t('Restart'), COMMANDS.restart, active],
    ['debug-stop', t('Stop'), COMMANDS.stop, active],
    ['arrow-swap', mode, COMMANDS.switchMode, active],
    ['watch', t('Set Random Delay…'), COMMANDS.setRandomDelay, true],
    ['layers', t('Overlap Next Requests…'), COMMANDS.overlapNext, active],
    ['terminal', t('Show Output'), COMMANDS.showOutput, true],
    ['output', t('Show Log'), COMMANDS.showLog, true],
    ['gear', t('Settings'), COMMANDS.openSettings, true],
  ];
  const items = all
    .filter(([, , , when]) => when)
    .map(([icon, label, command]) => ({ label: `$(${icon}) ${label}`, command }));
  const picked = await vscode.window.showQuickPick(items, {
    title: app.folder.name,
    placeHolder: model.url ?? t('Concurrent Server'),
  });
  if (picked !== undefined) await vscode.commands.executeCommand(picked.command, app.key);
}

function keyOf(target: Target): string | undefined {
  return typeof target === 'string' ? target : target?.server;
}

function workerOf(target: Target): number | undefined {
  return typeof target === 'object' ? target.worker : undefined;
}
