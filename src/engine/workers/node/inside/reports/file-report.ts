/** Tells the server which files the app loads and writes, and how the ones that it loads are at that moment. */
import fs, { type BigIntStats } from 'node:fs';
import path from 'node:path';
import { stampOf } from '../../../../../wire/file-stamp.ts';
import type { WorkerLink } from '../worker-link.ts';

/** Files are reported together, at most this long after the first: the app may block its event loop for long. */
const BATCH_MS = 20;
/** A write to a file is reported again after this time; reload/own-writes.ts has how long a report counts. */
const WRITE_MS = 250;
/** This many written files are remembered; after that they are reported again. */
const MAX_WRITTEN = 1000;

const { statSync, realpathSync } = fs;

export class FileReport {
  #link: WorkerLink;
  #told = new Set<string>();
  #files: string[] = [];
  #stamps: string[] = [];
  #flushedAt = 0;
  #scheduled = false;
  /** When each was reported as written. */
  #written = new Map<string, number>();

  /** Adds what is known elsewhere and was not added yet. */
  beforeFlush: () => void = () => {};

  constructor(link: WorkerLink) {
    this.#link = link;
  }

  /** The file is about to be loaded, or is looked for in vain. */
  add(file: string, stamp?: string): void {
    // Packages are the larger part of most apps by far, and are not what is edited.
    if (this.#told.has(file) || !path.isAbsolute(file) || /[\\/]node_modules[\\/]/.test(file)) return;
    this.#told.add(file);
    this.#files.push(file);
    this.#stamps.push(stamp ?? stampOf(statsOf(file)));
    if (performance.now() - this.#flushedAt > BATCH_MS) this.#send();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.flush()).unref();
    }
  }

  flush(): void {
    this.beforeFlush();
    this.#send();
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

/** Undefined for what is not there, or can't be. */
export function statsOf(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The file need not exist, its folder may not. */
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
