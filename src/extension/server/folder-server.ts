/** One server of a workspace folder: starts it, restarts it if it dies, and stops it. Independent of VS Code. */
import { Backoff } from '../../common/backoff.ts';
import { ServerError, type WireError } from '../../protocol/errors.ts';
import type { Command, ServerEvent } from '../../protocol/messages.ts';
import type { Settings } from '../settings/settings-model.ts';
import { type Exit, exitText, neverReady } from './server-exit.ts';
import { ServerModel } from './server-model.ts';
import { asError, notRunning, ServerProcess } from './server-process.ts';
import { asRunning, type StartOptions, toStart } from './start-config.ts';

/** What a stop may take in addition to the time for its requests. */
const STOP_MARGIN_MS = 1500;
/** Deaths in a row that are repaired. Few: the server runs none of the app's code, so it should never die. */
const DEATHS = 5;

export interface ServerWatcher {
  /** The model changed. */
  changed(): void;
  /** Called for every event, after the model was updated. */
  event(event: ServerEvent): void;
  /** The server process died and restarts in `inMs`. */
  died(problem: ServerError, inMs: number): void;
  /** It died too often, or could not be restarted, and stays down. */
  gaveUp(problem: ServerError): void;
}

interface Launch {
  /** Absolute path of dist/cli.js. */
  cli: string;
  /** Environment of the server, and so of the app. */
  env: NodeJS.ProcessEnv;
}

/** Each state has the settings of the last start; undefined before the first. */
type State =
  | { name: 'down'; settings: Settings | undefined }
  | { name: 'up'; settings: Settings; process: ServerProcess }
  /** The process died; the timer starts the next. */
  | { name: 'waiting'; settings: Settings; timer: NodeJS.Timeout }
  | { name: 'stopping'; settings: Settings; process: ServerProcess; stopped: Promise<void> };

export class FolderServer {
  readonly model = new ServerModel();
  #launch: Launch;
  #watcher: ServerWatcher;
  #state: State = { name: 'down', settings: undefined };
  #backoff = new Backoff(DEATHS);
  /** Called when the model is no longer `starting`. */
  #onSettled = (): void => {};

  constructor(launch: Launch, watcher: ServerWatcher) {
    this.#launch = launch;
    this.#watcher = watcher;
  }

  /** The settings of the last start, with the changes since; undefined before the first start. */
  get settings(): Settings | undefined {
    return this.#state.settings;
  }

