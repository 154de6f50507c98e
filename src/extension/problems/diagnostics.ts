/** Errors in the app's own code, in the Problems view at their line; removed once they are fixed. */
import * as vscode from 'vscode';
import { escapeControlsInLines } from '../../common/terminal-style.ts';
import type { WireError } from '../../protocol/errors.ts';
import type { Diagnostic, ServerEvent } from '../../protocol/messages.ts';
import { SECTION, TITLE } from '../names.ts';
import { isStartFailure, locationOf, textOf } from '../server/error-model.ts';
import type { AppFolder, Servers } from '../server/servers.ts';
import { rangeOf } from './open-location.ts';

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** The exception of an app that the Problems view shows. */
interface ShownException {
  file: vscode.Uri;
  /** It is fixed once a worker accepts. A crash is not: the next worker runs the same code. */
  untilStarted: boolean;
}

export class Diagnostics implements vscode.Disposable {
  // The task's problem matcher has the same owner, so that an exception both find is listed once.
  #exceptions = vscode.languages.createDiagnosticCollection(SECTION);
  #shown = new Map<AppFolder, ShownException>();
  // The app's framework reports these; the matcher does not find them.
  #framework = vscode.languages.createDiagnosticCollection(`${SECTION}.diagnostics`);
  #frameworkFiles = new Map<AppFolder, vscode.Uri[]>();
  #subscriptions: vscode.Disposable[];

  constructor(servers: Servers) {
    this.#subscriptions = [
      servers.onDidReceive(({ app, event }) => this.#receive(app, event)),
      servers.onDidChange(() => {
        for (const app of servers.all) {
          if (app.server.model.active) continue;
          this.#removeException(app);
          this.#replaceFramework(app, []);
        }
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#exceptions.dispose();
    this.#framework.dispose();
  }

  #receive(app: AppFolder, event: ServerEvent): void {
    if (event.type === 'error') this.#showException(app, event.error);
    else if (event.type === 'diagnostics') this.#replaceFramework(app, event.diagnostics);
    else if (event.type === 'reload' && event.state === 'done') this.#removeException(app);
    else if (event.type === 'worker' && this.#shown.get(app)?.untilStarted === true) {
      if (app.server.model.phase === 'running') this.#removeException(app);
    }
  }

  /** Shows only the latest: the same mistake ends one worker after the other. */
  #showException(app: AppFolder, error: WireError): void {
    const location = locationOf(error);
    if (location === undefined) return;
    this.#removeException(app);
    const file = vscode.Uri.file(location.file);
    const diagnostic = new vscode.Diagnostic(rangeOf(location), escapeControlsInLines(textOf(error)));
    diagnostic.source = TITLE;
    this.#exceptions.set(file, [diagnostic]);
    this.#shown.set(app, { file, untilStarted: isStartFailure(error.code) });
  }

  #removeException(app: AppFolder): void {
    const shown = this.#shown.get(app);
    if (shown === undefined) return;
    this.#shown.delete(app);
    this.#exceptions.delete(shown.file);
  }

  #replaceFramework(app: AppFolder, diagnostics: readonly Diagnostic[]): void {
    for (const file of this.#frameworkFiles.get(app) ?? []) this.#framework.delete(file);
    this.#frameworkFiles.delete(app);
    for (const { level, text, hint, file, line = 1 } of diagnostics) {
      if (file === undefined) continue;
      const uri = vscode.Uri.file(file);
      const range = rangeOf({ file, line });
      const message = escapeControlsInLines([text, hint].filter(Boolean).join('\n'));
      const diagnostic = new vscode.Diagnostic(range, message, SEVERITIES[level]);
      diagnostic.source = TITLE;
      this.#framework.set(uri, [...(this.#framework.get(uri) ?? []), diagnostic]);
      this.#frameworkFiles.set(app, [...(this.#frameworkFiles.get(app) ?? []), uri]);
    }
  }
}
