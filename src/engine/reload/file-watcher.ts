/**
 * Says when one of some files changes, however an editor writes it: in place, by a rename, or deleted and made anew.
 * chokidar watches the folders that hold them, without what lies deeper, and in those the files that count.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import picomatch from 'picomatch';
import { isGenerated } from './watched-files.ts';

/**
 * A file that was written so shortly before it is said to be loaded may have been written after: it is told in batches
 * (loaded-files.ts), and the time of a file is that of the system's last tick.
 */
const LOOK_BACK_MS = 50;

export interface FileWatcherEvents {
  /** A file was written, made, renamed or deleted. */
  changed(file: string): void;
  /** Files are not watched, and why: for example the system's limit of watches was reached. */
  failed(error: Error): void;
}

export class FileWatcher {
  #events: FileWatcherEvents;
  /** When each file was loaded, in ms since the epoch. */
  #files = new Map<string, number>();
  #seen = new Set<string>();
  #folders = new Set<string>();
  #watcher: FSWatcher;
  #globs: FSWatcher | undefined;

  constructor(events: FileWatcherEvents) {
    this.#events = events;
    this.#watcher = watch([], {
      depth: 0,
      // An editor that writes a new file and renames it over the old one is seen at once, not after a pause.
      atomic: false,
      ignored: (file, stats) => stats?.isFile() === true && !this.#files.has(file),
    });
    this.#watcher.on('all', (event, file) => {
      const loadedAt = this.#files.get(file);
      if (loadedAt === undefined || event === 'addDir' || event === 'unlinkDir') return;
      const first = event === 'add' && !this.#seen.has(file);
      this.#seen.add(file);
      // The first look at a file finds it, too; that counts only if it was written since it was loaded.
      if (!first || writtenAt(file) > loadedAt - LOOK_BACK_MS) this.#events.changed(file);
    });
    this.#watcher.on('error', (error) => this.#events.failed(error as Error));
  }

  /**
   * Watches these as well.
   * @param files absolute paths; they need not exist yet
   * @param loadedAt when they were read, in ms since the epoch: one that was written later has changed
   */
  add(files: Iterable<string>, loadedAt: number): void {
    const added: string[] = [];
    for (const file of files) {
      const known = this.#files.has(file);
      this.#files.set(file, loadedAt);
      if (known) continue;
      const folder = path.dirname(file);
      if (this.#folders.has(folder)) added.push(file);
      else {
        this.#folders.add(folder);
        added.push(folder);
      }
    }
    if (added.length > 0) this.#watcher.add(added);
  }

  /** Watches what matches, now and later, instead of what matched the globs of an earlier call. */
  setGlobs(globs: readonly string[], root: string): void {
    void this.#globs?.close();
    this.#globs = undefined;
    if (globs.length === 0) return;
    const matches = picomatch([...globs], { dot: true });
    const bases = new Set(globs.map((glob) => path.resolve(root, picomatch.scan(glob).base)));
    this.#globs = watch([...bases], {
      atomic: false,
      ignoreInitial: true,
      ignored: (file, stats) =>
        stats?.isDirectory() === true
          ? isGenerated(file)
          : stats?.isFile() === true && !matches(relative(root, file)),
    });
    this.#globs.on('all', (event, file) => {
      if (event !== 'addDir' && event !== 'unlinkDir') this.#events.changed(file);
    });
    this.#globs.on('error', (error) => this.#events.failed(error as Error));
  }

  async close(): Promise<void> {
    await Promise.all([this.#watcher.close(), this.#globs?.close()]);
  }
}

/** With slashes, as globs have them. */
function relative(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/');
}

/** In ms since the epoch; looked up now, because what chokidar knows is from before it began to watch. */
function writtenAt(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
}

/** A file's content, to tell whether it is another one than before; undefined where there is none. */
export function contentOf(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
