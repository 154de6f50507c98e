/**
 * Turns its process or thread into a worker before the app's first line. It is preloaded (`--require`), so the app is
 * still the main module and finds `process.argv`, `require.main` and the rest as without Concurrent Server.
 */
import http from 'node:http';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ToWorker } from '../../../../wire/frames.ts';
import type { TerminalProperties } from '../../../../wire/terminal.ts';
import { serverFromExports } from './exported-app.ts';
import { describeNoHandler } from './exported-function.ts';
import { ListenShim } from './listen-shim.ts';
import { redirectOwnPorts } from './own-ports.ts';
import { afterPreloads, hideFlags, mainModule } from './preloads.ts';
import type { InstallHooks, RaceHooks } from './race-hooks.ts';
import { reportChildren } from './reports/child-processes.ts';
import { reportFileAccess } from './reports/file-access.ts';
import { FileReport } from './reports/file-report.ts';
import { reportLoadedFiles } from './reports/loaded-files.ts';
import { captureOutput, type OutputTarget } from './reports/output.ts';
import { readsPort } from './reports/port-use.ts';
import { projectFolders } from './reports/project-folders.ts';
import { currentRequest, runInRequest } from './reports/request-context.ts';
import { pretendTerminal, resizeTerminal } from './terminal.ts';
import type { WorkerLink } from './worker-link.ts';

/** How long an app with a servable export may still call `listen` itself after its module was loaded, in ms. */
const EXPORT_GRACE_MS = 2000;

interface BootOptions {
  /** Absolute path of the app's main module. */
  entry: string;
  output: OutputTarget;
  terminal: TerminalProperties;
  /** See {@link RunnerOptions.races}. */
  races: string | undefined;
  /** Ends the worker in the way that the app expects. */
  shutdown: (now: boolean) => void;
  /** Memory of the worker, in bytes. */
  memory: () => number;
  /** Nothing but us keeps the event loop alive, as far as Node knows. */
  isQuiet: () => boolean;
}

/** @returns the app's servers */
export function boot(link: WorkerLink, options: BootOptions): ListenShim {
  const files = new FileReport(link);
  const shim = new ListenShim(link, {
    readsPort: () => files.some(readsPort),
    isQuiet: options.isQuiet,
  });
  shim.install();
  redirectOwnPorts(shim);
  captureOutput(options.output);
  pretendTerminal(options.terminal);
  const races =
    options.races === undefined ? undefined : installRaceHooks(link, options.entry, options.races);
  reportChildren(link);
  link.onControl = (message: ToWorker) => {
    if (message.type === 'shutdown') options.shutdown(message.now === true);
    else if (message.type === 'resize') resizeTerminal(message.size);
    else if (message.type === 'measure') link.control({ type: 'memory', bytes: options.memory() });
    else if (message.type === 'race') races?.receive(message.message);
    else shim.onControl(message);
  };
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    const known = error instanceof Error;
    const message = known ? error.message : String(error);
    link.control({ type: 'exception', message, stack: withoutUs((known && error.stack) || message) });
  });
  process.on('exit', () => link.flush());
  const entry = mainModule(options.entry);
  shim.beforeListen = () => files.flush();
  reportFileAccess(files, projectFolders(options.entry, process.cwd()));
  files.add(options.entry);
  reportLoadedFiles(files, entry);
  // Not before Node has started to load it: an earlier import would make it an ordinary module, not the main one.
  afterPreloads(hideFlags(__filename), () => void serveExports(link, shim, entry));
  return shim;
}

/** Loads the hooks from a file of their own, so that ordinary workers pay nothing for them. */
function installRaceHooks(link: WorkerLink, entry: string, cache: string): RaceHooks {
  const file = path.join(__dirname, '../races/hooks.js');
  const { installHooks } = createRequire(__filename)(file) as { installHooks: InstallHooks };
  return installHooks({
    entry,
    cache,
    send: (message) => link.control({ type: 'race', message }),
    currentRequest,
    runInRequest,
  });
}

/** The stack without Concurrent Server's own frames, which say nothing about the app. */
function withoutUs(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !line.includes(__filename))
    .join('\n');
}

/** Waits until the main module was loaded. If it does not listen, serves its exports. */
async function serveExports(link: WorkerLink, shim: ListenShim, entry: string): Promise<void> {
  const cached = (Module as unknown as { _cache: Record<string, { exports: unknown } | undefined> })._cache[
    entry
  ];
  let exported: unknown;
  try {
    exported = cached ? cached.exports : await import(pathToFileURL(entry).href);
  } catch {
    return; // Node reports the failure of its main module itself.
  }
  if (shim.used) return;
  let decided = false;
  const decide = async (last: boolean): Promise<void> => {
    if (decided || shim.used) return;
    decided = true;
    const found = await serverFromExports(exported, path.join(__dirname, '../node/fetch-adapter.mjs'));
    if (found instanceof http.Server) {
      if (!shim.used && !found.listening) shim.serve(found);
    } else if (last) {
      const file = path.relative(process.cwd(), entry);
      const message =
        found === undefined
          ? `${path.basename(entry)} neither listens nor exports anything that can be served`
          : describeNoHandler(found, file);
      link.control({ type: 'nothingToServe', message });
    } else decided = false;
  };
  // If nothing keeps the process alive, the app will never listen: without Concurrent Server it would exit here.
  process.once('beforeExit', () => void decide(true));
  setTimeout(() => void decide(false), EXPORT_GRACE_MS).unref();
}
