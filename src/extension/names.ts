/** Every name the manifest and the code share: commands, settings, views, context keys. A test compares the two. */

export const SECTION = 'concurrentServer';
/** Our name, which is not translated. */
export const TITLE = 'Concurrent Server';
/** Publisher and name. */
export const EXTENSION = 'concurrent-server.concurrent-server';

const COMMAND_NAMES = [
  'run',
  'stop',
  'restart',
  'toggleRandomDelay',
  'setRandomDelay',
  'overlapNext',
  'switchMode',
  'openInBrowser',
  'openInEditor',
  'copyUrl',
  'restartWorker',
  'killWorker',
  'copyPid',
  'showWorkerLog',
  'showLog',
  'showOutput',
  'showProblem',
  'showActions',
  'cleanUp',
  'openSettings',
] as const;

export type CommandName = (typeof COMMAND_NAMES)[number];
export type CommandId = `concurrentServer.${CommandName}`;

/** The commands' whole names by their short ones. */
export const COMMANDS = Object.fromEntries(
  COMMAND_NAMES.map((name) => [name, `concurrentServer.${name}`]),
) as { readonly [Name in CommandName]: `concurrentServer.${Name}` };

export const VIEW = 'concurrentServer.workers';
export const TASK_TYPE = 'concurrentServer';

export const CONTEXT = {
  /** A folder of this window has something that looks like a Node app. */
  canRun: 'concurrentServer.canRun',
  /** A server of this window has been started and not stopped. */
  running: 'concurrentServer.running',
} as const;

/** Kinds of tree items; the menus are bound to them. A worker's is followed by its state: `worker.idle`. */
export const ITEM = { server: 'server', worker: 'worker', request: 'request' } as const;
