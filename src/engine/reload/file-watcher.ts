/**
 * Reports when one of its files changes, however it is written: in place, by a rename, by deletion and creation, with
 * its old time, or because a link or a folder on its path was replaced. An event only shows where to look. A file has
 * changed if it differs from the loaded one.
 */
import path from 'node:path';
import { NO_FILE, sameStamp } from '../../wire/file-stamp.ts';
import { FolderEvents } from './folder-events.ts';
import { Links } from './links.ts';
import { isFolder, isFresh, isLink, isOneSave, seenState } from './seen-state.ts';
import { type Tracked, TrackedFiles } from './tracked-files.ts';
import { type WatchedGlobs, watchedGlobs } from './watched-globs.ts';
import { WatchedTrees } from './watched-trees.ts';

interface WatchListener {
  /** Whether the app itself is writing the file. */
  isOwn(file: string): boolean;
  changed(change: Change): void;
  /** Whether it is being checked if files that count have changed. */
  looking(busy: boolean): void;
  /** Whether it is being checked if newly added files are still as they were loaded. */
  adding(busy: boolean): void;
  /** The system can't watch all folders, so some are polled. Called once. */
  limited(): void;
}

export interface Change {
  file: string;
  /** The newest generation that loaded the file; undefined if it counts for every generation. */
  generation: number | undefined;
  /** The app loaded the file in the middle of this save. */
  isHalf: boolean;
}

interface Added {
  file: string;
  stamp: string | undefined;
  generation: number | undefined;
}

export class FileWatcher {
  #listener: WatchListener;
  #root: string;
  #tracked = new TrackedFiles();
  #globs: WatchedGlobs;
  #trees: WatchedTrees;
  #events: FolderEvents;
  /** Files that were added in this turn. */
  #added: Added[] = [];
  /** Number of turns whose files are not all checked. */
  #adding = 0;
  /** The real paths of earlier files, and the links on the way. */
  #places = new Map<string, readonly string[]>();
  /** Checks in progress; true if another one follows. */
  #looks = new Map<Tracked, boolean>();
  /** How many of these check files that count. */
  #counting = 0;
  #closed = false;

