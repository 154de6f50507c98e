/** The servers of this window, one a folder, and the log and terminal of each. */
import path from 'node:path';
import * as vscode from 'vscode';
import { escapeControlsInLines } from '../../common/terminal-style.ts';
import { DEFAULTS, type RandomDelayConfig } from '../../protocol/config.ts';
import type { ServerError, WireError } from '../../protocol/errors.ts';
import type { Diagnostic, ServerEvent } from '../../protocol/messages.ts';
import { TITLE } from '../names.ts';
import { readSettings } from '../settings/configuration.ts';
import { type Settings, withChosen } from '../settings/settings-model.ts';
import { diskFolders } from '../workspace/folders.ts';
import { FolderServer } from './folder-server.ts';
import { OutputTerminal } from './output-terminal.ts';
import type { NamedServer } from './server-model.ts';

/** A folder's server and what shows it. */
export interface Hosted {
  key: string;
  folder: vscode.WorkspaceFolder;
  server: FolderServer;
  terminal: OutputTerminal;
  /** The delay as it was toggled or set in this session; it wins over the settings until they change. */
  delay: Partial<RandomDelayConfig> | undefined;
  /** The settings as they were written when it was started, and as far as changes were told to it. */
  written: Settings | undefined;
  /** The entry that was picked in this session. */
  entry: string | undefined;
}

/** What the window does about a server's troubles. */
export interface Troubles {
  /** An error that the server reported while it runs. */
  reported(hosted: Hosted, error: WireError): void;
  /** What the app's framework finds wrong with it. */
  found(hosted: Hosted, diagnostics: readonly Diagnostic[]): void;
  died(hosted: Hosted, problem: ServerError, inMs: number): void;
  gaveUp(hosted: Hosted, problem: ServerError): void;
}

export class Servers implements vscode.Disposable {
  /** Absolute path of the command line that is shipped with the extension. */
  readonly cli: string;
  readonly log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #event = new vscode.EventEmitter<{ hosted: Hosted; event: ServerEvent }>();
  /** Everything every server says. */
  readonly onDidSay = this.#event.event;
  troubles: Troubles | undefined;
  #hosted = new Map<string, Hosted>();

  constructor(extensionPath: string) {
    this.cli = path.join(extensionPath, 'dist', 'cli.js');
    this.log = vscode.window.createOutputChannel(TITLE, { log: true });
  }

  get all(): Hosted[] {
    return [...this.#hosted.values()];
  }

  get active(): Hosted[] {
    return this.all.filter(({ server }) => server.model.active);
  }

  get named(): NamedServer[] {
    return this.all.map(({ key, folder, server }) => ({ key, name: folder.name, model: server.model }));
  }

  byKey(key: string): Hosted | undefined {
    return this.#hosted.get(key);
  }

  /** The one of a folder; made when it is asked for the first time. */
  of(folder: vscode.WorkspaceFolder): Hosted {
    const key = folder.uri.toString();
    let hosted = this.#hosted.get(key);
    if (hosted === undefined) {
      hosted = this.#create(key, folder);
      this.#hosted.set(key, hosted);
    }
    return hosted;
  }

  /** What the status bar's toggle shows: of the server that runs, else of the first folder's settings. */
  get randomDelay(): RandomDelayConfig {
    const [running] = this.active;
    if (running !== undefined) return running.server.model.randomDelay;
    const [folder] = diskFolders();
    const off = { ...DEFAULTS.randomDelay, routes: [] };
    if (folder === undefined) return off;
    try {
      return this.effective(this.of(folder)).config.randomDelay;
    } catch {
      // A setting that is wrong is named when something is to be run with it.
      return off;
    }
  }

  /** The folder's settings with what was chosen in this session. Throws `BAD_CONFIG`. */
  effective(hosted: Hosted): Settings {
    const settings = readSettings(hosted.folder);
    const { entry = hosted.entry, randomDelay } = settings.config;
    const { delay } = hosted;
    return withChosen(settings, {
      entry,
      ...(delay === undefined ? {} : { randomDelay: { ...randomDelay, ...delay } }),
    });
  }

  /** Something that is not an event of a server changed what is shown. */
  touch(): void {
    this.#changed.fire();
  }

  /** Resolves when no process of any of them is left. @param graceMs the longest that requests are waited for */
  async stopAll(graceMs?: number): Promise<void> {
    await Promise.all(this.all.map(({ server }) => server.stop(graceMs)));
  }

  /** The folder left the workspace. */
  async remove(folder: vscode.WorkspaceFolder): Promise<void> {
    const key = folder.uri.toString();
    const hosted = this.#hosted.get(key);
    if (hosted === undefined) return;
    await hosted.server.stop();
    hosted.terminal.dispose();
    this.#hosted.delete(key);
    this.#changed.fire();
  }

  dispose(): void {
    for (const { terminal } of this.all) terminal.dispose();
    this.#changed.dispose();
    this.#event.dispose();
    this.log.dispose();
  }

  #create(key: string, folder: vscode.WorkspaceFolder): Hosted {
    const hosted: Hosted = {
      key,
      folder,
      terminal: new OutputTerminal(vscode.l10n.t('Server: {0}', folder.name)),
      delay: undefined,
      written: undefined,
      entry: undefined,
      server: new FolderServer(
        { cli: this.cli, env: environment() },
        {
          changed: () => this.#changed.fire(),
          event: (event) => this.#said(hosted, event),
          died: (problem, inMs) => {
            this.log.error(`${folder.name}: ${problem.message}`);
            this.troubles?.died(hosted, problem, inMs);
          },
          gaveUp: (problem) => {
            this.log.error(`${folder.name}: ${problem.message}`);
            this.troubles?.gaveUp(hosted, problem);
          },
        },
      ),
    };
    return hosted;
  }

  #said(hosted: Hosted, event: ServerEvent): void {
    const { name } = hosted.folder;
    switch (event.type) {
      case 'ready':
        this.log.info(
          `${name}: ${event.url} (${event.mode}, ${event.workers} workers, seed ${event.seed}, ${event.entry})`,
        );
        break;
      case 'listener':
        this.log.info(`${name}: also at ${event.url}`);
        break;
      case 'worker':
        this.log.debug(
          `${name}: worker ${event.id} ${event.state}${event.exit === undefined ? '' : `, ${event.exit}`}`,
        );
        break;
      case 'log':
        if (event.source === 'server') this.log[event.level](`${name}: ${escapeControlsInLines(event.text)}`);
        else hosted.terminal.add(event);
        break;
      case 'error':
        this.log.error(`${name}: ${escapeControlsInLines(errorText(event.error))}`);
        this.troubles?.reported(hosted, event.error);
        break;
      case 'diagnostics':
        this.troubles?.found(hosted, event.diagnostics);
        break;
      case 'stopped':
        this.log.info(`${name}: stopped (${event.reason})`);
        break;
      default:
        break;
    }
    this.#event.fire({ hosted, event });
  }
}

function errorText({ message, details }: WireError): string {
  const stack = details?.stack;
  return typeof stack === 'string' && stack !== '' ? `${message}\n${stack}` : message;
}

/** The host's own, so that what the user's shell had set holds for the app; the engine takes out what is the editor's. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
}
