/**
 * Reports that something in a folder changed. The events come from watchpack, which webpack uses and which handles the
 * differences between systems. A folder for which the system has no watch left is polled.
 */
import { type Watcher, watch } from 'watchpack/lib/watchEventSource.js';

/** Twice in half a second, so that a save is seen within that time even if the first check came too early. */
const POLL_MS = 200;
/** Polling takes at most one part in this many of the time, however many files there are. */
const POLL_SHARE = 5;
/** Errors for a lack of watches, or of instances of inotify (inotify(7)). */
const LIMITS = new Set(['ENOSPC', 'EMFILE', 'ENFILE']);

interface FolderListener {
  /** @param name of the changed file; undefined if unknown */
  changed(folder: string, name: string | undefined): void;
  /** The folder was removed or replaced; it is not watched any more. */
  lost(folder: string): void;
  /** Checks everything in a polled folder. */
  poll(folder: string): Promise<void>;
  /** The system has no watch left: some folders are polled from now on. Called once. */
  limited(): void;
}

export class FolderEvents {
  #listener: FolderListener;
  #watches = new Map<string, Watcher>();
  #polled = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(listener: FolderListener) {
    this.#listener = listener;
  }

  /** Watches one more folder, which exists. */
  add(folder: string): void {
    if (this.#closed || this.#watches.has(folder) || this.#polled.has(folder)) return;
    const watcher = watch(folder);
    this.#watches.set(folder, watcher);
    watcher.on('change', (_type, name) => this.#listener.changed(folder, name ?? undefined));
    watcher.on('rescan', () => this.#listener.changed(folder, undefined));
    watcher.on('error', (error) => this.#failed(folder, (error as NodeJS.ErrnoException).code ?? ''));
  }

  remove(folder: string): void {
    this.#polled.delete(folder);
    this.#watches.get(folder)?.close();
    this.#watches.delete(folder);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const folder of [...this.#watches.keys(), ...this.#polled]) this.remove(folder);
  }

  #failed(folder: string, code: string): void {
    if (this.#closed || !this.#watches.has(folder)) return;
    this.remove(folder);
    if (!LIMITS.has(code) && code !== 'EACCES') {
      this.#listener.lost(folder);
      return;
    }
    if (this.#polled.size === 0) this.#listener.limited();
    this.#polled.add(folder);
    this.#timer ??= setTimeout(() => this.#poll(), 0).unref();
  }

  async #poll(): Promise<void> {
    const startedAt = performance.now();
    for (const folder of this.#polled) await this.#listener.poll(folder);
    if (this.#closed) return;
    const pause = Math.max(POLL_MS, (performance.now() - startedAt) * (POLL_SHARE - 1));
    this.#timer = setTimeout(() => this.#poll(), pause).unref();
  }
}
