/**
 * The concurrent server for its driver: start, commands, stop. There is one per process: it changes to the app's
 * folder, and threads use the folder and the variables of their process.
 */
import path from 'node:path';
import type { ServerConfig } from '../protocol/config.ts';
import { ServerError } from '../protocol/errors.ts';
import type { Command, Engine, ServerEvent, StopReason } from '../protocol/messages.ts';
import { appEnvironment } from './app/environment.ts';
import { choiceText, type FoundApp, findApp } from './app/find-app.ts';
import { inFolder } from './app/in-folder.ts';
import { prepareNode } from './app/node-settings.ts';
import { preparePython, pythonEnvironment } from './app/python-settings.ts';
import { type AppTerminal, noTerminal } from './app/terminal.ts';
import { runCommand } from './commands.ts';
import { ProcessGuard } from './process/orphans/process-guard.ts';
import { RunningServer, type ServedApp } from './running-server.ts';
import { NodeRuntime } from './workers/node/node-runtime.ts';
import { PythonRuntime } from './workers/python/python-runtime.ts';

const WORKERS_DIR = path.join(__dirname, 'workers');

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
    const app = await this.#findApp();
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

  async #findApp(): Promise<ServedApp> {
    const asked = this.#config;
    const found = await this.#look(asked);
    const { kind, entry, cwd, others, warning, start } = found;
    const text = choiceText(found, cwd);
    if (text !== undefined) this.#emit({ type: 'log', level: 'info', source: 'server', text });
    if (warning !== undefined) this.#warn(warning);
    const config = inFolder(asked, cwd);
    if (kind === 'python') return { ...(await this.#findPython(config, entry)), others };
    const app = prepareNode(config, start);
    const { node = process.execPath, nodeArgs } = app.config;
    const runtime = new NodeRuntime({ node, nodeArgs });
    const environment = (): Promise<Record<string, string>> => appEnvironment(app.config, start);
    return { ...app, entry, runtime, others, environment, threads: undefined };
  }

  async #look({ entry, cwd, env, nodeArgs }: ServerConfig): Promise<FoundApp> {
    try {
      return await findApp(entry, cwd, { env: { ...process.env, ...env }, nodeArgs });
    } catch (error) {
      const { code, details } = ServerError.from(error);
      const looked = code === 'NO_APP' && Array.isArray(details?.looked) ? details.looked.map(String) : [];
      for (const text of looked) {
        this.#emit({ type: 'log', level: 'debug', source: 'server', text: `looked at ${text}` });
      }
      throw error;
    }
  }

  /** Prepares a Python app before an address is bound, which the app itself may choose. */
  async #findPython(given: ServerConfig, entry: string): Promise<Omit<ServedApp, 'others'>> {
    const env = await pythonEnvironment(given);
    const { config, interpreter } = await preparePython(given, entry, env, WORKERS_DIR);
    const { threads, processes, mode } = config;
    const { noFork } = PythonRuntime;
    if (mode === 'fork' && noFork !== undefined) this.#warn(noFork);
    const runtime = new PythonRuntime({ interpreter, threads, processes, guard: this.#guard });
    const environment = (): Promise<Record<string, string>> => pythonEnvironment(config);
    return { config, entry, runtime, environment, threads, script: undefined, files: [] };
  }

  #warn(text: string): void {
    this.#emit({ type: 'log', level: 'warn', source: 'server', text });
  }

  #emit(event: ServerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
