/** What the user is told when something is wrong, and the buttons that help. One message a trouble, never a storm. */
import * as vscode from 'vscode';
import type { ServerError, WireError } from '../../protocol/errors.ts';
import type { Diagnostic } from '../../protocol/messages.ts';
import { SECTION } from '../names.ts';
import { isStartFailure, locationOf } from '../server/error-model.ts';
import type { Hosted, Servers } from '../server/servers.ts';
import { openSetting, writeSetting } from '../settings/configuration.ts';
import { settingOf } from '../settings/settings-model.ts';
import { firstLine } from '../views/labels.ts';
import { openLocation } from './open-location.ts';

const { t } = vscode.l10n;

/** A message that nobody answered hides itself by then. */
const OUT_OF_SIGHT_MS = 60_000;

/** A button and what it does. */
export interface Action {
  title: string;
  run(): unknown;
}

/** Starts a server again in another way; see starting.ts. */
export interface Retry {
  again(hosted: Hosted): Promise<unknown>;
  onNextPort(hosted: Hosted, taken: number): Promise<unknown>;
  takeOver(hosted: Hosted): Promise<unknown>;
  chooseEntry(hosted: Hosted, candidates: readonly string[]): Promise<unknown>;
}

export class Notifications {
  #servers: Servers;
  #retry: Retry;
  /** When a message was said that nobody has answered yet. */
  #open = new Map<string, number>();
  /** Those whose app does not start, which has been told. */
  #broken = new Set<Hosted>();
  /** Findings that have been told. */
  #told = new Set<string>();

  constructor(servers: Servers, retry: Retry) {
    this.#servers = servers;
    this.#retry = retry;
    servers.onDidChange(() => {
      for (const hosted of this.#broken)
        if (hosted.server.model.phase !== 'broken') this.#broken.delete(hosted);
    });
  }

  /** A start that failed. Resolves when the user has answered, and what was chosen is done. */
  async startFailed(hosted: Hosted, error: ServerError): Promise<void> {
    const { message, hint } = error;
    this.#servers.log.error(`${hosted.folder.name}: ${message}${hint === undefined ? '' : ` ${hint}`}`);
    // Other hints are for the command line.
    const said = error.code === 'RUNTIME_MISSING' && hint !== undefined ? `${message} ${hint}` : message;
    await this.#say(hosted, error.code, said, this.#startActions(hosted, error));
  }

  /** The app does not start, or its workers keep dying; the server stays up. */
  reported(hosted: Hosted, error: WireError): void {
    const { code, message } = error;
    if (code === 'RUNTIME_MISMATCH') {
      void this.#say(hosted, code, message, [this.#otherRuntime(hosted), this.#output(hosted)]);
    } else if (isStartFailure(code)) this.#doesNotStart(hosted, error);
    else if (code === 'CRASH_LOOP') {
      const actions = [this.#restart(hosted), this.#output(hosted), this.#log()];
      void this.#say(hosted, code, t('Workers keep crashing: {0}', message), actions);
    }
    // A crash that is repaired is shown in the tree and the log.
  }

  /**
   * Once, until it starts again: who saves a mistake sees it in Problems, the status bar and the browser, and needs no
   * message on top of them. The first start, and what has no place in the source, get one.
   */
  #doesNotStart(hosted: Hosted, error: WireError): void {
    const location = locationOf(error);
    if (this.#broken.has(hosted) || (hosted.server.model.reloading && location !== undefined)) return;
    this.#broken.add(hosted);
    void this.#say(hosted, error.code, t('The app does not start: {0}', firstLine(error.message)), [
      ...(location === undefined ? [] : [{ title: t('Go to Problem'), run: () => openLocation(location) }]),
      this.#output(hosted),
      this.#log(),
      this.#restart(hosted),
    ]);
  }

  /** What the framework found, as far as it has no place in Problems; the same is told once in this window. */
  found(hosted: Hosted, diagnostics: readonly Diagnostic[]): void {
    const placeless = diagnostics.filter(({ file, level }) => file === undefined && level !== 'info');
    const message = placeless.map(({ text }) => text).join(' · ');
    if (message === '' || this.#told.has(message)) return;
    this.#told.add(message);
    const level = placeless.some((finding) => finding.level === 'error') ? 'error' : 'warning';
    void this.#say(hosted, 'diagnostics', message, [this.#output(hosted)], level);
  }

  /** The server process died; said once, until it stays up again. */
  died(hosted: Hosted, { message }: ServerError): void {
    void this.#say(hosted, 'died', t('{0} It is being restarted.', message), [this.#log()], 'warning');
  }

  gaveUp(hosted: Hosted, { message }: ServerError): void {
    void this.#say(hosted, 'gaveUp', message, [
      { title: t('Start Again'), run: () => this.#retry.again(hosted) },
      this.#log(),
    ]);
  }

