/** Every name the manifest and the code share: commands, settings, views, context keys. A test compares the two. */

export const SECTION = 'concurrentServer';

export const COMMANDS = {
  run: 'concurrentServer.run',
  stop: 'concurrentServer.stop',
  restart: 'concurrentServer.restart',
  toggleRandomDelay: 'concurrentServer.toggleRandomDelay',
  setRandomDelay: 'concurrentServer.setRandomDelay',
  overlapNext: 'concurrentServer.overlapNext',
  switchMode: 'concurrentServer.switchMode',
  openInBrowser: 'concurrentServer.openInBrowser',
  openInEditor: 'concurrentServer.openInEditor',
  copyUrl: 'concurrentServer.copyUrl',
  restartWorker: 'concurrentServer.restartWorker',
  killWorker: 'concurrentServer.killWorker',
  copyPid: 'concurrentServer.copyPid',
  showWorkerLog: 'concurrentServer.showWorkerLog',
  showLog: 'concurrentServer.showLog',
  showOutput: 'concurrentServer.showOutput',
  showProblem: 'concurrentServer.showProblem',
  showActions: 'concurrentServer.showActions',
  cleanUp: 'concurrentServer.cleanUp',
  openSettings: 'concurrentServer.openSettings',
} as const;

export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

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
