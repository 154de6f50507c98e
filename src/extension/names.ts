/** The names that the manifest and the code share: commands, settings, views, context keys. A test compares them. */

export const SECTION = 'concurrentServer';
/** Not translated. */
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

/** The full names of the commands by their short names. */
export const COMMANDS = Object.fromEntries(
  COMMAND_NAMES.map((name) => [name, `concurrentServer.${name}`]),
) as { readonly [Name in CommandName]: `concurrentServer.${Name}` };

export const VIEW = 'concurrentServer.workers';
export const TASK_TYPE = 'concurrentServer';

export const CONTEXT = {
  /** A folder of this window seems to contain an app. */
  canRun: 'concurrentServer.canRun',
  /** A server of this window is active. */
  running: 'concurrentServer.running',
} as const;

/** Kinds of tree items, for the menus. Servers and workers add their state: `worker.idle`. */
export const ITEM = { server: 'server', worker: 'worker', request: 'request' } as const;
