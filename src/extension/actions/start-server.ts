/** Starts a server from the editor: trust, settings, progress, and what the user can do if it fails. */
import path from 'node:path';
import * as vscode from 'vscode';
import { ENDINGS } from '../../common/entry-names.ts';
import { type NoAppDetails, ServerError, type WorkspaceDetails } from '../../protocol/errors.ts';
import { COMMANDS } from '../names.ts';
import { ask } from '../problems/ask.ts';
import { Notifications, type Retry } from '../problems/notifications.ts';
import type { AppFolder, Servers } from '../server/servers.ts';
import type { StartOptions } from '../server/start-config.ts';
import { writeSetting } from '../settings/configuration.ts';
import { isPython, type Settings, withChosen } from '../settings/settings-model.ts';
import { looksLikePython } from '../workspace/app-detector.ts';
import { chosenInterpreter } from '../workspace/python-extension.ts';
import { portsAfter } from './next-ports.ts';
import { pickWorkspace } from './pickers.ts';

const { t } = vscode.l10n;

/** A start that takes longer shows its progress, and can be cancelled. */
const LONG_START_MS = 1500;
/** How long the old window may keep the port after a reload. */
const OLD_WINDOW_MS = 8000;
const RETRY_MS = 250;

/** What one start has in place of the settings. */
interface Attempt extends StartOptions {
  port?: number;
}

export class StartServer implements Retry {
  readonly notifications: Notifications;
  #servers: Servers;

  constructor(servers: Servers) {
    this.#servers = servers;
    this.notifications = new Notifications(servers, this);
  }

  /** Resolves with true when the server is up. Otherwise the user was shown the reason. */
  async start(app: AppFolder, options: Attempt = {}): Promise<boolean> {
    if (!(await trusted())) return false;
    try {
      await this.#launch(app, options);
      return true;
    } catch (error) {
      await this.#failed(app, ServerError.from(error));
      return false;
    }
  }