  /**
   * Resolves when a worker accepts, when the app turns out not to start (phase `broken`), or when the server was stopped
   * meanwhile. Rejects with a ServerError if the server could not be started; then nothing is left of it.
   */
  async start(settings: Settings, options: StartOptions = {}): Promise<void> {
    if (this.#state.name === 'stopping') await this.#state.stopped;
    if (this.model.active) throw new ServerError('BAD_COMMAND', 'The server is already running.');
    this.#backoff.reset();
    await new Promise<void>((resolve, reject) => {
      this.#run(settings, options, resolve, (problem) => {
        // Nothing failed: there is nothing to run.
        if (problem.code === 'NO_APP') this.#end();
        else this.#fail(problem);
        reject(problem);
      });
    });
    await this.#settled();
  }

  /** Resolves when no process of it is left. `graceMs` is how long to wait for its requests at most. */
  async stop(graceMs = this.settings?.config.stopTimeoutMs ?? 0): Promise<void> {
    const state = this.#state;
    switch (state.name) {
      case 'stopping':
        return state.stopped;
      case 'up': {
        const { settings, process } = state;
        const stopped = process.stop(graceMs + STOP_MARGIN_MS).then(() => this.#end());
        this.#state = { name: 'stopping', settings, process, stopped };
        this.model.stopping();
        this.#changed();
        return stopped;
      }
      case 'waiting':
        clearTimeout(state.timer);
        return this.#end();
      case 'down':
        return this.#end();
    }
  }

  /** Resolves with the answer. Rejects with the ServerError of a refusal, or if no server runs. */
  ask(command: Command): Promise<ServerEvent> {
    return 'process' in this.#state ? this.#state.process.ask(command) : Promise.reject(notRunning());
  }

  /** Changes settings of the running server. Rejects as {@link ask} does. */
  async set(change: Omit<Extract<Command, { type: 'set' }>, 'type'>): Promise<void> {
    await this.ask({ type: 'set', ...change });
    this.model.changed(change);
    this.#watcher.changed();
  }

  /** Takes settings that are in force although the server was not started with them. */
  adopt(settings: Settings): void {
    this.#state = { ...this.#state, settings };
  }

  /**
   * Starts the process.
   * @param onUp called when its address is bound, or when it was stopped before that
   * @param onFailed called if it exits before that, or cannot be started
   */
  #run(
    settings: Settings,
    options: StartOptions,
    onUp: () => void,
    onFailed: (problem: ServerError) => void,
  ): void {
    this.#state = { name: 'down', settings };
    this.model.starting(settings);
    this.#changed();
    const startedAt = performance.now();
    let ready = false;
    let reason: WireError | undefined;
    try {
      const process = this.#spawn(settings, options, (event) => {
        if (event.type === 'ready') {
          ready = true;
          // The app may have its own defaults, which the views show.
          this.ask({ type: 'status' }).catch(() => {});
          onUp();
        }
        if (event.type === 'error' && event.worker === undefined) reason = event.error;
        this.#receive(event);
      });
      this.#state = { name: 'up', settings, process };
      void process.exited.then((exit) => {
        const state = this.#state;
        if (state.name !== 'up' || state.process !== process) onUp();
        else if (ready) this.#died(exit, state.settings, startedAt);
        else
          onFailed(
            reason === undefined
              ? neverReady(exit, settings.runtime ?? globalThis.process.execPath)
              : asError(reason),
          );
      });
    } catch (error) {
      onFailed(ServerError.from(error));
    }
  }

  #spawn(settings: Settings, options: StartOptions, onEvent: (event: ServerEvent) => void): ServerProcess {
    const { cli, env } = this.#launch;
    const { cwd, env: own } = settings.config;
    return new ServerProcess(
      {
        cli,
        config: toStart(settings, options),
        cwd,
        // Some variables, such as NODE_OPTIONS, have to be in the environment of the server's own Node.
        env: { ...env, ...own },
        runtime: settings.runtime,
      },
      onEvent,
    );
  }

  #receive(event: ServerEvent): void {
    this.model.apply(event, Date.now());
    this.#watcher.event(event);
    if (event.type !== 'log' && event.type !== 'request' && event.type !== 'reply') this.#changed();
  }

  #died(exit: Exit, settings: Settings, startedAt: number): void {
    const problem = new ServerError('INTERNAL', `The server exited unexpectedly with ${exitText(exit)}.`);
    const decision = this.#backoff.crashed(performance.now() - startedAt);
    if (decision === 'give up') {
      this.#fail(problem);
      const times = `It crashed ${DEATHS + 1} times in a row.`;
      this.#watcher.gaveUp(new ServerError('INTERNAL', `${problem.message} ${times}`));
      return;
    }
    this.#restart(problem, asRunning(settings, this.model), decision.retryInMs);
    this.#watcher.died(problem, decision.retryInMs);
  }

  #restart(problem: ServerError, settings: Settings, inMs: number): void {
    const timer = setTimeout(() => this.#runAgain(), inMs);
    this.#state = { name: 'waiting', settings, timer };
    this.model.restarting(problem.toWire(), Date.now() + inMs);
    this.#changed();
  }

  #runAgain(): void {
    if (this.#state.name !== 'waiting') return;
    const { settings } = this.#state;
    this.#run(
      settings,
      {},
      () => {},
      (problem) => {
        const decision = this.#backoff.failedToStart();
        if (decision !== 'give up') {
          this.#restart(problem, settings, decision.retryInMs);
          return;
        }
        this.#fail(problem);
        this.#watcher.gaveUp(problem);
      },
    );
  }

  #fail(problem: ServerError): void {
    this.#state = { name: 'down', settings: this.settings };
    this.model.failed(problem.toWire());
    this.#changed();
  }

  #end(): void {
    this.#state = { name: 'down', settings: this.settings };
    this.model.stopped();
    this.#changed();
  }

  #changed(): void {
    this.#watcher.changed();
    if (this.model.phase !== 'starting') this.#onSettled();
  }

  #settled(): Promise<void> {
    if (this.model.phase !== 'starting') return Promise.resolve();
    return new Promise((resolve) => {
      this.#onSettled = resolve;
    });
  }
}
