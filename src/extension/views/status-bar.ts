/** The two items in the status bar: the server, and the random delay toggle. */
import * as vscode from 'vscode';
import { COMMANDS } from '../names.ts';
import type { Servers } from '../server/servers.ts';
import { delayItem, type StatusItem, serverItem } from './status-bar-model.ts';

/** Changes within this time are drawn together. */
const DRAW_MS = 100;

export class StatusBar implements vscode.Disposable {
  #servers: Servers;
  #server = newItem('server', vscode.l10n.t('Concurrent Server'), 51);
  #delay = newItem('delay', vscode.l10n.t('Concurrent Server: Random Delay'), 50);
  #drawing: NodeJS.Timeout | undefined;
  #countdown: NodeJS.Timeout | undefined;
  #subscription: vscode.Disposable;
  #canRun = false;

  constructor(servers: Servers) {
    this.#servers = servers;
    this.#delay.command = COMMANDS.toggleRandomDelay;
    this.#subscription = servers.onDidChange(() => this.#scheduleDraw());
  }

  /** Whether the window has an app to run. Without one, and without a server, the items are hidden. */
  set canRun(canRun: boolean) {
    this.#canRun = canRun;
    this.#scheduleDraw();
  }

  dispose(): void {
    clearTimeout(this.#drawing);
    clearTimeout(this.#countdown);
    this.#subscription.dispose();
    this.#server.dispose();
    this.#delay.dispose();
  }

  #scheduleDraw(): void {
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      this.#draw();
    }, DRAW_MS);
  }

  #draw(): void {
    const servers = this.#servers.named.filter(({ model }) => model.phase !== 'stopped');
    if (servers.length === 0 && !this.#canRun) {
      this.#server.hide();
      this.#delay.hide();
      return;
    }
    const now = Date.now();
    show(this.#server, serverItem(servers, now, vscode.l10n.t));
    this.#server.command = servers.length === 0 ? COMMANDS.run : COMMANDS.showActions;
    const overlap = servers.length === 1 ? servers[0]?.model.overlap : undefined;
    show(this.#delay, delayItem(this.#servers.randomDelay, overlap, vscode.l10n.t));
    // Only a countdown changes without an event.
    clearTimeout(this.#countdown);
    if (servers.some(({ model }) => model.phase === 'restarting')) {
      this.#countdown = setTimeout(() => this.#scheduleDraw(), 1000);
    }
  }
}

function newItem(id: string, name: string, priority: number): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Left, priority);
  item.name = name;
  return item;
}

/** Assigns only what changed: each assignment is a message to the window. */
function show(item: vscode.StatusBarItem, { text, accessibilityLabel, tooltip }: StatusItem): void {
  if (item.text !== text) item.text = text;
  if (item.accessibilityInformation?.label !== accessibilityLabel) {
    item.accessibilityInformation = { label: accessibilityLabel, role: 'button' };
  }
  if (!(item.tooltip instanceof vscode.MarkdownString) || item.tooltip.value !== tooltip) {
    const markdown = new vscode.MarkdownString(tooltip);
    // Links can run no other command, whatever the text contains.
    markdown.isTrusted = { enabledCommands: Object.values(COMMANDS) };
    item.tooltip = markdown;
  }
  item.show();
}
