/** A server as a child process: the command line with `--ipc`, its messages, and its stop. */
import { type ChildProcess, fork } from 'node:child_process';
import { defined } from '../../common/defined.ts';
import type { WrittenConfig } from '../../protocol/config.ts';
import { ServerError, type WireError } from '../../protocol/errors.ts';
import type { Command, ServerEvent, StartMessage } from '../../protocol/messages.ts';
import type { Exit } from './server-exit.ts';

/** Characters of stderr that are kept, for a start that fails before the server can send an event. */
const TAIL_CHARS = 4096;

/** How long a stop with `now` may take before the process is killed. */
const STOP_NOW_MS = 1000;

export interface ProcessOptions {
  /** Absolute path of dist/cli.js. */
  cli: string;
  config: WrittenConfig;
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** The Node that runs it; undefined for the one that runs this. */
  runtime: string | undefined;
}

interface Waiting {
  resolve(event: ServerEvent): void;
  reject(error: ServerError): void;
}

export class ServerProcess {
  /** Resolves when the process has exited and its output was read. */
  readonly exited: Promise<Exit>;
  #child: ChildProcess;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #tail = '';

  constructor({ cli, config, cwd, env, runtime }: ProcessOptions, onEvent: (event: ServerEvent) => void) {
    // The `start` message has the folder too; the argument shows it in a list of processes.
    this.#child = fork(cli, [`--cwd=${cwd}`, '--ipc', '--quiet'], {
      cwd,
      env,
      // The editor's own arguments, such as its debug port, are not for this process.
      execArgv: [],
      ...defined({ execPath: runtime }),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#tail = (this.#tail + text).slice(-TAIL_CHARS);
      // A running server writes nothing there: this comes from native code of the app, or from a crash of Node.
      onEvent({ type: 'log', level: 'error', source: 'stderr', text });
    });
    this.#child.on('message', (message) => this.#receive(message as ServerEvent, onEvent));
    this.exited = new Promise((resolve) => {
      const end = (exit: Omit<Exit, 'tail'>): void => {
        for (const { reject } of this.#waiting.values()) reject(notRunning());
        this.#waiting.clear();
        resolve({ ...exit, tail: this.#tail.trim() });
      };
      this.#child.once('error', (error) => {
        // Also emitted for a message that could not be sent; then the process still runs.
        if (this.#child.pid === undefined) end({ code: null, signal: null, error });
      });
      this.#child.once('close', (code, signal) => end({ code, signal }));
    });
    this.#send({ type: 'start', config });
  }

  /** Resolves with the answer: `reply` or `status`. Rejects with the ServerError it was refused with. */
  ask(command: Command): Promise<ServerEvent> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (!this.#child.connected) {
        reject(notRunning());
        return;
      }
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ ...command, id }, () => {});
    });
  }

  /** Asks it to stop, then to stop at once, then kills it. Resolves when it has exited. */
  async stop(graceMs: number): Promise<void> {
    this.#send({ type: 'stop' });
    if (await this.#exitsWithin(graceMs)) return;
    this.#send({ type: 'stop', now: true });
    if (await this.#exitsWithin(STOP_NOW_MS)) return;
    this.kill();
    await this.exited;
  }

  /** Its reaper and its workers' watchdogs end the rest (docs/architecture.md, orphans). */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #send(message: Command | StartMessage): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #exitsWithin(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(false), ms);
      void this.exited.then(() => {
        clearTimeout(late);
        resolve(true);
      });
    });
  }

  #receive(event: ServerEvent, onEvent: (event: ServerEvent) => void): void {
    const id =
      event.type === 'reply' || event.type === 'status' || event.type === 'error' ? event.id : undefined;
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id !== undefined && waiting !== undefined) {
      this.#waiting.delete(id);
      if (event.type === 'error') waiting.reject(asError(event.error));
      else waiting.resolve(event);
      if (event.type !== 'status') return;
    }
    onEvent(event);
  }
}

export function asError({ code, message, hint, details }: WireError): ServerError {
  return new ServerError(code, message, defined({ hint, details }));
}

export function notRunning(): ServerError {
  return new ServerError('BAD_COMMAND', 'The server is not running.');
}