  /** Starts the server that ran before the window was reloaded, on its port. */
  async resume(app: AppFolder, port: number): Promise<boolean> {
    if (!vscode.workspace.isTrusted) return false;
    const deadline = performance.now() + OLD_WINDOW_MS;
    for (;;) {
      try {
        await this.#launch(app, { port });
        return true;
      } catch (error) {
        const problem = ServerError.from(error);
        // The old window's server may hold the port until it has stopped.
        const wait = problem.code === 'PORT_TAKEN' && performance.now() < deadline;
        if (!wait) {
          await this.#failed(app, problem);
          return false;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async restart(app: AppFolder): Promise<void> {
    await app.server.stop();
    await this.start(app);
  }

  async startOnNextPort(app: AppFolder, taken: number): Promise<void> {
    const ports = portsAfter(taken);
    for (const port of ports) {
      try {
        await this.#launch(app, { port });
        return;
      } catch (error) {
        const problem = ServerError.from(error);
        if (problem.code === 'PORT_TAKEN' || problem.code === 'PORT_DENIED') continue;
        await this.#failed(app, problem);
        return;
      }
    }
    const none = t('None of the {0} ports after {1} is free.', ports.length, taken);
    await this.notifications.actionFailed(new Error(none));
  }

  takeOver(app: AppFolder): Promise<boolean> {
    return this.start(app, { takeOver: true });
  }

  /** Lets the user pick the app's file, starts it, and offers to save the choice. */
  async chooseEntry(app: AppFolder, candidates: readonly string[]): Promise<void> {
    const entry = await pickEntry(app.folder, candidates);
    if (entry !== undefined) await this.#startEntry(app, entry);
  }

  async #startEntry(app: AppFolder, entry: string): Promise<void> {
    app.entry = entry;
    const started = this.start(app);
    const save = {
      title: t('Save in Workspace Settings'),
      run: () => writeSetting(app.folder, 'entry', entry),
    };
    const message = t('{0} runs as the app of {1} until this window is closed.', entry, app.folder.name);
    void ask(message, [save], 'info');
    await started;
  }

  /** Lets the user pick a workspace's server. */
  async #chooseWorkspace(app: AppFolder, workspaces: readonly WorkspaceDetails[]): Promise<void> {
    const entry = await pickWorkspace(workspaces);
    if (entry !== undefined) await this.#startEntry(app, entry);
  }

  async #launch(app: AppFolder, { port, takeOver = false }: Attempt): Promise<void> {
    const { server, terminal, folder } = app;
    const written = this.#servers.effective(app);
    app.written = written;
    const python = written.config.python ?? (await interpreterOf(written, folder.uri));
    const settings = withChosen(written, port === undefined ? { python } : { python, port });
    terminal.open();
    const started = server.start(settings, { takeOver });
    this.#showIfLong(app, started);
    await started;
    if (server.model.phase !== 'running') return;
    terminal.note(t('{0} is running at {1}', folder.name, server.model.url ?? ''));
    if (settings.openOnStart) await vscode.commands.executeCommand(COMMANDS.openInBrowser, app.key);
  }

  #showIfLong({ folder, server }: AppFolder, started: Promise<void>): void {
    const timer = setTimeout(() => {
      void vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: t('Starting {0}…', folder.name),
          cancellable: true,
        },
        async (progress, cancel) => {
          progress.report({ message: `[${t('Show Output')}](command:${COMMANDS.showOutput})` });
          cancel.onCancellationRequested(() => void server.stop());
          await started.catch(() => {});
        },
      );
    }, LONG_START_MS);
    const settled = (): void => clearTimeout(timer);
    started.then(settled, settled);
  }

  async #failed(app: AppFolder, problem: ServerError): Promise<void> {
    const candidates = problem.details?.candidates;
    if (problem.code === 'ENTRY_AMBIGUOUS' && Array.isArray(candidates)) {
      await this.chooseEntry(app, candidates as string[]);
      return;
    }
    const workspaces = workspacesToPick(problem);
    if (workspaces.length > 0) await this.#chooseWorkspace(app, workspaces);
    else await this.notifications.startFailed(app, problem);
  }
}

/** The workspaces among which a monorepo's root leaves the choice. */
function workspacesToPick({ code, details }: ServerError): readonly WorkspaceDetails[] {
  if (code !== 'NO_APP' || details === undefined) return [];
  const { frontEnd, workspaces = [] } = details as unknown as NoAppDetails;
  return frontEnd === undefined ? workspaces : [];
}

/** Nothing of a folder runs before the user trusts it. */
async function trusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = {
    title: t('Manage Workspace Trust'),
    run: () => vscode.commands.executeCommand('workbench.trust.manage'),
  };
  await ask(t('Concurrent Server runs the code of this folder, which is not trusted.'), [manage], 'warning');
  return false;
}

/** The interpreter that the Python extension has selected, if the app seems to be a Python one. */
async function interpreterOf({ config }: Settings, folder: vscode.Uri): Promise<string | undefined> {
  const { entry, cwd } = config;
  const python = entry === undefined ? await looksLikePython(vscode.Uri.file(cwd)) : isPython(entry);
  return python ? chosenInterpreter(folder) : undefined;
}

async function pickEntry(
  folder: vscode.WorkspaceFolder,
  candidates: readonly string[],
): Promise<string | undefined> {
  if (candidates.length > 0) {
    return vscode.window.showQuickPick([...candidates], {
      title: t('Run Concurrent Server'),
      placeHolder: t('Several files could be the app. Which one is it?'),
    });
  }
  const [picked] =
    (await vscode.window.showOpenDialog({
      defaultUri: folder.uri,
      title: t('Select App File'),
      filters: { 'Node, Python': [...ENDINGS.map((ending) => ending.slice(1)), 'py'] },
    })) ?? [];
  return picked === undefined ? undefined : path.relative(folder.uri.fsPath, picked.fsPath);
}