  /** A command that the server refused, or anything else that a person asked for and that did not work. */
  async refused(error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    this.#servers.log.error(message);
    await ask(message, [this.#log()]);
  }

  #startActions(hosted: Hosted, { code, details }: ServerError): Action[] {
    switch (code) {
      case 'PORT_TAKEN': {
        const { port, owner } = (details ?? {}) as { port?: number; owner?: { leftover?: boolean } };
        return [
          ...(owner?.leftover === true
            ? [{ title: t('Take Over'), run: () => this.#retry.takeOver(hosted) }]
            : []),
          ...(port === undefined
            ? []
            : [{ title: t('Use Next Free Port'), run: () => this.#retry.onNextPort(hosted, port) }]),
          atSetting(t('Change Port…'), settingOf('port')),
        ];
      }
      case 'PORT_DENIED':
        return [atSetting(t('Change Port…'), settingOf('port'))];
      case 'ADDRESS_UNAVAILABLE':
        return [atSetting(t('Change Address…'), settingOf('addr'))];
      case 'ENTRY_AMBIGUOUS': {
        const candidates = (details?.candidates ?? []) as string[];
        return [{ title: t('Choose…'), run: () => this.#retry.chooseEntry(hosted, candidates) }];
      }
      case 'ENTRY_NOT_FOUND':
        return [
          { title: t('Choose…'), run: () => this.#retry.chooseEntry(hosted, []) },
          atSetting(t('Open Setting'), settingOf('entry')),
        ];
      case 'RUNTIME_MISSING':
        return [atSetting(t('Open Setting'), settingOf('python'))];
      case 'BAD_CONFIG': {
        const setting = typeof details?.setting === 'string' ? details.setting : SECTION;
        return [atSetting(t('Open Setting'), setting)];
      }
      default:
        return [this.#log()];
    }
  }

  #otherRuntime(hosted: Hosted): Action {
    const uses = hosted.server.settings?.runtime;
    // Written because the button says so.
    return uses === undefined
      ? {
          title: t('Use the Node on the PATH'),
          run: async () => {
            await writeSetting(hosted.folder, 'runtime', 'node');
            await this.#retry.again(hosted);
          },
        }
      : {
          title: t("Use the Editor's Node"),
          run: async () => {
            await writeSetting(hosted.folder, 'runtime', undefined);
            await this.#retry.again(hosted);
          },
        };
  }

  #restart(hosted: Hosted): Action {
    return { title: t('Restart'), run: () => hosted.server.ask({ type: 'restart' }) };
  }

  #output({ terminal }: Hosted): Action {
    return { title: t('Show Output'), run: () => terminal.show(true) };
  }

  #log(): Action {
    return { title: t('Show Log'), run: () => this.#servers.log.show(true) };
  }

  /** While the same message is open it is not said again, but for one that has long been out of sight. */
  async #say(
    hosted: Hosted,
    kind: string,
    message: string,
    actions: Action[],
    level: 'error' | 'warning' = 'error',
  ): Promise<void> {
    const key = `${hosted.key} ${kind}`;
    const now = performance.now();
    if (now - (this.#open.get(key) ?? -Infinity) < OUT_OF_SIGHT_MS) return;
    this.#open.set(key, now);
    try {
      const action = await choose(message, actions, level).finally(() => this.#open.delete(key));
      await action?.run();
    } catch (error) {
      await this.refused(error);
    }
  }
}

function atSetting(title: string, setting: string): Action {
  return { title, run: () => openSetting(setting) };
}

/** Shows a message with buttons; resolves when it was answered and the answer was carried out. */
export async function ask(
  message: string,
  actions: readonly Action[],
  level: 'error' | 'warning' | 'info' = 'error',
): Promise<void> {
  await (await choose(message, actions, level))?.run();
}

async function choose(
  message: string,
  actions: readonly Action[],
  level: 'error' | 'warning' | 'info',
): Promise<Action | undefined> {
  const titles = actions.map(({ title }) => title);
  const { window } = vscode;
  const show = {
    error: window.showErrorMessage,
    warning: window.showWarningMessage,
    info: window.showInformationMessage,
  }[level] as (message: string, ...titles: string[]) => Thenable<string | undefined>;
  const chosen = await show(message, ...titles);
  return actions.find(({ title }) => title === chosen);
}
