/** Puts the parts together when the extension is activated, and takes them apart in order. */
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

/** VS Code gives all extensions 5 s together; requests under way get the smaller part of it. */
const LAST_REQUESTS_MS = 1000;

export class Activation {
  #servers: Servers;
  #session: Session;
  #starting: StartServer;
  #running = false;
  /** Ports of the servers that ran before a reload, by folder. */
  #ports: Record<string, number> | undefined;
  /** Folders that were looked at: what a user has stopped is not started again. */
  #begun = new Set<string>();
  /** The window goes; what ends now is to be remembered as having run. */
  #leaving = false;

  constructor(context: vscode.ExtensionContext) {
    this.#servers = new Servers(context.extensionPath);
    this.#session = new Session(context.workspaceState);
    this.#starting = new StartServer(this.#servers);
    const servers = this.#servers;
    const starting = this.#starting;
    const { problems } = starting;
    servers.troubles = {
      reported: (hosted, error) => problems.reported(hosted, error),
      found: (hosted, diagnostics) => problems.found(hosted, diagnostics),
      died: (hosted, problem) => problems.died(hosted, problem),
      gaveUp: (hosted, problem) => problems.gaveUp(hosted, problem),
    };
    // What is disposed here goes before `deactivate` is done; the servers and their log must not.
    const { subscriptions } = context;
    subscriptions.push(
      new WorkersTree(servers),
      new Diagnostics(servers),
      registerCommands(servers, starting),
      provideTasks(servers, starting),
      handleOpenLinks(),
      servers.onDidChange(() => this.#remember()),
    );
    // The rest is not waited for by whatever activated us.
    const later = setImmediate(() => this.#settle(subscriptions));
    subscriptions.push({ dispose: () => clearImmediate(later) });
  }

  #settle(subscriptions: vscode.Disposable[]): void {
    const servers = this.#servers;
    const statusBar = new StatusBar(servers);
    subscriptions.push(
      statusBar,
      new AppDetector((canRun) => {
        statusBar.canRun = canRun;
      }),
      new LiveSettings(servers, this.#starting),
      vscode.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const folder of removed) {
          this.#begun.delete(folder.uri.toString());
          void servers.remove(folder);
        }
        // A workspace of a remote window may get its folders after us.
        if (added.length > 0) void this.#begin();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.#begin()),
    );
    void this.#begin();
  }

  /** Resolves when no process of ours is left. */
  async stop(): Promise<void> {
    this.#leaving = true;
    const left = this.#session.left(Date.now());
    await this.#servers.stopAll(LAST_REQUESTS_MS);
    await left;
    this.#servers.dispose();
  }

  /** Starts what ran before a reload, and what is to start by itself. Never waited for by the activation. */
  async #begin(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const servers = this.#servers;
    if (await leftoversLikely()) {
      await cleanUpQuietly(servers).catch((error: unknown) => servers.log.error(String(error)));
    }
    this.#ports ??= this.#session.restore(Date.now());
    const ports = this.#ports;
    for (const folder of diskFolders()) {
      const hosted = servers.of(folder);
      if (this.#begun.has(hosted.key) || hosted.server.model.active) continue;
      this.#begun.add(hosted.key);
      const port = ports[hosted.key];
      if (port !== undefined) {
        servers.log.info(vscode.l10n.t('{0}: starting again on its previous port, {1}', folder.name, port));
        void this.#starting.resume(hosted, port);
      } else if (vscode.workspace.getConfiguration(SECTION, folder).get('autoStart') === true) {
        void this.#starting.start(hosted);
      }
    }
  }

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
