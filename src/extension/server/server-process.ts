/** A server as a child process: runs the command line with `--ipc`, exchanges messages with it, and stops it reliably. */
import { type ChildProcess, fork } from 'node:child_process';
import type { WrittenConfig } from '../../protocol/config.ts';
import { ServerError, type WireError } from '../../protocol/errors.ts';
import type { Command, ServerEvent, StartMessage } from '../../protocol/messages.ts';

/** How much of stderr is kept, to explain a start that failed before the first event. */
const TAIL_CHARS = 4096;

export interface ProcessOptions {
  /** Absolute path of dist/cli.js. */
  cli: string;
  config: WrittenConfig;
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** The Node that runs it; undefined: the Node of this process. */
  runtime: string | undefined;
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The process could not be started at all. */
  error?: Error;
  /** The last part of its stderr. */
  tail: string;
}

interface Waiting {
  resolve(event: ServerEvent): void;
  reject(error: ServerError): void;
}

export class ServerProcess {
  /** Resolves when the process has exited. */
  readonly ended: Promise<Ended>;
  #child: ChildProcess;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #tail = '';

  constructor({ cli, config, cwd, env, runtime }: ProcessOptions, onEvent: (event: ServerEvent) => void) {
    // The folder is also in the message. Here a list of processes shows it.
    this.#child = fork(cli, [`--cwd=${cwd}`, '--ipc', '--quiet'], {
      cwd,
      env,
      // The editor's own arguments, such as its debug port, are not meant for this process.
      execArgv: [],
      ...(runtime === undefined ? {} : { execPath: runtime }),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#tail = (this.#tail + text).slice(-TAIL_CHARS);
      // A running server does not write to stderr. This is native code of the app, or Node itself.
      onEvent({ type: 'log', level: 'error', source: 'stderr', text });
    });
    this.#child.on('message', (message) => this.#receive(message as ServerEvent, onEvent));
    this.ended = new Promise((resolve) => {
      const end = (ended: Omit<Ended, 'tail'>): void => {
        for (const { reject } of this.#waiting.values()) reject(notRunning());
        this.#waiting.clear();
        resolve({ ...ended, tail: this.#tail.trim() });
      };
      this.#child.once('error', (error) => {
        // This event also comes if a message could not be sent. Then the process still runs.
        if (this.#child.pid === undefined) end({ code: null, signal: null, error });
      });
      this.#child.once('close', (code, signal) => end({ code, signal }));
    });
    this.#tell({ type: 'start', config });
  }

  /** Resolves with the answer: `reply` or `status`. Rejects with a ServerError if the server refuses the command. */
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

  /** Ends it and everything it started: asks it, hurries it, kills it. Resolves when it has exited. */
  async stop(graceMs: number): Promise<void> {
    this.#tell({ type: 'stop' });
    if (await this.#endsWithin(graceMs)) return;
    this.#tell({ type: 'stop', now: true });
    if (await this.#endsWithin(HURRY_MS)) return;
    this.kill();
    await this.ended;
  }

  /** Its reaper and its workers' watchdogs end what it started (docs/architecture.md, orphans). */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #tell(message: Command | StartMessage): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #endsWithin(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(false), ms);
      void this.ended.then(() => {
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

/** How long a stop "now" may take before the process is killed. */
const HURRY_MS = 1000;

export function asError({ code, message, hint, details }: WireError): ServerError {
  return new ServerError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  });
}

export function notRunning(): ServerError {
  return new ServerError('BAD_COMMAND', 'The server is not running.');
}
