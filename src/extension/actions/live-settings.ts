/** Settings that change while a server runs: told to it where it can take them, else a restart is offered, once. */
import * as vscode from 'vscode';
import { ServerError } from '../../protocol/errors.ts';
import { SECTION } from '../names.ts';
import { ask } from '../problems/notifications.ts';
import type { Hosted, Servers } from '../server/servers.ts';
import { changeOf, partOf, withChosen } from '../settings/settings-model.ts';
import type { StartServer } from './start-server.ts';

const { t } = vscode.l10n;

/** A person who types changes a setting with every key. */
const SETTLE_MS = 400;

export class LiveSettings implements vscode.Disposable {
  #servers: Servers;
  #starting: StartServer;
  #debounce: NodeJS.Timeout | undefined;
  #subscription: vscode.Disposable;
  #offered = new Set<Hosted>();

  constructor(servers: Servers, starting: StartServer) {
    this.#servers = servers;
    this.#starting = starting;
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(SECTION)) return;
      for (const hosted of servers.all) {
        // What was set by hand gives way to what is written now.
        if (event.affectsConfiguration(`${SECTION}.randomDelay`, hosted.folder)) hosted.delay = undefined;
        if (event.affectsConfiguration(`${SECTION}.entry`, hosted.folder)) hosted.entry = undefined;
      }
      clearTimeout(this.#debounce);
      this.#debounce = setTimeout(() => void this.#apply(), SETTLE_MS);
    });
  }

  dispose(): void {
    clearTimeout(this.#debounce);
    this.#subscription.dispose();
  }

  async #apply(): Promise<void> {
    this.#servers.touch();
    for (const hosted of this.#servers.active) {
      // One that ends reads them when it is started again.
      if (hosted.server.model.ending) continue;
      try {
        await this.#applyTo(hosted);
      } catch (error) {
        if (!hosted.server.model.ending)
          await this.#starting.problems.startFailed(hosted, ServerError.from(error));
      }
    }
  }

  async #applyTo(hosted: Hosted): Promise<void> {
    const { server } = hosted;
    const before = hosted.written;
    if (before === undefined || server.settings === undefined) return;
    const written = this.#servers.effective(hosted);
    // Drawn anew at each reading unless it was chosen.
    const seed = written.seeded ? written.config.seed : before.config.seed;
    const after = { ...written, config: { ...written.config, seed } };
    const { live, restart } = changeOf(before, after);
    if (live !== undefined) await server.set(live);
    // The rest is still as it was started; the next change is compared with that.
    const taken = partOf(after);
    hosted.written = { ...before, seeded: after.seeded, config: { ...before.config, ...taken } };
    server.adopt({ ...withChosen(server.settings, taken), seeded: after.seeded });
    if (restart.length > 0) await this.#offer(hosted, restart);
  }

  async #offer(hosted: Hosted, settings: string[]): Promise<void> {
    if (this.#offered.has(hosted)) return;
    this.#offered.add(hosted);
    try {
      await ask(
        t('Restart the server to apply {0}.', settings.join(', ')),
        [{ title: t('Restart Now'), run: () => this.#starting.again(hosted) }],
        'info',
      );
    } finally {
      this.#offered.delete(hosted);
    }
  }
}
