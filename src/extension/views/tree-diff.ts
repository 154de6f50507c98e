/**
 * The tree as it is on the screen. A node stays the same object as long as it is there, and only what changed is drawn
 * again: a row that is drawn anew forgets the menu that is open on it. Pure.
 */
import type { TreeNode } from './tree-model.ts';

export class TreeDiff {
  roots: TreeNode[] = [];

  /** Takes the tree as it should be. @returns the nodes to draw again with what is below them, or `all` */
  update(next: readonly TreeNode[]): TreeNode[] | 'all' {
    const changed: TreeNode[] = [];
    const before = this.roots;
    this.roots = merge(before, next, changed);
    return sameNodes(before, this.roots) ? changed : 'all';
  }
}

function merge(before: readonly TreeNode[], next: readonly TreeNode[], changed: TreeNode[]): TreeNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  return next.map((node) => {
    const drawn = known.get(node.id);
    if (drawn === undefined) return node;
    const below: TreeNode[] = [];
    const children = merge(drawn.children, node.children, below);
    const redraw = looks(drawn) !== looks(node) || !sameNodes(drawn.children, children);
    Object.assign(drawn, node, { children });
    // Drawing a node draws what is below it.
    changed.push(...(redraw ? [drawn] : below));
    return drawn;
  });
}

/** What is on the screen without hovering, and what a click does. */
function looks({ label, description, icon, color, context, spoken, location }: TreeNode): string {
  return JSON.stringify([label, description, icon, color, context, spoken, location]);
}

function sameNodes(one: readonly TreeNode[], other: readonly TreeNode[]): boolean {
  return one.length === other.length && one.every((node, at) => node === other[at]);
}
