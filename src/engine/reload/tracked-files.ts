/** The files whose changes count, with their last known state and the generation that loaded them. No I/O. */
import path from 'node:path';

/** A file, a link or a folder of this name, or its absence. */
export interface Tracked {
  path: string;
  /** Its state at the last check, see `seenState`; undefined before the first one. */
  state: string | undefined;
  /** The newest generation of the app that loaded it; undefined if it counts for every generation. */
  generation: number | undefined;
  /** It counts only as a folder of other files: has it been replaced? */
  onlyFolder: boolean;
}

export class TrackedFiles {
  #files = new Map<string, Tracked>();
  /** By folder, and in it by name without case: some systems report the name on disk instead of the requested one. */
  #folders = new Map<string, Map<string, Set<Tracked>>>();

  get(file: string): Tracked | undefined {
    return this.#files.get(file);
  }

  /** Tracks one more file, or returns its entry. */
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

  /** Whether a file in this folder is tracked. */
  hasFolder(folder: string): boolean {
    return this.#folders.has(folder);
  }

  /** The tracked files with this name in a folder; without a name, all in the folder. */
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

/** macOS decomposes names (NFD) when it writes them. */
function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
