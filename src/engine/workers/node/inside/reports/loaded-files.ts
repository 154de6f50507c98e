/**
 * Reports to the server which modules the app loads, so that it watches those instead of whole folders. Files are
 * reported before their code runs: a file that throws, or is not JavaScript, is the one that changes next.
 */
import fs from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { type StampedStats, stampOf } from '../../../../../wire/file-stamp.ts';
import { type FileReport, statsOf } from './file-report.ts';

interface SyncHooks {
  /** Node 22.15 and later. */
  registerHooks?(hooks: {
    resolve(specifier: string, context: Context, next: Resolve): { url: string };
  }): unknown;
}
interface Context {
  parentURL?: string;
}
type Resolve = (specifier: string, context: object) => { url: string };

/** @param entry absolute real path of the app's main module */
export function reportLoadedFiles(report: FileReport, entry: string): void {
  const { registerHooks } = module as SyncHooks;
  if (registerHooks !== undefined) {
    registerHooks({
      resolve(specifier, context, next) {
        const resolved = next(specifier, context);
        addResolved(report, { specifier, parent: context.parentURL, url: resolved.url });
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

interface Resolved {
  specifier: string;
  parent: string | undefined;
  url: string;
  stats?: StampedStats;
}

function addResolved(report: FileReport, { specifier, parent, url, stats }: Resolved): void {
  if (!url.startsWith('file:')) return;
  const file = fileURLToPath(url);
  report.add(file, stats && stampOf(stats));
  if (parent?.startsWith('file:')) addLinked(report, specifier, fileURLToPath(parent), file);
}

/**
 * Node reports a module's real path. If a relative specifier leads elsewhere, there is a link on the way, so the server
 * gets that way as well.
 */
function addLinked(report: FileReport, specifier: string, parent: string, file: string): void {
  if (/[\\/]node_modules[\\/]/.test(parent)) return;
  const name = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
  if (!/^\.{1,2}(?:[\\/]|$)/.test(name) && !path.isAbsolute(name)) return;
  const aim = path.resolve(path.dirname(parent), name);
  const { ext } = path.parse(file);
  const stem = path.join(path.dirname(aim), path.parse(aim).name);
  // With the extensions that Node tries, and with those of TypeScript in their place.
  const ways = [aim, aim + ext, path.join(aim, `index${ext}`), stem + ext];
  if (ways.includes(file) || file.startsWith(aim + path.sep)) return;
  for (const way of ways) {
    if (statsOf(way)?.isFile() === true) report.add(way);
  }
}

type ResolveFilename = (
  this: unknown,
  request: string,
  parent?: { filename?: string | null },
  ...rest: unknown[]
) => string;

/** CommonJS before Node 22.15. */
function reportRequired(report: FileReport): void {
  const prototype = module.prototype as unknown as { load(filename: string): unknown };
  const load = prototype.load;
  prototype.load = function (filename) {
    report.add(filename);
    return load.call(this, filename);
  };
  const loader = module as unknown as { _resolveFilename: ResolveFilename };
  const resolve = loader._resolveFilename;
  loader._resolveFilename = function (request, parent, ...rest) {
    const file = resolve.call(this, request, parent, ...rest);
    if (parent?.filename && path.isAbsolute(file)) addLinked(report, request, parent.filename, file);
    return file;
  };
}

/** ES modules before Node 22.15: its hooks run in their own thread, which makes a start 20 ms slower. */
function reportImported(report: FileReport): void {
  const { port1, port2 } = new MessageChannel();
  const source = `
    import { statSync } from 'node:fs';
    let port;
    export async function initialize(data) { port = data.port; }
    export async function resolve(specifier, context, next) {
      const resolved = await next(specifier, context);
      report(specifier, context.parentURL, resolved.url);
      return resolved;
    }
    // A loader of the app may resolve without the others: ts-node does.
    export async function load(url, context, next) {
      report(url, undefined, url);
      return next(url, context);
    }
    function report(specifier, parent, url) {
      const message = { specifier, parent, url };
      if (url.startsWith('file:')) {
        const stats = statSync(new URL(url), { bigint: true, throwIfNoEntry: false });
        if (stats) {
          const { ino, size, mtimeNs, ctimeNs } = stats;
          message.stats = { ino, size, mtimeNs, ctimeNs };
        }
      }
      port.postMessage(message);
    }`;
  const url = `data:text/javascript,${encodeURIComponent(source)}`;
  module.register(url, { data: { port: port2 }, transferList: [port2] });
  port1.on('message', (resolved: Resolved) => addResolved(report, resolved)).unref();
  // A busy event loop does not receive the files, but they are in the port before the module is loaded.
  report.beforeFlush = () => {
    for (let last = receiveMessageOnPort(port1); last !== undefined; last = receiveMessageOnPort(port1)) {
      addResolved(report, last.message as Resolved);
    }
  };
}

/** Whether Node treats the file as an ES module because of its package. */
export function isModulePackage(file: string): boolean {
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
