/**
 * The tree on the screen. A node keeps its object for as long as it is shown, and only changed nodes are drawn again:
 * drawing a row closes the menu that is open on it. Pure.
 */
import type { TreeNode } from './tree-model.ts';

export class TreeDiff {
  roots: TreeNode[] = [];

  /** Takes the new tree. @returns the nodes to draw again with their children, or `all` */
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
    const redraw = appearance(drawn) !== appearance(node) || !sameNodes(drawn.children, children);
    Object.assign(drawn, node, { children });
    // Drawing a node draws its children too.
    changed.push(...(redraw ? [drawn] : below));
    return drawn;
  });
}

/** Everything but the tooltip, which is read when the user hovers over the row. */
function appearance({
  label,
  description,
  icon,
  color,
  context,
  accessibilityLabel,
  location,
}: TreeNode): string {
  return JSON.stringify([label, description, icon, color, context, accessibilityLabel, location]);
}

function sameNodes(one: readonly TreeNode[], other: readonly TreeNode[]): boolean {
  return one.length === other.length && one.every((node, at) => node === other[at]);
}
