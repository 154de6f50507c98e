/** What the user is told when something is wrong, and the buttons that help. One message a trouble, never a storm. */
import vscode from 'vscode';
import type { ServerError, WireError } from '../protocol/errors.ts';
import { openSetting, writeSetting } from './configuration.ts';
import { SECTION } from './names.ts';
import type { Hosted, Servers } from './servers.ts';

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

export class Problems {
  #servers: Servers;
  #retry: Retry;
  /** When a message was said that nobody has answered yet. */
  #open = new Map<string, number>();

  constructor(servers: Servers, retry: Retry) {
    this.#servers = servers;
    this.#retry = retry;
  }

  /** A start that failed. Resolves when the user has answered, and what was chosen is done. */
  async startFailed(hosted: Hosted, error: ServerError): Promise<void> {
    const { message, hint } = error;
    this.#servers.log.error(`${hosted.folder.name}: ${message}${hint === undefined ? '' : ` ${hint}`}`);
    await this.#say(hosted, error.code, message, this.#startActions(hosted, error));
  }

  /** The app does not start, or its workers keep dying; the server stays up. */
  reported(hosted: Hosted, error: WireError): void {
    switch (error.code) {
      case 'RUNTIME_MISMATCH':
        void this.#say(hosted, error.code, error.message, [this.#otherRuntime(hosted), this.#output(hosted)]);
        return;
      case 'APP_FAILED_TO_START':
      case 'APP_NEVER_LISTENED':
        void this.#say(hosted, error.code, t('The app does not start: {0}', firstLine(error.message)), [
          this.#output(hosted),
          this.#log(),
          this.#restart(hosted),
        ]);
        return;
      case 'CRASH_LOOP':
        void this.#say(hosted, error.code, t('Workers keep ending: {0}', error.message), [
          this.#restart(hosted),
          this.#output(hosted),
          this.#log(),
        ]);
        return;
      default:
        // A crash that is repaired is shown in the tree and the log.
        return;
    }
  }

  /** The server process died; said once, until it stays up again. */
  died(hosted: Hosted, { message }: ServerError): void {
    void this.#say(hosted, 'died', t('{0} It is being started again.', message), [this.#log()], 'warning');
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
          { title: t('Change Port…'), run: () => openSetting(`${SECTION}.port`) },
        ];
      }
      case 'PORT_DENIED':
        return [{ title: t('Change Port…'), run: () => openSetting(`${SECTION}.port`) }];
      case 'ADDRESS_UNAVAILABLE':
        return [{ title: t('Change Address…'), run: () => openSetting(`${SECTION}.addr`) }];
      case 'ENTRY_AMBIGUOUS': {
        const candidates = (details?.candidates ?? []) as string[];
        return [{ title: t('Choose…'), run: () => this.#retry.chooseEntry(hosted, candidates) }];
      }
      case 'ENTRY_NOT_FOUND':
        return [
          { title: t('Choose…'), run: () => this.#retry.chooseEntry(hosted, []) },
          { title: t('Open Setting'), run: () => openSetting(`${SECTION}.entry`) },
        ];
      case 'BAD_CONFIG': {
        const setting = typeof details?.setting === 'string' ? details.setting : SECTION;
        return [{ title: t('Open Setting'), run: () => openSetting(setting) }];
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

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
