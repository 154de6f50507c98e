/**
 * Descriptors 0, 1 and 2 belong to the whole process: on 1 the server writes its protocol or to its terminal, and from
 * 0 it reads commands or keys. This file makes these numbers mean the thread's own descriptors in all of Node's API.
 * Native code is not affected.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import type { Descriptors } from './boot-data.ts';

/** Everything in `fs` whose first argument may be a descriptor, with its `Sync` form. */
const TAKING_DESCRIPTORS = [
  'appendFile',
  'fdatasync',
  'fstat',
  'fsync',
  'read',
  'readFile',
  'readv',
  'write',
  'writeFile',
  'writev',
];

/** Functions of `child_process` that do not call `ChildProcess.prototype.spawn`. */
const SYNCHRONOUS = ['spawnSync', 'execFileSync', 'execSync'];

type Table = Record<string, (...args: unknown[]) => unknown>;
type Rewrite = (args: unknown[]) => unknown[];

export function useOwnDescriptors({ stdin, stdout, stderr }: Descriptors): void {
  const own = [stdin, stdout, stderr];
  const mapped = (value: unknown): unknown => (typeof value === 'number' ? (own[value] ?? value) : value);
  const files = fs as unknown as Table;
  for (const name of TAKING_DESCRIPTORS) {
    for (const form of [name, `${name}Sync`]) rewrite(files, form, ([fd, ...rest]) => [mapped(fd), ...rest]);
  }
  keepOpen(files);
  const mappedStdio = (options: { stdio?: unknown }) => ({ ...options, stdio: stdioOf(options.stdio, own) });
  for (const name of SYNCHRONOUS) {
    rewrite(childProcess as unknown as Table, name, (args) =>
      args.map((arg, at) => (at > 0 && isOptions(arg) ? mappedStdio(arg) : arg)),
    );
  }
  rewrite(childProcess.ChildProcess.prototype as unknown as Table, 'spawn', ([options, ...rest]) => [
    isOptions(options) ? mappedStdio(options) : options,
    ...rest,
  ]);
  (createRequire(__filename)('node:module') as { syncBuiltinESMExports(): void }).syncBuiltinESMExports();
}

/** `stdio` as `child_process` takes it; the thread's descriptors replace those of the process. Pure. */
function stdioOf(stdio: unknown, own: readonly number[]): unknown {
  if (stdio === 'inherit') return [...own];
  if (!Array.isArray(stdio)) return stdio;
  const streams: unknown[] = [process.stdin, process.stdout, process.stderr];
  return stdio.map((entry: unknown, at) => {
    if (entry === 'inherit') return own[at] ?? entry;
    if (typeof entry === 'number') return own[entry] ?? entry;
    const stream = entry instanceof Object ? streams.indexOf(entry) : -1;
    return own[stream] ?? entry;
  });
}

/** The server still needs the files with these numbers, and the closing code does not use them any more. */
function keepOpen(files: Table): void {
  const { close, closeSync } = files as { close: Table[string]; closeSync: Table[string] };
  const isStandard = (fd: unknown): boolean => fd === 0 || fd === 1 || fd === 2;
  files.closeSync = (fd) => (isStandard(fd) ? undefined : closeSync(fd));
  files.close = (fd, done) => {
    if (!isStandard(fd)) close(fd, done);
    else if (typeof done === 'function') process.nextTick(done, null);
  };
}

function rewrite(table: Table, name: string, rewritten: Rewrite): void {
  const original = table[name];
  if (original === undefined) return;
  const replacement = function (this: unknown, ...args: unknown[]): unknown {
    return original.apply(this, rewritten(args));
  };
  // `util.promisify(fs.write)` and similar calls find their special forms there.
  table[name] = Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original));
}

function isOptions(value: unknown): value is { stdio?: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'stdio' in value;
}
