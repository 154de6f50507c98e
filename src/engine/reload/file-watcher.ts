/**
 * Says when one of some files changes, however an editor writes it: in place, by a rename, or deleted and made anew.
 * watchpack, webpack's own, keeps one watch a folder, which is what makes thousands of files cost next to nothing.
 */
import fs from 'node:fs';
import path from 'node:path';
import picomatch from 'picomatch';
import Watchpack from 'watchpack';
import { isGenerated } from './watched-files.ts';

/** The shortest time for which watchpack collects changes; here each counts as it comes. */
const AGGREGATE_MS = 1;

/**
 * A file that was written so shortly before it is said to be loaded may have been written after: it is told in batches
 * (loaded-files.ts), and the time of a file is that of the system's last tick.
 */
const LOOK_BACK_MS = 50;

/** @param changed hears of a file that was written, made, renamed or deleted */
export type ChangeHandler = (file: string) => void;

export class FileWatcher {
  #changed: ChangeHandler;
  #files = new Set<string>();
  #globs: string[] = [];
  #matches: (relative: string) => boolean = () => false;
  #root: string;
  #watchpack: InstanceType<typeof Watchpack>;
  /** Since the last time the watch was set up, and when each was loaded, in ms since the epoch. */
  #added = new Map<string, number>();
  #scheduled: NodeJS.Immediate | undefined;

  /** @param root absolute path of the folder that globs are relative to */
  constructor(root: string, changed: ChangeHandler) {
    this.#root = root;
    this.#changed = changed;
    this.#watchpack = new Watchpack({ aggregateTimeout: AGGREGATE_MS, ignored: isGeneratedPath(root) });
    this.#watchpack.on('change', (file) => this.#heard(file));
    this.#watchpack.on('remove', (file) => this.#heard(file));
  }

  /**
   * Watches this one as well.
   * @param file absolute path; it need not exist yet
   * @param loadedAt when it was read, in ms since the epoch: if it was written later, it has changed
   */
  add(file: string, loadedAt: number): void {
    if (this.#files.has(file)) return;
    this.#files.add(file);
    this.#added.set(file, loadedAt);
    this.#schedule();
  }

  /** Watches what matches, now and later, instead of what matched the globs of an earlier call. */
  setGlobs(globs: readonly string[]): void {
    this.#globs = [...globs];
    this.#matches = globs.length === 0 ? () => false : picomatch([...globs], { dot: true });
    this.#schedule();
  }

  close(): void {
    clearImmediate(this.#scheduled);
    this.#watchpack.close();
  }

  /** Files come by the hundred; the watch is set up once for all of a turn. */
  #schedule(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      this.#watch();
    });
  }

  #watch(): void {
    const files: string[] = [];
    const missing: string[] = [];
    for (const file of this.#files) (fs.existsSync(file) ? files : missing).push(file);
    const directories = this.#globs.map((glob) => path.resolve(this.#root, picomatch.scan(glob).base));
    // What watchpack finds at its own first look counts if it was written since then: files of folders that are made
    // later, and those that were saved between this moment and that look, whose time is that of the tick before.
    this.#watchpack.watch({ files, missing, directories, startTime: Date.now() - LOOK_BACK_MS });
    // From here on nothing is missed; what came before shows in the file's time.
    for (const [file, loadedAt] of this.#added) {
      const writtenAt = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
      if (writtenAt !== undefined && writtenAt > loadedAt - LOOK_BACK_MS) this.#changed(file);
    }
    this.#added.clear();
  }

  #heard(file: string): void {
    if (this.#files.has(file) || this.#matches(this.#relative(file))) this.#changed(file);
  }

  /** With slashes, as globs have them. */
  #relative(file: string): string {
    return path.relative(this.#root, file).split(path.sep).join('/');
  }
}

/** Folders that globs do not reach into; the app's own files are there by name, wherever they are. */
function isGeneratedPath(root: string): (entry: string) => boolean {
  return (entry) => entry !== root && entry.startsWith(root + path.sep) && isGenerated(entry);
}

/** A file's content, to tell whether it is another one than before; undefined where there is none. */
export function contentOf(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
