/** Reports to the server which files the app loads and writes, with the stamp of a loaded file at that moment. */
import fs, { type BigIntStats } from 'node:fs';
import path from 'node:path';
import { stampOf } from '../../../../../wire/file-stamp.ts';
import type { WorkerLink } from '../worker-link.ts';

/** The race finder holds the app's. */
const { setImmediate: soon } = globalThis;

/** Files are reported together, at most this long after the first: the app may block its event loop for long. */
const BATCH_MS = 20;
/** A write to a file is reported again after this time; reload/own-writes.ts has how long a report counts. */
const WRITE_MS = 250;
/** This many written files are remembered; after that they are reported again. */
const MAX_WRITTEN = 1000;

const { statSync, realpathSync } = fs;

export class FileReport {
  #link: WorkerLink;
  #reported = new Set<string>();
  #files: string[] = [];
  #stamps: string[] = [];
  #flushedAt = 0;
  #scheduled = false;
  /** When each was reported as written. */
  #written = new Map<string, number>();

  /** Adds files that are known elsewhere and were not added yet. */
  beforeFlush: () => void = () => {};

  constructor(link: WorkerLink) {
    this.#link = link;
  }

  /** The app is about to load the file, or to look for it in vain. */
  add(file: string, stamp?: string): void {
    // Packages are by far the larger part of most apps, and users do not edit them.
    if (this.#reported.has(file) || !path.isAbsolute(file) || /[\\/]node_modules[\\/]/.test(file)) return;
    this.#reported.add(file);
    this.#files.push(file);
    this.#stamps.push(stamp ?? stampOf(statsOf(file)));
    if (performance.now() - this.#flushedAt > BATCH_MS) this.#send();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      soon(() => this.flush()).unref();
    }
  }

  flush(): void {
    this.beforeFlush();
    this.#send();
  }

  /** @returns true if one of the files so far is such a file */
  some(isSuch: (file: string) => boolean): boolean {
    this.beforeFlush();
    return [...this.#reported].some(isSuch);
  }

  #send(): void {
    this.#scheduled = false;
    if (this.#files.length === 0) return;
    this.#flushedAt = performance.now();
    this.#link.control({ type: 'loaded', files: this.#files, stamps: this.#stamps });
    this.#files = [];
    this.#stamps = [];
  }

  /** The app is about to write, delete or replace the file. */
  wrote(file: string): void {
    const now = performance.now();
    const last = this.#written.get(file);
    if (last !== undefined && now - last < WRITE_MS) return;
    if (this.#written.size >= MAX_WRITTEN) this.#written.clear();
    this.#written.set(file, now);
    this.#link.control({ type: 'wrote', files: [realPath(file)] });
  }
}

/** Undefined if the file does not exist or can't be read. */
export function statsOf(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The file need not exist; its folder may be missing, too. */
function realPath(file: string): string {
  for (const known of [file, path.dirname(file)]) {
    try {
      return known === file
        ? realpathSync.native(file)
        : path.join(realpathSync.native(known), path.basename(file));
    } catch {}
  }
  return file;
}
