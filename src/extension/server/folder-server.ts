/** One server of a workspace folder: starts it, watches it, starts it again when it dies, and ends it. */
import { Backoff } from '../../common/backoff.ts';
import { toWritten, type WrittenConfig } from '../../protocol/config.ts';
import { ServerError, type WireError } from '../../protocol/errors.ts';
import type { Command, ServerEvent } from '../../protocol/messages.ts';
import { type Settings, withChosen } from '../settings/settings-model.ts';
import { ServerModel } from './server-model.ts';
import { asError, type Ended, notRunning, ServerProcess } from './server-process.ts';

/** How much longer a stop may take than its requests, in ms. */
const STOP_MARGIN_MS = 1500;
/** Crashes in a row that are repaired. Few: the server process runs none of the app's code, so it should never crash. */
const DEATHS = 5;

export interface ServerWatcher {
  /** The model has changed. */
  changed(): void;
  /** Every event of the server, after the model has applied it. */
  event(event: ServerEvent): void;
  /** The server process crashed, and starts again after `inMs`. */
  died(problem: ServerError, inMs: number): void;
  /** It crashed too often, or could not start again. It stays down. */
  gaveUp(problem: ServerError): void;
}

export interface Launch {
  /** Absolute path of dist/cli.js. */
  cli: string;
  /** Environment of the server, and so of the app. */
  env: NodeJS.ProcessEnv;
}

export interface StartOptions {
  /** First stop an orphaned server that holds the port. */
  takeOver?: boolean;
}

export class FolderServer {
  readonly model = new ServerModel();
  #launch: Launch;
  #watcher: ServerWatcher;
  #settings: Settings | undefined;
  #process: ServerProcess | undefined;
  #backoff = new Backoff(DEATHS);
  #startedAt = 0;
  #retry: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | undefined;
  /** Called when the model is no longer `starting`. */
  #onSettled: (() => void) | undefined;

  constructor(launch: Launch, watcher: ServerWatcher) {
    this.#launch = launch;
    this.#watcher = watcher;
  }

  /** The settings of the last start; undefined before the first. */
  get settings(): Settings | undefined {
    return this.#settings;
  }

  /**
   * Resolves when a worker accepts, when the app does not start (phase `broken`), or when the server was stopped
   * meanwhile. Rejects with a ServerError if the server could not start; then nothing of it is left.
   */
  async start(settings: Settings, options: StartOptions = {}): Promise<void> {
    await this.#stopping;
    if (this.model.active) throw new ServerError('BAD_COMMAND', 'The server is already running.');
    this.#settings = settings;
    this.#backoff.reset();
    try {
      await this.#run(settings, options);
    } catch (error) {
      // It was stopped before it was ready, which is not a failure.
      if (this.model.ending) return;
      const problem = ServerError.from(error);
      this.model.failed(problem.toWire());
      this.#watcher.changed();
      throw problem;
    }
    await this.#settled();
  }

  /** Resolves when no process of it is left. `graceMs` is the longest time that its requests get. */
  stop(graceMs = this.#settings?.config.stopTimeoutMs ?? 0): Promise<void> {
    clearTimeout(this.#retry);
    this.#stopping ??= this.#stop(graceMs + STOP_MARGIN_MS).finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  /** Resolves with the answer. Rejects with a ServerError if the server refuses the command or does not run. */
  ask(command: Command): Promise<ServerEvent> {
    return this.#process?.ask(command) ?? Promise.reject(notRunning());
  }

  /** Changes settings of the running server. */
  async set(change: Omit<Extract<Command, { type: 'set' }>, 'type'>): Promise<void> {
    await this.ask({ type: 'set', ...change });
    this.model.changed(change);
    this.#watcher.changed();
  }

  /** The server has taken these settings. */
  adopt(settings: Settings): void {
    this.#settings = settings;
  }

  async #stop(graceMs: number): Promise<void> {
    const process = this.#process;
    if (process !== undefined) {
      this.model.stopping();
      this.#watcher.changed();
      await process.stop(graceMs);
    }
    this.#end();
  }

  /** Starts the process. Resolves when its address is bound; rejects if it exits before. */
  #run(settings: Settings, options: StartOptions): Promise<void> {
    const { cli, env } = this.#launch;
    this.model.starting(settings);
    this.#watcher.changed();
    return new Promise((resolve, reject) => {
      let ready = false;
      let reason: WireError | undefined;
      const process = new ServerProcess(
        {
          cli,
          config: toStart(settings, options),
          cwd: settings.config.cwd,
          // Some variables, such as NODE_OPTIONS, have to be in the environment of the server's own Node.
          env: { ...env, ...settings.config.env },
          runtime: settings.runtime,
        },
        (event) => {
          if (event.type === 'ready') {
            ready = true;
            // The app may have its own defaults, which the view shows.
            this.ask({ type: 'status' }).catch(() => {});
            resolve();
          }
          if (event.type === 'error' && event.worker === undefined) reason = event.error;
          this.#receive(event);
        },
      );
      this.#process = process;
      this.#startedAt = performance.now();
      void process.ended.then((ended) => {
        if (this.#process === process) this.#process = undefined;
        if (!ready) reject(reason === undefined ? neverReady(ended, settings) : asError(reason));
        else if (this.model.phase !== 'stopping') this.#died(ended);
      });
    });
  }

  #receive(event: ServerEvent): void {
    this.model.apply(event, Date.now());
    this.#watcher.event(event);
    if (event.type !== 'log' && event.type !== 'request' && event.type !== 'reply') this.#watcher.changed();
    if (this.model.phase !== 'starting') this.#onSettled?.();
  }

