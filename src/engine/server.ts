/**
 * The concurrent server for its driver: start, commands, stop. There is one per process: it changes to the app's
 * folder, and threads use the folder and the variables of their process.
 */
import type { ServerConfig } from '../protocol/config.ts';
import { ServerError } from '../protocol/errors.ts';
import type { Command, Engine, ServerEvent, StopReason } from '../protocol/messages.ts';
import { type AppTerminal, noTerminal } from './app/terminal.ts';
import { runCommand } from './commands.ts';
import { ProcessGuard } from './process/orphans/process-guard.ts';
import { RunningServer } from './running-server.ts';
import { findServedApp, WORKERS_DIR } from './served-app.ts';

/** @param terminal the terminal in which the app's output ends, if any */
export function createEngine(config: ServerConfig, terminal: AppTerminal = noTerminal): Engine {
  return new ConcurrentServer(config, terminal);
}

class ConcurrentServer implements Engine {
  #config: ServerConfig;
  #terminal: AppTerminal;
  #listeners: Array<(event: ServerEvent) => void> = [];
  #guard = new ProcessGuard((text) => this.#warn(text));
  /** Undefined until the app to serve is known. */
  #running: RunningServer | undefined;
  #stopping: Promise<void> | undefined;
  /** The current stop must not wait any more. */
  #hurried = false;

  constructor(config: ServerConfig, terminal: AppTerminal) {
    this.#config = config;
    this.#terminal = terminal;
  }

  on(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  async start(): Promise<void> {
    const app = await findServedApp(this.#config, {
      guard: this.#guard,
      workersDir: WORKERS_DIR,
      log: (level, text) => this.#emit({ type: 'log', level, source: 'server', text }),
    });
    const { cwd } = app.config;
    // Unreadable files are reported before an address is bound.
    await app.environment();
    process.chdir(cwd);
    const running = new RunningServer(app, {
      terminal: this.#terminal,
      guard: this.#guard,
      workersDir: WORKERS_DIR,
      emit: (event) => this.#emit(event),
    });
    this.#running = running;
    await running.start();
  }

  async command(command: Command): Promise<void> {
    const running = this.#running;
    if (running === undefined) throw new ServerError('BAD_COMMAND', 'The server has not started.');
    await runCommand(command, {
      ...running.parts,
      stop: (now) => this.stop('asked', now),
      reportStatus: (id) => {
        this.#emit({ type: 'status', ...(id === undefined ? {} : { id }), ...running.status() });
      },
    });
  }

  stop(reason: StopReason, now = false): Promise<void> {
    if (now) {
      this.#hurried = true;
      this.#running?.hurry();
    }
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  async #stop(reason: StopReason): Promise<void> {
    await this.#running?.stop(() => this.#hurried);
    await this.#guard.close();
    this.#emit({ type: 'stopped', reason });
  }

  #warn(text: string): void {
    this.#emit({ type: 'log', level: 'warn', source: 'server', text });
  }

  #emit(event: ServerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