  /** @param root absolute path of the folder that globs are relative to */
  constructor(root: string, listener: WatchListener) {
    this.#root = root;
    this.#listener = listener;
    this.#globs = watchedGlobs([], root);
    this.#trees = this.#createTrees();
    this.#events = new FolderEvents({
      changed: (folder, name) => void this.#onEvent(folder, name),
      lost: (folder) => void this.#look(this.#tracked.add(folder, true)),
      poll: (folder) => this.#onEvent(folder, undefined),
      limited: () => listener.limited(),
    });
  }

  /**
   * Watches one more file.
   * @param file absolute path; it need not exist yet
   * @param stamp of the file as it was loaded; if it differs now, the file has changed
   * @param generation that loaded it; undefined if it counts for every generation
   */
  add(file: string, stamp?: string, generation?: number): void {
    if (this.#added.push({ file, stamp, generation }) > 1) return;
    if (this.#adding++ === 0) this.#listener.adding(true);
    setImmediate(() => void this.#addAll());
  }

  /** Compares these files with what was loaded, without an event: the event may come later than other news. */
  lookAgain(files: Iterable<string>): void {
    for (const file of files) {
      for (const location of this.#places.get(file) ?? []) {
        const tracked = this.#tracked.get(location);
        if (tracked !== undefined) void this.#look(tracked);
      }
    }
  }

  /** Watches the files that these globs match, now and later, instead of those of an earlier call. */
  setGlobs(patterns: readonly string[]): void {
    this.#globs = watchedGlobs(patterns, this.#root);
    this.#trees = this.#createTrees();
    this.#trees.start();
  }

  close(): void {
    this.#closed = true;
    this.#events.close();
  }

  #createTrees(): WatchedTrees {
    return new WatchedTrees(this.#globs, {
      found: (file, isNew) => {
        if (this.#tracked.get(file)?.state === undefined) this.add(file, isNew ? NO_FILE : undefined);
      },
      entered: (folder) => this.#watchFolders(folder),
    });
  }

  async #addAll(): Promise<void> {
    const added = this.#added;
    this.#added = [];
    const links = new Links();
    await Promise.all(added.map((one) => this.#addOne(one, links)));
    if (--this.#adding === 0) this.#listener.adding(false);
  }

  async #addOne({ file, stamp, generation }: Added, links: Links): Promise<void> {
    let places = this.#places.get(file);
    if (places === undefined) {
      const way = await links.way(file);
      places = [way.real, ...way.links];
      this.#places.set(file, places);
    }
    if (this.#closed) return;
    for (const [at, location] of places.entries()) {
      const tracked = this.#tracked.add(location, false, generation);
      this.#watchFolders(path.dirname(location));
      const { state } = tracked;
      const known = state !== undefined && (at > 0 || stamp === undefined || sameStamp(state, stamp));
      if (known) continue;
      // The disk is compared with the code that the app has loaded.
      if (at === 0 && stamp !== undefined) tracked.state = stamp;
      await this.#look(tracked);
    }
  }

  /** Watches a folder and, in case it is replaced, the folders above it, up to the parent of the app's folder. */
  #watchFolders(folder: string): void {
    this.#events.add(folder);
    const parent = path.dirname(folder);
    const top = path.dirname(this.#root);
    if (parent === path.dirname(parent) || (top + path.sep).startsWith(folder + path.sep)) return;
    if (this.#tracked.get(folder) !== undefined) return;
    void this.#look(this.#tracked.add(folder, true));
    this.#watchFolders(parent);
  }

  async #onEvent(folder: string, name: string | undefined): Promise<void> {
    if (this.#closed) return;
    const tracked = this.#tracked.in(folder, name);
    for (const one of tracked) void this.#look(one, name !== undefined);
    if (name !== undefined && tracked.length > 0) return;
    if (name === path.basename(folder)) this.#renew(folder);
    await this.#trees.scan(folder);
  }

  /** The folder itself was reported as changed: the system may watch one that no longer has this name. */
  #renew(folder: string): void {
    this.#events.remove(folder);
    this.#events.add(folder);
    for (const tracked of this.#tracked.in(folder)) void this.#look(tracked);
  }

  /** @param event true if the system reported exactly this file */
  async #look(tracked: Tracked, event = false): Promise<void> {
    if (this.#looks.has(tracked)) {
      this.#looks.set(tracked, true);
      return;
    }
    this.#looks.set(tracked, false);
    const counts = !tracked.onlyFolder && tracked.state !== undefined && !this.#listener.isOwn(tracked.path);
    if (counts && this.#counting++ === 0) this.#listener.looking(true);
    do {
      this.#looks.set(tracked, false);
      const state = await seenState(tracked.path);
      if (!this.#closed) this.#saw(tracked, state, event);
    } while (this.#looks.get(tracked) === true);
    this.#looks.delete(tracked);
    if (counts && --this.#counting === 0) this.#listener.looking(false);
  }

  #saw(tracked: Tracked, state: string, event: boolean): void {
    const before = tracked.state;
    tracked.state = state;
    if (before === undefined) return;
    const same = sameStamp(before, state);
    if (!same && (isFolder(before) || isFolder(state))) this.#replaced(tracked.path);
    if (!same && (isLink(before) || isLink(state))) this.#forgetWays(tracked.path);
    if (tracked.onlyFolder || (same && !(event && isFresh(state, Date.now())))) return;
    if (this.#globs.excludes(tracked.path)) return;
    const { path: file, generation } = tracked;
    this.#listener.changed({ file, generation, isHalf: isOneSave(before, state) });
  }

  /** Another folder has this name now, or no folder. */
  #replaced(folder: string): void {
    this.#renew(folder);
    this.#trees.replaced(folder);
  }

  /** A link has a new target, so the known paths through it are outdated. */
  #forgetWays(link: string): void {
    for (const [file, places] of this.#places) if (places.includes(link)) this.#places.delete(file);
  }
}
