/** The view of servers, workers and requests. While it is hidden it draws nothing and asks the servers nothing. */
import * as vscode from 'vscode';
import { COMMANDS, ITEM, VIEW } from '../names.ts';
import type { Servers } from '../server/servers.ts';
import { TreeDiff } from './tree-diff.ts';
import { type TreeNode, treeNodes } from './tree-model.ts';

/** Changes within this time are drawn together. */
const DRAW_MS = 250;
/** How often servers are asked for their status: memory and requests in progress are in no other event. */
const POLL_MS = 1000;

export class WorkersTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<TreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #servers: Servers;
  #view: vscode.TreeView<TreeNode>;
  #drawing: NodeJS.Timeout | undefined;
  #polling: NodeJS.Timeout | undefined;
  #disposables: vscode.Disposable[];
  #drawn = new TreeDiff();

  constructor(servers: Servers) {
    this.#servers = servers;
    this.#view = vscode.window.createTreeView(VIEW, { treeDataProvider: this });
    this.#disposables = [
      servers.onDidChange(() => this.#scheduleDraw()),
      // Changes while it was hidden were not drawn.
      this.#view.onDidChangeVisibility(() => this.#drawNow()),
      this.#view,
      this.#changed,
    ];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = new vscode.TreeItem(node.label, collapsible(node));
    item.id = node.id;
    item.description = node.description;
    item.iconPath = new vscode.ThemeIcon(
      node.icon,
      node.color === undefined ? undefined : new vscode.ThemeColor(node.color),
    );
    item.contextValue = node.context;
    item.accessibilityInformation = { label: node.accessibilityLabel };
    if (node.location !== undefined) {
      item.command = { command: COMMANDS.showProblem, title: '', arguments: [node] };
    }
    return item;
  }

  /** VS Code calls it when the user hovers over a row, so changes of the tooltip redraw nothing. */
  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    item.tooltip = node.tooltip.join('\n');
    return item;
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node !== undefined) return node.children;
    this.#drawn.update(this.#nodes());
    return this.#drawn.roots;
  }

  #nodes(): TreeNode[] {
    return treeNodes(this.#servers.named, Date.now(), vscode.l10n.t);
  }

  dispose(): void {
    clearTimeout(this.#drawing);
    this.#stopPolling();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #scheduleDraw(): void {
    this.#drawing ??= setTimeout(() => this.#drawNow(), DRAW_MS);
  }

  #drawNow(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    this.#updateBadge();
    if (this.#view.visible) {
      const changed = this.#drawn.update(this.#nodes());
      if (changed === 'all') this.#changed.fire(undefined);
      else if (changed.length > 0) this.#changed.fire(changed);
    }
    this.#updatePolling();
  }

  /** Polls while a server runs and the view is visible. */
  #updatePolling(): void {
    const polls = this.#view.visible && this.#servers.all.some(({ server }) => server.model.active);
    if (!polls) this.#stopPolling();
    else
      this.#polling ??= setInterval(() => {
        for (const { server } of this.#servers.all) {
          if (server.model.url !== undefined) server.ask({ type: 'status' }).catch(() => {});
        }
      }, POLL_MS);
  }

  #stopPolling(): void {
    clearInterval(this.#polling);
    this.#polling = undefined;
  }

  #updateBadge(): void {
    const crashed = this.#servers.all.reduce((sum, { server }) => sum + server.model.crashed, 0);
    this.#view.badge =
      crashed === 0 ? undefined : { value: crashed, tooltip: vscode.l10n.t('{0} crashed workers', crashed) };
  }
}

/** Servers and workers stay expanded even while they have no children. */
function collapsible({ context }: TreeNode): vscode.TreeItemCollapsibleState {
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  return context === ITEM.request ? None : Expanded;
}
