/** The view of servers, workers and requests. Nothing is asked or drawn while nobody looks. */
import * as vscode from 'vscode';
import { COMMANDS, ITEM, VIEW } from '../names.ts';
import type { Servers } from '../server/servers.ts';
import { TreeDiff } from './tree-diff.ts';
import { type TreeNode, treeNodes } from './tree-model.ts';

/** Changes are drawn together, at most so often. */
const DRAW_MS = 250;
/** How often servers are asked for what they do not tell by themselves: memory, requests under way, ages. */
const ASK_MS = 1000;

export class WorkersTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<TreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #servers: Servers;
  #view: vscode.TreeView<TreeNode>;
  #drawing: NodeJS.Timeout | undefined;
  #asking: NodeJS.Timeout | undefined;
  #disposables: vscode.Disposable[];
  #drawn = new TreeDiff();

  constructor(servers: Servers) {
    this.#servers = servers;
    this.#view = vscode.window.createTreeView(VIEW, { treeDataProvider: this });
    this.#disposables = [
      servers.onDidChange(() => this.#draw()),
      // What it showed last may be long ago.
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
    item.accessibilityInformation = { label: node.spoken };
    if (node.location !== undefined) {
      item.command = { command: COMMANDS.showProblem, title: '', arguments: [node] };
    }
    return item;
  }

  /** Called when a row is hovered: numbers that change with every request are not worth a redrawing. */
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
    this.#askNoMore();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #draw(): void {
    this.#drawing ??= setTimeout(() => this.#drawNow(), DRAW_MS);
  }

  #drawNow(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    this.#badge();
    if (this.#view.visible) {
      const changed = this.#drawn.update(this.#nodes());
      if (changed === 'all') this.#changed.fire(undefined);
      else if (changed.length > 0) this.#changed.fire(changed);
    }
    this.#ask();
  }

  /** Asks while a server runs and the view is seen. */
  #ask(): void {
    const asks = this.#view.visible && this.#servers.all.some(({ server }) => server.model.active);
    if (!asks) this.#askNoMore();
    else
      this.#asking ??= setInterval(() => {
        for (const { server } of this.#servers.all) {
          if (server.model.url !== undefined) server.ask({ type: 'status' }).catch(() => {});
        }
      }, ASK_MS);
  }

  #askNoMore(): void {
    clearInterval(this.#asking);
    this.#asking = undefined;
  }

  #badge(): void {
    const crashed = this.#servers.all.reduce((sum, { server }) => sum + server.model.crashed, 0);
    this.#view.badge =
      crashed === 0 ? undefined : { value: crashed, tooltip: vscode.l10n.t('{0} crashed workers', crashed) };
  }
}

/** Servers and workers keep their arrow, open, while what is below them comes and goes. */
function collapsible({ context }: TreeNode): vscode.TreeItemCollapsibleState {
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  return context === ITEM.request ? None : Expanded;
}
