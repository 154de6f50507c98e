/** Creates the parts of the extension when it is activated, and disposes of them in order. */
import * as vscode from 'vscode';
import { cleanUpQuietly } from './actions/clean-up.ts';
import { registerCommands } from './actions/commands.ts';
import { LiveSettings } from './actions/live-settings.ts';
import { StartServer } from './actions/start-server.ts';
import { provideTasks } from './actions/tasks.ts';
import { CONTEXT, SECTION } from './names.ts';
import { Diagnostics } from './problems/diagnostics.ts';
import { handleOpenLinks } from './problems/open-location.ts';
import { leftoversLikely } from './server/leftovers.ts';
import { Servers } from './server/servers.ts';
import { Session } from './server/session.ts';
import { StatusBar } from './views/status-bar.ts';
import { WorkersTree } from './views/tree.ts';
import { AppDetector } from './workspace/app-detector.ts';
import { diskFolders } from './workspace/folders.ts';

/** How long requests may take at deactivation. VS Code gives all extensions 5 s together. */
const LAST_REQUESTS_MS = 1000;

export class Activation {
  #servers: Servers;
  #session: Session;
  #startServer: StartServer;
  #running = false;
  /** Ports of the servers that ran before a reload of the window, by folder; undefined before they were read. */
  #ports: Record<string, number> | undefined;
  /** Keys of folders that were handled. A server is started by itself once, and not after the user stopped it. */
  #handled = new Set<string>();
  /** The window is closing. Servers that stop now are remembered as running. */
  #leaving = false;

  constructor(context: vscode.ExtensionContext) {
    this.#servers = new Servers(context.extensionPath);
    this.#session = new Session(context.workspaceState);
    this.#startServer = new StartServer(this.#servers);
    const servers = this.#servers;
    const startServer = this.#startServer;
    // VS Code disposes of these before `deactivate` has finished, so the servers and their log are not among them.
    const { subscriptions } = context;
    subscriptions.push(
      new WorkersTree(servers),
      new Diagnostics(servers),
      registerCommands(servers, startServer),
      provideTasks(servers, startServer),
      handleOpenLinks(),
      servers.onDidChange(() => this.#remember()),
    );
    // The rest would only delay the command or view that activated the extension.
    const later = setImmediate(() => this.#activateRest(subscriptions));
    subscriptions.push({ dispose: () => clearImmediate(later) });
  }

  #activateRest(subscriptions: vscode.Disposable[]): void {
    const servers = this.#servers;
    const statusBar = new StatusBar(servers);
    subscriptions.push(
      statusBar,
      new AppDetector((canRun) => {
        statusBar.canRun = canRun;
      }),
      new LiveSettings(servers, this.#startServer),
      vscode.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const folder of removed) {
          this.#handled.delete(folder.uri.toString());
          void servers.remove(folder);
        }
        // The workspace of a remote window may get its folders after the extension is activated.
        if (added.length > 0) void this.#startFolders();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.#startFolders()),
    );
    void this.#startFolders();
  }

  /** Resolves when no process of a server is left. */
  async stop(): Promise<void> {
    this.#leaving = true;
    const left = this.#session.left(Date.now());
    await this.#servers.stopAll(LAST_REQUESTS_MS);
    await left;
    this.#servers.dispose();
  }

  /** Starts the servers that ran before a reload, and those with `autoStart`. */
  async #startFolders(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const servers = this.#servers;
    if (await leftoversLikely()) {
      await cleanUpQuietly(servers).catch((error: unknown) => servers.log.error(String(error)));
    }
    this.#ports ??= this.#session.restore(Date.now());
    const ports = this.#ports;
    for (const folder of diskFolders()) {
      const app = servers.of(folder);
      if (this.#handled.has(app.key) || app.server.model.active) continue;
      this.#handled.add(app.key);
      const port = ports[app.key];
      if (port !== undefined) {
        servers.log.info(vscode.l10n.t('{0}: starting again on its previous port, {1}', folder.name, port));
        void this.#startServer.resume(app, port);
      } else if (vscode.workspace.getConfiguration(SECTION, folder).get('autoStart') === true) {
        void this.#startServer.start(app);
      }
    }
  }

  /** Updates the context key and the list of servers that a reload restarts. */
  #remember(): void {
    if (this.#leaving) return;
    const { all, active } = this.#servers;
    const running = active.length > 0;
    if (running !== this.#running) {
      this.#running = running;
      void vscode.commands.executeCommand('setContext', CONTEXT.running, running);
    }
    for (const { key, server } of all) {
      const { phase, url } = server.model;
      if (url !== undefined && phase !== 'stopping')
        this.#session.started(key, Number(new URL(url).port || 80));
      else if (phase === 'stopped' || phase === 'failed') this.#session.stopped(key);
    }
  }
}
