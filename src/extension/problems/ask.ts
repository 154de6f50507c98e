/** A message with buttons. */
import * as vscode from 'vscode';

export interface Action {
  /** Of the button. */
  title: string;
  run(): unknown;
}

type Level = 'error' | 'warning' | 'info';

/** Shows a message; resolves when it is closed and the chosen action was carried out. */
export async function ask(
  message: string,
  actions: readonly Action[],
  level: Level = 'error',
): Promise<void> {
  await (await choose(message, actions, level))?.run();
}

/** Shows a message; resolves with the chosen action, or with undefined if the message was closed. */
export async function choose(
  message: string,
  actions: readonly Action[],
  level: Level,
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
