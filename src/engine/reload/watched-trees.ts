/** Finds the files that match globs, now and later. */
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Tree, WatchedGlobs } from './watched-globs.ts';

interface TreesListener {
  /** A file matches, or a link to such files; `isNew` if it did not exist at first. */
  found(file: string, isNew: boolean): void;
  /** The listener must report changes in this folder by {@link WatchedTrees.scan}. */
  entered(folder: string): void;
}

export class WatchedTrees {
  #trees: ReadonlyMap<Tree, Set<string>>;
  #listener: TreesListener;
  /** Folders that are being read; true if they must be read again. */
  #reading = new Map<string, boolean>();

  constructor({ trees }: WatchedGlobs, listener: TreesListener) {
    this.#trees = new Map(trees.map((tree) => [tree, new Set<string>()]));
    this.#listener = listener;
  }

  /** Finds everything that matches now. */
  start(): void {
    for (const [tree, entered] of this.#trees) {
      this.#listener.found(tree.base, false);
      void this.#enter(tree, entered, tree.base, false);
    }
  }

  /** Something changed in a folder. */
  async scan(folder: string): Promise<void> {
    if (this.#reading.has(folder)) {
      this.#reading.set(folder, true);
      return;
    }
    for (const [tree, entered] of this.#trees) {
      if (!entered.has(folder)) continue;
      do {
        this.#reading.set(folder, false);
        await this.#read(tree, entered, folder, true);
      } while (this.#reading.get(folder) === true);
      this.#reading.delete(folder);
    }
  }

  /** Another folder has this name now: all files in it are new. */
  replaced(folder: string): void {
    for (const [tree, entered] of this.#trees) {
      if (folder !== tree.base && !entered.has(folder)) continue;
      for (const other of entered)
        if ((other + path.sep).startsWith(folder + path.sep)) entered.delete(other);
      void this.#enter(tree, entered, folder, true);
    }
  }

  async #enter(tree: Tree, entered: Set<string>, folder: string, isNew: boolean): Promise<void> {
    if (entered.has(folder) || !tree.enters(folder)) return;
    entered.add(folder);
    this.#listener.entered(folder);
    await this.#read(tree, entered, folder, isNew);
  }

  async #read(tree: Tree, entered: Set<string>, folder: string, isNew: boolean): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      const linked = entry.isSymbolicLink() && (await leadsToFolder(file));
      if (entry.isDirectory() || linked) {
        if (linked && tree.enters(file)) this.#listener.found(file, isNew);
        await this.#enter(tree, entered, file, isNew);
      } else if (tree.matches(file)) this.#listener.found(file, isNew);
    }
  }
}

/** Also false for a link to a folder that contains the link, which would never end. */
async function leadsToFolder(link: string): Promise<boolean> {
  try {
    if (!(await stat(link)).isDirectory()) return false;
    const [folder, target] = await Promise.all([realpath(path.dirname(link)), realpath(link)]);
    return !(folder + path.sep).startsWith(target + path.sep);
  } catch {
    return false;
  }
}
