/** The servers of this window, one per folder, each with its terminal; and the log of all. */
import path from 'node:path';
import * as vscode from 'vscode';
import { defined } from '../../common/defined.ts';
import { DEFAULTS, type RandomDelayConfig } from '../../protocol/config.ts';
import type { ServerError } from '../../protocol/errors.ts';
import type { ServerEvent } from '../../protocol/messages.ts';
import { TITLE } from '../names.ts';
import { readSettings } from '../settings/configuration.ts';
import { type Settings, withChosen } from '../settings/settings-model.ts';
import { diskFolders } from '../workspace/folders.ts';
import { FolderServer } from './folder-server.ts';
import { OutputTerminal } from './output-terminal.ts';
import { logEntryOf } from './server-log.ts';
import type { NamedServer } from './server-model.ts';

/** The app of a workspace folder: its server, its terminal, and what the user chose for it in this session. */
export interface AppFolder {
  key: string;
  folder: vscode.WorkspaceFolder;
  server: FolderServer;
  terminal: OutputTerminal;
  /** Overrides the settings until these change. */
  delay: Partial<RandomDelayConfig> | undefined;
  /** The settings at the last start, with the changes that were sent to the server since. */
  written: Settings | undefined;
  /** The entry that the user picked. */
  entry: string | undefined;
}

export interface ReceivedEvent {
  app: AppFolder;
  event: ServerEvent;
}

export interface ServerDeath {
  app: AppFolder;
  problem: ServerError;
}

export class Servers implements vscode.Disposable {
  /** Absolute path of dist/cli.js. */
  readonly cli: string;
  readonly log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #received = new vscode.EventEmitter<ReceivedEvent>();
  readonly #died = new vscode.EventEmitter<ServerDeath>();
  readonly #gaveUp = new vscode.EventEmitter<ServerDeath>();
  readonly #apps = new Map<string, AppFolder>();
  /** The model of a server changed, or a choice of the user. */
  readonly onDidChange = this.#changed.event;
  /** Every event of every server, after its model was updated. */
  readonly onDidReceive = this.#received.event;
  /** A server process died and is being restarted. */
  readonly onDidDie = this.#died.event;
  /** A server died too often and stays down. */
  readonly onDidGiveUp = this.#gaveUp.event;

  constructor(extensionPath: string) {
    this.cli = path.join(extensionPath, 'dist', 'cli.js');
    this.log = vscode.window.createOutputChannel(TITLE, { log: true });
  }

  get all(): AppFolder[] {
    return [...this.#apps.values()];
  }

  get active(): AppFolder[] {
    return this.all.filter(({ server }) => server.model.active);
  }

  get named(): NamedServer[] {
    return this.all.map(({ key, folder, server }) => ({ key, name: folder.name, model: server.model }));
  }

  byKey(key: string): AppFolder | undefined {
    return this.#apps.get(key);
  }

  /** The folder's app; created at the first call. */
  of(folder: vscode.WorkspaceFolder): AppFolder {
    const key = folder.uri.toString();
    let app = this.#apps.get(key);
    if (app === undefined) {
      app = this.#create(key, folder);
      this.#apps.set(key, app);
    }
    return app;
  }

  /** The delay that the status bar shows: that of the running server, else that of the first folder's settings. */
  get randomDelay(): RandomDelayConfig {
    const [running] = this.active;
    if (running !== undefined) return running.server.model.randomDelay;
    const [folder] = diskFolders();
    const off = { ...DEFAULTS.randomDelay, routes: [] };
    if (folder === undefined) return off;
    try {
      return this.effective(this.of(folder)).config.randomDelay;
    } catch {
      // An invalid setting is reported when the user starts the server.
      return off;
    }
  }

  /** The folder's settings with the user's choices of this session. Throws `BAD_CONFIG`. */
  effective({ folder, entry, delay }: AppFolder): Settings {
    const settings = readSettings(folder);
    const { config } = settings;
    const randomDelay = delay === undefined ? undefined : { ...config.randomDelay, ...delay };
    return withChosen(settings, { entry: config.entry ?? entry, ...defined({ randomDelay }) });
  }

  /** Fires `onDidChange` for a change that no event of a server reports. */
  touch(): void {
    this.#changed.fire();
  }

  /** Resolves when no process of any server is left. @param graceMs how long to wait for requests at most */
  async stopAll(graceMs?: number): Promise<void> {
    await Promise.all(this.all.map(({ server }) => server.stop(graceMs)));
  }

  /** For a folder that left the workspace: stops its server and closes its terminal. */
  async remove(folder: vscode.WorkspaceFolder): Promise<void> {
    const key = folder.uri.toString();
    const app = this.#apps.get(key);
    if (app === undefined) return;
    await app.server.stop();
    app.terminal.dispose();
    this.#apps.delete(key);
    this.#changed.fire();
  }

  dispose(): void {
    for (const { terminal } of this.all) terminal.dispose();
    for (const emitter of [this.#changed, this.#received, this.#died, this.#gaveUp]) emitter.dispose();
    this.log.dispose();
  }

  #create(key: string, folder: vscode.WorkspaceFolder): AppFolder {
    const server = new FolderServer(
      { cli: this.cli, env: environment() },
      {
        changed: () => this.#changed.fire(),
        event: (event) => this.#receive(app, event),
        died: (problem) => {
          this.log.error(`${folder.name}: ${problem.message}`);
          this.#died.fire({ app, problem });
        },
        gaveUp: (problem) => {
          this.log.error(`${folder.name}: ${problem.message}`);
          this.#gaveUp.fire({ app, problem });
        },
      },
    );
    const terminal = new OutputTerminal(vscode.l10n.t('Server: {0}', folder.name));
    const app: AppFolder = {
      key,
      folder,
      server,
      terminal,
      delay: undefined,
      written: undefined,
      entry: undefined,
    };
    return app;
  }

  #receive(app: AppFolder, event: ServerEvent): void {
    const entry = logEntryOf(event);
    if (entry !== undefined) this.log[entry.level](`${app.folder.name}: ${entry.text}`);
    if (event.type === 'log' && event.source !== 'server') app.terminal.add(event);
    this.#received.fire({ app, event });
  }
}

/** The extension host's own, with what the user's shell set; the engine removes the editor's own variables. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
}
