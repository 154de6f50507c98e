/** Notifications about problems, with buttons that help. The same problem is never shown twice at a time. */
import * as vscode from 'vscode';
import type { ServerError, WireError } from '../../protocol/errors.ts';
import type { Diagnostic } from '../../protocol/messages.ts';
import type { AppFolder, Servers } from '../server/servers.ts';
import { openSetting, writeSetting } from '../settings/configuration.ts';
import type { Setting } from '../settings/settings-model.ts';
import { type Action, ask, choose } from './ask.ts';
import {
  appDoesNotStart,
  type Button,
  frameworkDiagnostics,
  type Notice,
  serverDied,
  serverError,
  serverGaveUp,
  startFailure,
  stateInWorker,
} from './notification-model.ts';
import { openLocation } from './open-location.ts';
import { showPage } from './show-page.ts';

const { t } = vscode.l10n;

/** VS Code hides a notification that nobody answers, without an event. After this time it counts as hidden. */
const HIDDEN_AFTER_MS = 60_000;

/** The ways to start a server that buttons offer; see actions/start-server.ts. */
export interface Retry {
  restart(app: AppFolder): Promise<unknown>;
  startOnNextPort(app: AppFolder, taken: number): Promise<unknown>;
  takeOver(app: AppFolder): Promise<unknown>;
  chooseEntry(app: AppFolder, candidates: readonly string[]): Promise<unknown>;
}

export class Notifications {
  #servers: Servers;
  #retry: Retry;
  /** When each notification was shown that is not answered yet, in ms of `performance.now()`. */
  #open = new Map<string, number>();
  /** Apps that do not start, which the user knows. */
  #broken = new Set<AppFolder>();
  /** Messages about diagnostics that this window has shown. */
  #shown = new Set<string>();

  constructor(servers: Servers, retry: Retry) {
    this.#servers = servers;
    this.#retry = retry;
    servers.onDidReceive(({ app, event }) => {
      if (event.type === 'error') this.#serverError(app, event.error);
      else if (event.type === 'diagnostics') this.#diagnostics(app, event.diagnostics);
      else if (event.type === 'stateInWorker') void this.#show(app, event.type, stateInWorker(event, t));
    });
    servers.onDidDie(({ app, problem }) => void this.#show(app, 'died', serverDied(problem.message, t)));
    servers.onDidGiveUp(
      ({ app, problem }) => void this.#show(app, 'gaveUp', serverGaveUp(problem.message, t)),
    );
    servers.onDidChange(() => {
      for (const app of this.#broken) if (app.server.model.phase !== 'broken') this.#broken.delete(app);
    });
  }

  /** Resolves when the user has answered and the choice was carried out. */
  async startFailed(app: AppFolder, error: ServerError): Promise<void> {
    const { code, message, hint, details } = error;
    const text = `${app.folder.name}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
    const looked = code === 'NO_APP' && Array.isArray(details?.looked) ? details.looked : [];
    if (code === 'NO_APP') this.#servers.log.info([text, ...looked].join('\n  '));
    else this.#servers.log.error(text);
    await this.#show(app, code, startFailure(error.toWire(), t));
  }

  /** An action of the user failed, for example because the server refused it. */
  async actionFailed(error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    this.#servers.log.error(message);
    const showLog = { title: t('Show Log'), run: () => this.#servers.log.show(true) };
    await ask(message, [showLog]);
  }

  #serverError(app: AppFolder, error: WireError): void {
    const { settings, model } = app.server;
    if (model.ending) return;
    const context = {
      runtime: settings?.runtime,
      reloading: model.reloading,
      knownBroken: this.#broken.has(app),
    };
    const notice = serverError(error, context, t);
    if (notice === undefined) return;
    if (appDoesNotStart(error.code)) this.#broken.add(app);
    void this.#show(app, error.code, notice);
  }

  #diagnostics(app: AppFolder, diagnostics: readonly Diagnostic[]): void {
    const notice = frameworkDiagnostics(diagnostics, t);
    if (notice === undefined || this.#shown.has(notice.message)) return;
    this.#shown.add(notice.message);
    void this.#show(app, 'diagnostics', notice);
  }

  /** Does nothing while a notification of the same kind is open. */
  async #show(app: AppFolder, kind: string, { message, buttons, level }: Notice): Promise<void> {
    const key = `${app.key} ${kind}`;
    const now = performance.now();
    if (now - (this.#open.get(key) ?? -Infinity) < HIDDEN_AFTER_MS) return;
    this.#open.set(key, now);
    const actions = buttons.map(
      (button): Action => ({ title: button.title, run: () => this.#run(app, button) }),
    );
    try {
      const action = await choose(message, actions, level).finally(() => this.#open.delete(key));
      await action?.run();
    } catch (error) {
      await this.actionFailed(error);
    }
  }

  async #run(app: AppFolder, button: Button): Promise<unknown> {
    switch (button.do) {
      case 'show output':
        return app.terminal.show(true);
      case 'show log':
        return this.#servers.log.show(true);
      case 'restart workers':
        return app.server.ask({ type: 'restart' });
      case 'start again':
        return this.#retry.restart(app);
      case 'take over':
        return this.#retry.takeOver(app);
      case 'use next port':
        return this.#retry.startOnNextPort(app, button.taken);
      case 'choose entry':
        return this.#retry.chooseEntry(app, button.candidates);
      case 'open setting':
        return openSetting(button.setting);
      case 'go to problem':
        return openLocation(button.location);
      case 'write settings':
        for (const [setting, value] of Object.entries(button.values))
          await writeSetting(app.folder, setting as Setting, value);
        return;
      case 'read':
        return showPage(button.page, button.section);
      case 'use runtime':
        await writeSetting(app.folder, 'runtime', button.runtime);
        return this.#retry.restart(app);
    }
  }
}
