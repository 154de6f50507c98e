/** Starts a server from the editor: trust, settings, progress, and what can be done where it fails. */
import path from 'node:path';
import * as vscode from 'vscode';
import { ENDINGS } from '../../common/entry-names.ts';
import { ServerError } from '../../protocol/errors.ts';
import { COMMANDS } from '../names.ts';
import { ask, Notifications, type Retry } from '../problems/notifications.ts';
import type { Hosted, Servers } from '../server/servers.ts';
import { writeSetting } from '../settings/configuration.ts';
import { isPython, type Settings, withChosen } from '../settings/settings-model.ts';
import { looksLikePython } from '../workspace/app-detector.ts';
import { chosenInterpreter } from '../workspace/python-extension.ts';

const { t } = vscode.l10n;

/** A start that takes longer than this is shown, and can be cancelled. */
const LONG_START_MS = 1500;
/** Ports that are tried after one that is taken. */
const NEXT_PORTS = 50;
/** How long an old window may take to let go of the port after a reload. */
const OLD_WINDOW_MS = 8000;
const RETRY_MS = 250;

export interface StartOptions {
  port?: number;
  takeOver?: boolean;
  /** Nobody is there to answer: report a failure, and ask nothing. */
  unasked?: boolean;
}

export class StartServer implements Retry {
  readonly problems: Notifications;
  #servers: Servers;

  constructor(servers: Servers) {
    this.#servers = servers;
    this.problems = new Notifications(servers, this);
  }

  /** Starts a folder's server. Resolves with true when it is up; else the user has been told why not. */
  async start(hosted: Hosted, options: StartOptions = {}): Promise<boolean> {
    if (!(await trusted())) return false;
    try {
      await this.#launch(hosted, options);
      return true;
    } catch (error) {
      await this.#failed(hosted, ServerError.from(error));
      return false;
    }
  }

  /** Starts what ran before the window was reloaded, on the port it had. */
  async resume(hosted: Hosted, port: number): Promise<boolean> {
    if (!vscode.workspace.isTrusted) return false;
    const deadline = performance.now() + OLD_WINDOW_MS;
    for (;;) {
      try {
        await this.#launch(hosted, { port });
        return true;
      } catch (error) {
        const problem = ServerError.from(error);
        // The old window's server is ours and on its way out.
        const wait = problem.code === 'PORT_TAKEN' && performance.now() < deadline;
        if (!wait) {
          await this.#failed(hosted, problem);
          return false;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async again(hosted: Hosted): Promise<void> {
    await hosted.server.stop();
    await this.start(hosted);
  }

  async onNextPort(hosted: Hosted, taken: number): Promise<void> {
    for (let port = taken + 1; port <= Math.min(65_535, taken + NEXT_PORTS); port++) {
      try {
        await this.#launch(hosted, { port });
        return;
      } catch (error) {
        const problem = ServerError.from(error);
        if (problem.code === 'PORT_TAKEN' || problem.code === 'PORT_DENIED') continue;
        await this.#failed(hosted, problem);
        return;
      }
    }
    await this.problems.refused(new Error(t('None of the {0} ports after {1} is free.', NEXT_PORTS, taken)));
  }

  takeOver(hosted: Hosted): Promise<boolean> {
    return this.start(hosted, { takeOver: true });
  }

  /** Lets the user pick the app's file, starts it, and offers to remember it. */
  async chooseEntry(hosted: Hosted, candidates: readonly string[]): Promise<void> {
    const entry = await pickEntry(hosted.folder, candidates);
    if (entry === undefined) return;
    hosted.entry = entry;
    const started = this.start(hosted);
    void ask(
      t('{0} runs as the app of {1} until this window is closed.', entry, hosted.folder.name),
      [
        {
          title: t('Save in Workspace Settings'),
          run: () => writeSetting(hosted.folder, 'entry', entry),
        },
      ],
      'info',
    );
    await started;
  }

  async #launch(hosted: Hosted, { port, takeOver = false }: StartOptions): Promise<void> {
    const { server, terminal, folder } = hosted;
    const written = this.#servers.effective(hosted);
    hosted.written = written;
    const python = written.config.python ?? (await interpreterOf(written, folder.uri));
    const settings = withChosen(written, port === undefined ? { python } : { python, port });
    terminal.open();
    const started = server.start(settings, { takeOver });
    this.#showLong(hosted, started);
    await started;
    if (server.model.phase !== 'running') return;
    terminal.note(t('{0} is running at {1}', folder.name, server.model.url ?? ''));
    if (settings.openOnStart) await vscode.commands.executeCommand(COMMANDS.openInBrowser, hosted.key);
  }

  #showLong(hosted: Hosted, started: Promise<void>): void {
    const late = setTimeout(() => {
      void vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: t('Starting {0}…', hosted.folder.name),
          cancellable: true,
        },
        async (progress, cancel) => {
          progress.report({ message: `[${t('Show Output')}](command:${COMMANDS.showOutput})` });
          cancel.onCancellationRequested(() => void hosted.server.stop());
          await started.catch(() => {});
        },
      );
    }, LONG_START_MS);
    const settled = (): void => clearTimeout(late);
    started.then(settled, settled);
  }

  async #failed(hosted: Hosted, problem: ServerError): Promise<void> {
    const candidates = problem.details?.candidates;
    if (problem.code === 'ENTRY_AMBIGUOUS' && Array.isArray(candidates)) {
      await this.chooseEntry(hosted, candidates as string[]);
      return;
    }
    await this.problems.startFailed(hosted, problem);
  }
}

/** We run the workspace's own code; in a folder that is not trusted nothing of it runs. */
async function trusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  await ask(
    t('Concurrent Server runs the code of this folder, which is not trusted.'),
    [
      {
        title: t('Manage Workspace Trust'),
        run: () => vscode.commands.executeCommand('workbench.trust.manage'),
      },
    ],
    'warning',
  );
  return false;
}

/** What is chosen in the Python extension, for an app that is a Python one as far as can be told. */
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
