/**
 * Watches which files of its project the app accesses through `fs`. Read files are templates and data that the app may
 * cache, so a save of them counts as a save of the app. Written files are reported because the app's own writes are no
 * saves.
 */
import fs from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileReport } from './file-report.ts';
import { currentRequest } from './request-context.ts';

/** At most this many read files are reported; an app that reads more reads its users' data. */
const MAX_READ = 5000;
/** Folders below the project whose files the user does not edit. */
const FOREIGN = /[\\/](?:node_modules|\.git|\.hg|\.svn)[\\/]/;

type Patch = (original: (...args: unknown[]) => unknown) => (...args: unknown[]) => unknown;

/**
 * A file that is read whole always counts. A stream counts only outside of requests: within a request it is a file
 * being served, and is not cached. A file that the app watches does not count, because the app reads it again itself.
 *
 * @param folders absolute paths of the project
 */
export function reportFileAccess(report: FileReport, folders: readonly string[]): void {
  const access = new FileAccess(report, folders);
  const reads: Patch = (original) =>
    function (this: unknown, ...args) {
      access.read(args[0]);
      return original.apply(this, args);
    };
  const streams: Patch = (original) =>
    function (this: unknown, ...args) {
      if (currentRequest() === undefined) access.read(args[0]);
      return original.apply(this, args);
    };
  const writes =
    (...names: readonly number[]): Patch =>
    (original) =>
      function (this: unknown, ...args) {
        for (const at of names) access.write(args[at]);
        return original.apply(this, args);
      };
  const opens: Patch = (original) =>
    function (this: unknown, ...args) {
      const written = isForWriting(args[1]) ? args[0] : undefined;
      if (written !== undefined) access.write(written);
      else if (currentRequest() === undefined) access.read(args[0]);
      return whenOpen(original.bind(this), args, (fd) => access.opened(fd, written));
    };
  const byDescriptor: Patch = (original) =>
    function (this: unknown, ...args) {
      access.writeTo(args[0]);
      return original.apply(this, args);
    };
  const watches: Patch = (original) =>
    function (this: unknown, ...args) {
      access.watch(args[0]);
      return original.apply(this, args);
    };
  const both = { readFile: reads, writeFile: writes(0), appendFile: writes(0), truncate: writes(0) };
  const moved = {
    rename: writes(0, 1),
    copyFile: writes(1),
    cp: writes(1),
    unlink: writes(0),
    rm: writes(0),
  };
  const open = { write: byDescriptor, writev: byDescriptor, ftruncate: byDescriptor };
  const patches = { ...both, ...moved, ...open, open: opens };
  for (const [name, patch] of Object.entries(patches)) {
    replace(fs, name, patch);
    replace(fs, `${name}Sync`, patch);
    replace(fs.promises, name, patch);
  }
  replace(fs, 'createReadStream', streams);
  replace(fs, 'createWriteStream', writes(0));
  replace(fs, 'watch', watches);
  replace(fs, 'watchFile', watches);
  replace(fs.promises, 'watch', watches);
  module.syncBuiltinESMExports();
}

function replace(target: object, name: string, patch: Patch): void {
  const functions = target as Record<string, (...args: unknown[]) => unknown>;
  const original = functions[name];
  if (original === undefined) return;
  const patched = patch(original);
  // Libraries look at the number of arguments, and tools at the name.
  for (const key of Reflect.ownKeys(original)) {
    const property = Object.getOwnPropertyDescriptor(original, key)!;
    if (key !== 'prototype') Object.defineProperty(patched, key, property);
  }
  functions[name] = patched;
}

/** Calls `fs.open` in any of its forms, and reports the descriptor that it gives. */
function whenOpen(
  open: (...args: unknown[]) => unknown,
  args: unknown[],
  opened: (fd: unknown) => void,
): unknown {
  const last = args.at(-1);
  if (typeof last === 'function') {
    const done = (...results: unknown[]): unknown => {
      opened(results[1]);
      return Reflect.apply(last, undefined, results);
    };
    return open(...args.slice(0, -1), done);
  }
  const result = open(...args);
  if (!(result instanceof Promise)) opened(result);
  else result.then(opened, () => {});
  return result;
}

/** The flags of `fs.open`: a word such as `r` and `w+`, or a number of `O_` bits. */
function isForWriting(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;
  return typeof flags === 'string' && /[wa+]/.test(flags);
}

class FileAccess {
  #report: FileReport;
  #folders: readonly string[];
  #read = new Set<string>();
  #watched = new Set<string>();
  /** Files that are open for writing, by descriptor: a database stays open for as long as the app runs. */
  #open = new Map<number, string>();

  constructor(report: FileReport, folders: readonly string[]) {
    this.#report = report;
    this.#folders = folders.map((folder) => (folder.endsWith(path.sep) ? folder : folder + path.sep));
  }

  read(name: unknown): void {
    if (typeof name === 'string' && this.#read.has(name)) return;
    const file = this.#ownFile(name);
    if (file === undefined || this.#isWatched(file) || this.#read.size >= MAX_READ) return;
    this.#read.add(file);
    if (typeof name === 'string') this.#read.add(name);
    this.#report.add(file);
  }

  write(name: unknown): void {
    const file = this.#ownFile(name);
    if (file !== undefined) this.#report.wrote(file);
  }

  /** @param written the file, if it was opened for writing */
  opened(opened: unknown, written: unknown): void {
    const fd = descriptorOf(opened);
    if (fd === undefined) return;
    const file = written === undefined ? undefined : this.#ownFile(written);
    if (file === undefined) this.#open.delete(fd);
    else {
      this.#open.set(fd, file);
      if (typeof opened === 'object' && opened !== null) this.#patchHandle(opened);
    }
  }

  /** The app writes to an open file. */
  writeTo(fd: unknown): void {
    const file = this.#open.get(fd as number);
    if (file !== undefined) this.#report.wrote(file);
  }

  /** The handles of `fs.promises` do not write by the functions of `fs`. */
  #patchHandle(handle: object): void {
    const access = this;
    for (const name of ['write', 'writev', 'writeFile', 'appendFile', 'truncate']) {
      replace(
        handle,
        name,
        (original) =>
          function (this: unknown, ...args) {
            access.writeTo(descriptorOf(handle));
            return original.apply(this, args);
          },
      );
    }
  }

  watch(name: unknown): void {
    const file = this.#ownFile(name);
    if (file !== undefined) this.#watched.add(file);
  }

  /** Whether the app watches the file, its folder, or a folder above. */
  #isWatched(file: string): boolean {
    if (this.#watched.size === 0) return false;
    for (let entry = file; entry.length > 1; entry = path.dirname(entry)) {
      if (this.#watched.has(entry)) return true;
      if (entry === path.dirname(entry)) return false;
    }
    return false;
  }

  /** The absolute path of a file of the project; undefined for other files and for descriptors. */
  #ownFile(name: unknown): string | undefined {
    try {
      const text = name instanceof URL ? fileURLToPath(name) : Buffer.isBuffer(name) ? name.toString() : name;
      if (typeof text !== 'string') return undefined;
      const file = path.resolve(text);
      if (FOREIGN.test(file) || !this.#folders.some((folder) => file.startsWith(folder))) return undefined;
      return file;
    } catch {
      // Not a path: the function itself reports that.
      return undefined;
    }
  }
}

/** Of what `fs.open` or `fs.promises.open` gives; undefined if it failed. */
function descriptorOf(opened: unknown): number | undefined {
  const fd = typeof opened === 'object' && opened !== null ? (opened as { fd?: unknown }).fd : opened;
  return typeof fd === 'number' ? fd : undefined;
}