  #died(ended: Ended): void {
    const problem = new ServerError('INTERNAL', `The server ended unexpectedly, with ${endedText(ended)}.`);
    const decision = this.#backoff.crashed(performance.now() - this.#startedAt);
    if (decision === 'give up') {
      this.#end(problem);
      this.#watcher.gaveUp(
        new ServerError('INTERNAL', `${problem.message} It ended ${DEATHS + 1} times in a row.`),
      );
      return;
    }
    this.#again(problem, decision.retryInMs);
    this.#watcher.died(problem, decision.retryInMs);
  }

  #again(problem: ServerError, inMs: number): void {
    const settings = this.#settingsAsRunning();
    this.model.restarting(problem.toWire(), Date.now() + inMs);
    this.#watcher.changed();
    this.#onSettled?.();
    this.#retry = setTimeout(() => {
      this.#run(settings, {}).catch((error: unknown) => this.#failedAgain(ServerError.from(error)));
    }, inMs);
  }

  #failedAgain(problem: ServerError): void {
    if (this.model.ending) return;
    const decision = this.#backoff.failedToStart();
    if (decision !== 'give up') {
      this.#again(problem, decision.retryInMs);
      return;
    }
    this.#end(problem);
    this.#watcher.gaveUp(problem);
  }

  /** Keeps what the user has switched by hand, and the port even if the system chose it, so that open pages work again. */
  #settingsAsRunning(): Settings {
    const settings = this.#settings!;
    const { url, mode, randomDelay, overlap } = this.model;
    const port = Number(url === undefined ? 0 : new URL(url).port || 80);
    if (settings.config.port === 0 && port > 0) this.#settings = withChosen(settings, { port });
    return withChosen(this.#settings!, { mode, randomDelay, overlap });
  }

  #end(problem?: ServerError): void {
    if (problem === undefined) this.model.stopped();
    else this.model.failed(problem.toWire());
    this.#watcher.changed();
    this.#onSettled?.();
  }

  #settled(): Promise<void> {
    if (this.model.phase !== 'starting') return Promise.resolve();
    return new Promise((resolve) => {
      this.#onSettled = () => {
        this.#onSettled = undefined;
        resolve();
      };
    });
  }
}

/** The configuration to send. A seed that the user did not choose is left out, so that each start picks a new one. */
function toStart({ config, seeded }: Settings, { takeOver = false }: StartOptions): WrittenConfig {
  const { seed, ...written } = toWritten({ ...config, takeOver });
  return seeded && seed !== undefined ? { ...written, seed } : written;
}

function neverReady({ error, tail, ...ended }: Ended, { runtime }: Settings): ServerError {
  if (error !== undefined) {
    const message = `${runtime ?? process.execPath} could not be run: ${error.message}.`;
    return new ServerError('BAD_CONFIG', message, {
      details: { setting: 'concurrentServer.runtime' },
      cause: error,
    });
  }
  const said = tail === '' ? '' : ` Its last output: ${tail.split('\n').slice(-3).join(' ')}`;
  return new ServerError(
    'INTERNAL',
    `The server ended before it was ready, with ${endedText(ended)}.${said}`,
  );
}

function endedText({ code, signal }: Pick<Ended, 'code' | 'signal'>): string {
  return signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
}
