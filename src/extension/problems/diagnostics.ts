/** What is wrong in the app's own code, in the Problems view at its line; removed when it is fixed. */
import * as vscode from 'vscode';
import { escapeControlsInLines } from '../../common/terminal-style.ts';
import type { WireError } from '../../protocol/errors.ts';
import type { Diagnostic, ServerEvent } from '../../protocol/messages.ts';
import { SECTION, TITLE } from '../names.ts';
import { isStartFailure, locationOf, textOf } from '../server/error-model.ts';
import type { Hosted, Servers } from '../server/servers.ts';
import { rangeOf } from './open-location.ts';

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

interface Shown {
  file: vscode.Uri;
  /** It is mended as soon as a worker accepts; a crash is not, since another worker would crash as well. */
  untilStarted: boolean;
}

export class Diagnostics implements vscode.Disposable {
  // The task's problem matcher has the same owner, so that what both find is listed once.
  #collection = vscode.languages.createDiagnosticCollection(SECTION);
  #shown = new Map<Hosted, Shown>();
  // Found by the app's framework, and so not by the matcher.
  #diagnostics = vscode.languages.createDiagnosticCollection(`${SECTION}.diagnostics`);
  #found = new Map<Hosted, vscode.Uri[]>();
  #subscriptions: vscode.Disposable[];

  constructor(servers: Servers) {
    this.#subscriptions = [
      servers.onDidSay(({ hosted, event }) => this.#said(hosted, event)),
      servers.onDidChange(() => {
        for (const hosted of servers.all) {
          if (hosted.server.model.active) continue;
          this.#takeBack(hosted);
          this.#list(hosted, []);
        }
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#collection.dispose();
    this.#diagnostics.dispose();
  }

  #said(hosted: Hosted, event: ServerEvent): void {
    if (event.type === 'error') this.#show(hosted, event.error);
    else if (event.type === 'diagnostics') this.#list(hosted, event.diagnostics);
    else if (event.type === 'reload' && event.state === 'done') this.#takeBack(hosted);
    else if (event.type === 'worker' && this.#shown.get(hosted)?.untilStarted === true) {
      if (hosted.server.model.phase === 'running') this.#takeBack(hosted);
    }
  }

  /** The latest alone: the same mistake ends one worker after the other. */
  #show(hosted: Hosted, error: WireError): void {
    const location = locationOf(error);
    if (location === undefined) return;
    this.#takeBack(hosted);
    const file = vscode.Uri.file(location.file);
    const diagnostic = new vscode.Diagnostic(rangeOf(location), escapeControlsInLines(textOf(error)));
    diagnostic.source = TITLE;
    this.#collection.set(file, [diagnostic]);
    this.#shown.set(hosted, { file, untilStarted: isStartFailure(error.code) });
  }

  /** In place of what was found before. */
  #list(hosted: Hosted, diagnostics: readonly Diagnostic[]): void {
    for (const file of this.#found.get(hosted) ?? []) this.#diagnostics.delete(file);
    this.#found.delete(hosted);
    for (const { level, text, hint, file, line = 1 } of diagnostics) {
      if (file === undefined) continue;
      const uri = vscode.Uri.file(file);
      const range = rangeOf({ file, line, column: undefined });
      const diagnostic = new vscode.Diagnostic(
        range,
        escapeControlsInLines([text, hint].filter(Boolean).join('\n')),
        SEVERITIES[level],
      );
      diagnostic.source = TITLE;
      this.#diagnostics.set(uri, [...(this.#diagnostics.get(uri) ?? []), diagnostic]);
      this.#found.set(hosted, [...(this.#found.get(hosted) ?? []), uri]);
    }
  }

  #takeBack(hosted: Hosted): void {
    const shown = this.#shown.get(hosted);
    if (shown === undefined) return;
    this.#shown.delete(hosted);
    this.#collection.delete(shown.file);
  }
}
