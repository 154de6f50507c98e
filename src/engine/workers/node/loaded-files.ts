/**
 * Tells the server which files the app loads, so that it watches those and no whole folders. Files are told before
 * their code runs: one that throws, or is no JavaScript at all, is the one that will be changed next.
 */
import fs from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { WorkerLink } from './worker-link.ts';

/** Files are told together, but not later than this after the first: the app may keep its event loop for long. */
const BATCH_MS = 20;

interface SyncHooks {
  /** Node 22.15 and later. */
  registerHooks?(hooks: {
    resolve(specifier: string, context: object, next: Resolve): { url: string };
  }): unknown;
}
type Resolve = (specifier: string, context: object) => { url: string };

export function reportLoadedFiles(link: WorkerLink, entry: string): void {
  const report = new LoadedFiles(link);
  const { registerHooks } = module as SyncHooks;
  if (registerHooks !== undefined) {
    registerHooks({
      resolve(specifier, context, next) {
        const resolved = next(specifier, context);
        report.addUrl(resolved.url);
        return resolved;
      },
    });
  } else {
    reportRequired(report);
    if (/\.m[jt]s$/.test(entry) || isModulePackage(entry)) reportImported(report);
  }
  report.add(entry);
  process.on('exit', () => report.flush());
}

class LoadedFiles {
  #link: WorkerLink;
  #told = new Set<string>();
  #files: string[] = [];
  /** When the first of them was loaded, in ms since the epoch: what was saved later may not have been read. */
  #since = 0;
  #flushedAt = 0;
  #scheduled = false;

  constructor(link: WorkerLink) {
    this.#link = link;
  }

  addUrl(url: string): void {
    if (url.startsWith('file:')) this.add(fileURLToPath(url));
  }

  add(file: string): void {
    // Packages are the larger part of most apps by far, and are not what is edited.
    if (this.#told.has(file) || !path.isAbsolute(file) || /[\\/]node_modules[\\/]/.test(file)) return;
    this.#told.add(file);
    if (this.#files.length === 0) this.#since = Date.now();
    this.#files.push(file);
    if (performance.now() - this.#flushedAt > BATCH_MS) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.flush()).unref();
    }
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#files.length === 0) return;
    this.#flushedAt = performance.now();
    this.#link.control({ type: 'loaded', files: this.#files, at: this.#since });
    this.#files = [];
  }
}

/** CommonJS before Node 22.15. */
function reportRequired(report: LoadedFiles): void {
  const prototype = module.prototype as unknown as { load(filename: string): unknown };
  const load = prototype.load;
  prototype.load = function (filename) {
    report.add(filename);
    return load.call(this, filename);
  };
}

/** ES modules before Node 22.15: its hooks run in a thread of their own, which costs a start 20 ms. */
function reportImported(report: LoadedFiles): void {
  const { port1, port2 } = new MessageChannel();
  const source = `
    let port;
    export async function initialize(data) { port = data.port; }
    export async function resolve(specifier, context, next) {
      const resolved = await next(specifier, context);
      port.postMessage(resolved.url);
      return resolved;
    }`;
  const url = `data:text/javascript,${encodeURIComponent(source)}`;
  module.register(url, { data: { port: port2 }, transferList: [port2] });
  port1.on('message', (loaded: string) => report.addUrl(loaded)).unref();
  process.on('exit', () => {
    for (let last = receiveMessageOnPort(port1); last !== undefined; last = receiveMessageOnPort(port1)) {
      report.addUrl(last.message as string);
    }
  });
}

/** Whether Node takes the file for an ES module because of the package it is in. */
function isModulePackage(file: string): boolean {
  if (!/\.[jt]s$/.test(file)) return false;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    try {
      const manifest: unknown = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
      return (
        typeof manifest === 'object' && manifest !== null && 'type' in manifest && manifest.type === 'module'
      );
    } catch {
      if (folder === path.dirname(folder)) return false;
    }
  }
}
