/** The files whose changes count, as they were when they were last looked at, and who loaded them. No I/O. */
import path from 'node:path';

/** A file, link or folder of its name, or that there is none. */
export interface Tracked {
  path: string;
  /** As it was when it was last looked at: see `seenState`; undefined before the first look. */
  state: string | undefined;
  /** The newest generation of the app that loaded it; undefined if it counts for every generation. */
  generation: number | undefined;
  /** It counts only as a folder of others: which one has this name now. */
  onlyFolder: boolean;
}

export class TrackedFiles {
  #files = new Map<string, Tracked>();
  /** By folder, and in it by name without case: some systems report the name on disk instead of the requested one. */
  #folders = new Map<string, Map<string, Set<Tracked>>>();

  get(file: string): Tracked | undefined {
    return this.#files.get(file);
  }

  /** Tracks the file as well, or returns what is known of it. */
  add(file: string, onlyFolder: boolean, generation?: number): Tracked {
    const known = this.#files.get(file);
    if (known !== undefined) {
      if (!onlyFolder) loadedBy(known, generation);
      return known;
    }
    const tracked: Tracked = { path: file, state: undefined, generation, onlyFolder };
    this.#files.set(file, tracked);
    const folder = path.dirname(file);
    const names = this.#folders.get(folder) ?? new Map<string, Set<Tracked>>();
    this.#folders.set(folder, names);
    const key = keyOf(path.basename(file));
    names.set(key, (names.get(key) ?? new Set()).add(tracked));
    return tracked;
  }

  /** Whether something in this folder is tracked. */
  hasFolder(folder: string): boolean {
    return this.#folders.has(folder);
  }

  /** What is tracked under this name in a folder; all of the folder without a name. */
  in(folder: string, name?: string): Tracked[] {
    const names = this.#folders.get(folder);
    if (names === undefined) return [];
    if (name !== undefined) return [...(names.get(keyOf(name)) ?? [])];
    return [...names.values()].flatMap((tracked) => [...tracked]);
  }
}

function loadedBy(tracked: Tracked, generation: number | undefined): void {
  if (tracked.onlyFolder) Object.assign(tracked, { onlyFolder: false, generation });
  else if (generation === undefined || tracked.generation === undefined) tracked.generation = undefined;
  else tracked.generation = Math.max(tracked.generation, generation);
}

/** macOS writes names decomposed (NFD), whatever they were asked for. */
function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
