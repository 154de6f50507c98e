/** Sends changed settings to the running servers. For those that need a restart it offers one. */
import * as vscode from 'vscode';
import { ServerError } from '../../protocol/errors.ts';
import { SECTION } from '../names.ts';
import { ask } from '../problems/ask.ts';
import type { AppFolder, Servers } from '../server/servers.ts';
import { updateOf } from './live-update.ts';
import type { StartServer } from './start-server.ts';

const { t } = vscode.l10n;

/** The settings editor changes a setting with every key. */
const DEBOUNCE_MS = 400;

export class LiveSettings implements vscode.Disposable {
  #servers: Servers;
  #startServer: StartServer;
  #debounce: NodeJS.Timeout | undefined;
  #subscription: vscode.Disposable;
  /** Apps whose restart is being offered. */
  #offered = new Set<AppFolder>();

  constructor(servers: Servers, startServer: StartServer) {
    this.#servers = servers;
    this.#startServer = startServer;
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(SECTION)) return;
      for (const app of servers.all) {
        // A changed setting overrides what the user chose in this session.
        if (event.affectsConfiguration(`${SECTION}.randomDelay`, app.folder)) app.delay = undefined;
        if (event.affectsConfiguration(`${SECTION}.entry`, app.folder)) app.entry = undefined;
      }
      clearTimeout(this.#debounce);
      this.#debounce = setTimeout(() => void this.#apply(), DEBOUNCE_MS);
    });
  }

  dispose(): void {
    clearTimeout(this.#debounce);
    this.#subscription.dispose();
  }

  async #apply(): Promise<void> {
    this.#servers.touch();
    for (const app of this.#servers.active) {
      // A server that is stopping reads the settings at its next start.
      if (app.server.model.ending) continue;
      try {
        await this.#applyTo(app);
      } catch (error) {
        if (!app.server.model.ending)
          await this.#startServer.notifications.startFailed(app, ServerError.from(error));
      }
    }
  }

  async #applyTo(app: AppFolder): Promise<void> {
    const { server, written } = app;
    const running = server.settings;
    if (written === undefined || running === undefined) return;
    const { live, restart, next } = updateOf({ written, running }, this.#servers.effective(app));
    if (live !== undefined) await server.set(live);
    app.written = next.written;
    server.adopt(next.running);
    if (restart.length > 0) await this.#offer(app, restart);
  }

  async #offer(app: AppFolder, settings: string[]): Promise<void> {
    if (this.#offered.has(app)) return;
    this.#offered.add(app);
    try {
      await ask(
        t('Restart the server to apply {0}.', settings.join(', ')),
        [{ title: t('Restart Now'), run: () => this.#startServer.restart(app) }],
        'info',
      );
    } finally {
      this.#offered.delete(app);
    }
  }
}
