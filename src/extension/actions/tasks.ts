/** The `concurrentServer` task: a server as the background task of a launch configuration. */
import * as vscode from 'vscode';
import type { WireError } from '../../protocol/errors.ts';
import { TASK_TYPE } from '../names.ts';
import type { Hosted, Servers } from '../server/servers.ts';
import { diskFolders } from '../workspace/folders.ts';
import type { StartServer } from './start-server.ts';

const { t } = vscode.l10n;

/** Words that the problem matcher of the manifest waits for; they are not translated. */
const BEGINS = 'concurrent-server: starting';
const READY = 'concurrent-server: ready at';
const FAILED = 'concurrent-server: failed';

export function provideTasks(servers: Servers, starting: StartServer): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TASK_TYPE, {
    provideTasks: () => diskFolders().map((folder) => taskOf({ type: TASK_TYPE }, folder, servers, starting)),
    resolveTask: ({ definition, scope }) => {
      const folder = typeof scope === 'object' ? scope : diskFolders()[0];
      return folder === undefined ? undefined : taskOf(definition, folder, servers, starting);
    },
  });
}

function taskOf(
  definition: vscode.TaskDefinition,
  folder: vscode.WorkspaceFolder,
  servers: Servers,
  starting: StartServer,
): vscode.Task {
  const task = new vscode.Task(
    definition,
    folder,
    t('run'),
    'concurrent-server',
    new vscode.CustomExecution(async () => new ServerTask(servers.of(folder), servers, starting)),
    ['$concurrent-server'],
  );
  task.isBackground = true;
  task.detail = t("Runs this folder's app in several workers");
  return task;
}

/** The terminal of the task: it starts the folder's server, and ending the task ends the server. */
class ServerTask implements vscode.Pseudoterminal {
  readonly #text = new vscode.EventEmitter<string>();
  readonly #ended = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#text.event;
  readonly onDidClose = this.#ended.event;
  #hosted: Hosted;
  #starting: StartServer;
  #subscription: vscode.Disposable;

  constructor(hosted: Hosted, servers: Servers, starting: StartServer) {
    this.#hosted = hosted;
    this.#starting = starting;
    this.#subscription = servers.onDidSay(({ hosted: said, event }) => {
      if (said !== hosted) return;
      if (event.type === 'error') this.#failed(event.error);
      if (event.type === 'log' && event.source !== 'server')
        this.#text.fire(event.text.replaceAll(/\r?\n/g, '\r\n'));
      if (event.type === 'stopped') this.#end(event.reason === 'failed' ? 1 : 0);
    });
  }

  async open(): Promise<void> {
    this.#line(BEGINS);
    const { server } = this.#hosted;
    const up = server.model.active || (await this.#starting.start(this.#hosted));
    if (up && server.model.phase === 'running') this.#line(`${READY} ${server.model.url}`);
    else this.#line(FAILED);
    if (!up) this.#end(1);
  }

  close(): void {
    this.#subscription.dispose();
    void this.#hosted.server.stop();
  }

  /** The stack first, since the matcher takes what stands before the end. */
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
