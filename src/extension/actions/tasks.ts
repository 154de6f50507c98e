/** The `concurrentServer` task: a server as the background task of a launch configuration. */
import * as vscode from 'vscode';
import type { WireError } from '../../protocol/errors.ts';
import { TASK_TYPE } from '../names.ts';
import type { AppFolder, Servers } from '../server/servers.ts';
import { diskFolders } from '../workspace/folders.ts';
import type { StartServer } from './start-server.ts';

const { t } = vscode.l10n;

/** The problem matcher in the manifest waits for these texts, so they are not translated. */
const STARTING = 'concurrent-server: starting';
const READY = 'concurrent-server: ready at';
const FAILED = 'concurrent-server: failed';

export function provideTasks(servers: Servers, startServer: StartServer): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TASK_TYPE, {
    provideTasks: () =>
      diskFolders().map((folder) => taskOf({ type: TASK_TYPE }, folder, servers, startServer)),
    resolveTask: ({ definition, scope }) => {
      const folder = typeof scope === 'object' ? scope : diskFolders()[0];
      return folder === undefined ? undefined : taskOf(definition, folder, servers, startServer);
    },
  });
}

function taskOf(
  definition: vscode.TaskDefinition,
  folder: vscode.WorkspaceFolder,
  servers: Servers,
  startServer: StartServer,
): vscode.Task {
  const task = new vscode.Task(
    definition,
    folder,
    t('run'),
    'concurrent-server',
    new vscode.CustomExecution(async () => new ServerTask(servers.of(folder), servers, startServer)),
    ['$concurrent-server'],
  );
  task.isBackground = true;
  task.detail = t("Runs this folder's app in several workers");
  return task;
}

/** The terminal of the task. Opening it starts the folder's server, and closing it stops the server. */
class ServerTask implements vscode.Pseudoterminal {
  readonly #text = new vscode.EventEmitter<string>();
  readonly #ended = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#text.event;
  readonly onDidClose = this.#ended.event;
  #app: AppFolder;
  #startServer: StartServer;
  #subscription: vscode.Disposable;

  constructor(app: AppFolder, servers: Servers, startServer: StartServer) {
    this.#app = app;
    this.#startServer = startServer;
    this.#subscription = servers.onDidReceive(({ app: source, event }) => {
      if (source !== app) return;
      if (event.type === 'error') this.#failed(event.error);
      if (event.type === 'log' && event.source !== 'server')
        this.#text.fire(event.text.replaceAll(/\r?\n/g, '\r\n'));
      if (event.type === 'stopped') this.#end(event.reason === 'failed' ? 1 : 0);
    });
  }

  async open(): Promise<void> {
    this.#line(STARTING);
    const { server } = this.#app;
    const up = server.model.active || (await this.#startServer.start(this.#app));
    if (up && server.model.phase === 'running') this.#line(`${READY} ${server.model.url}`);
    else this.#line(FAILED);
    if (!up) this.#end(1);
  }

  close(): void {
    this.#subscription.dispose();
    void this.#app.server.stop();
  }

  /** The stack comes first: the problem matcher reads it before the line that ends the task's start. */
  #failed({ message, details }: WireError): void {
    if (typeof details?.stack === 'string') this.#line(details.stack);
    this.#line(`${FAILED}: ${message}`);
  }

  #line(text: string): void {
    this.#text.fire(`${text.replaceAll(/\r?\n/g, '\r\n')}\r\n`);
  }

  #end(code: number): void {
    this.#subscription.dispose();
    this.#ended.fire(code);
  }
}
