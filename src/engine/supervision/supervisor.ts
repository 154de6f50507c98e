/**
 * The app's workers and all that concerns their lives: which there are, what they tell, when they are started anew, and
 * that nothing of them stays. Which request goes where is the scheduler's.
 */
import path from 'node:path';
import type { ServerConfig } from '../../protocol/config.ts';
import { ServerError } from '../../protocol/errors.ts';
import type { ServerEvent } from '../../protocol/messages.ts';
import type { AppTerminal } from '../app/terminal.ts';
import type { Listeners } from '../http/listen/listeners.ts';
import type { ProcessGuard } from '../process/orphans/process-guard.ts';
import { Reload } from '../reload/reload.ts';
import type { LocalReply } from '../requests/exchange.ts';
import { STILL_STARTING } from '../requests/local-replies.ts';
import type { FlushQueue } from '../scheduling/flush-queue.ts';
import type { Scheduler } from '../scheduling/scheduler.ts';
import type { PythonRuntime } from '../workers/python/python-runtime.ts';
import { crashReport, startFailureReport } from './crash-report.ts';
import type { ManagedWorker } from './managed-worker.ts';
import { WorkerMessages } from './worker-messages.ts';
import { WorkerPool } from './worker-pool.ts';

const LEFT_STANDING = 'a native addon keeps its thread, which goes when the server does.';

export interface SupervisorOptions {
  config: ServerConfig;
  /** Absolute path of the app, or `module:attribute` for Python. */
  entry: string;
  /** Runs the app where it is a Python one. */
  python: PythonRuntime | undefined;
  /** Folder of the built workers' halves. */
  workersDir: string;
  /** The app's environment as its files say now; rejects with a ServerError where they can't be read. */
  environment(): Promise<Record<string, string>>;
  terminal: AppTerminal;
  addresses: Listeners;
  guard: ProcessGuard;
  scheduler: Scheduler;
  flushes: FlushQueue;
  emit(event: ServerEvent): void;
  /** Requests that wait may have to be refused: see {@link Supervisor.localReply}. */
  broken(): void;
}

export class Supervisor {
  readonly pool: WorkerPool;
  readonly reload: Reload;
  #options: SupervisorOptions;
  #control: WorkerMessages;
  /** Requests have waited for new code for as long as they may. */
  #tooLate = false;

  /** @param env the app's environment to begin with */
  constructor(options: SupervisorOptions, env: Record<string, string>) {
    this.#options = options;
    const { addresses, guard, emit } = options;
    this.#control = new WorkerMessages(addresses, guard, {
      emit,
      accepts: (upstream) => this.pool.accepts(upstream),
      addon: (worker, name, refused) => this.#addon(worker, name, refused),
      loaded: ({ generation }, files, stamps) => this.reload.loaded(files, stamps, generation),
      wrote: (files) => this.reload.wrote(files),
    });
    this.pool = this.#createPool(env);
    options.terminal.onResize((size) => {
      for (const { upstream } of this.pool.workers) upstream.send({ type: 'resize', size });
      options.python?.resize(size);
    });
    this.reload = this.#createReload();
  }

  start(): void {
    this.pool.start();
  }

  /** What to say to requests that wait, as no worker will take them; undefined while one may. */
  get localReply(): LocalReply | undefined {
    const { failure } = this.pool;
    if (failure !== undefined) return startFailureReport(failure);
    return this.#tooLate ? STILL_STARTING : undefined;
  }

  /** Resolves when all workers are gone; `now` skips the app's own exit handlers. */
  async stop(now: boolean): Promise<void> {
    this.reload.close();
    await this.pool.stop(now);
    await this.#options.python?.close();
  }

  #createPool(env: Record<string, string>): WorkerPool {
    const { config, entry, python, workersDir, guard, scheduler, flushes, emit, broken } = this.#options;
    const { args, nodeArgs, node = process.execPath, cwd, processes, ...kept } = config;
    const { terminal } = this.#options;
    const options = {
      ...{ entry, cwd, args, nodeArgs, node, env, workersDir, movable: false },
      terminal: () => terminal.facts,
    };
    const poolConfig = python === undefined ? kept : { ...kept, processes };
    return new WorkerPool(poolConfig, python === undefined ? options : { ...options, python }, {
      available: (upstreams) => {
        scheduler.setUpstreams(upstreams);
        broken();
      },
      status: (status) => emit({ type: 'worker', ...status }),
      problem: (error, worker) => {
        emit({ type: 'error', error: error.toWire(), worker: worker.id });
        broken();
      },
      died: (worker, exchanges) => {
        for (const exchange of exchanges) {
          exchange.client.refuse(exchange, crashReport(worker, exchange, exchanges));
        }
      },
      generation: (outcome, generation) => {
        this.#tooLate = false;
        this.reload.generation(outcome, generation);
      },
      started: (worker) => guard.started(worker),
      ended: (worker) => {
        if (worker.exit?.left) this.#warn(`Worker ${worker.id} stands still: ${LEFT_STANDING}`);
        return guard.ended(worker);
      },
      output: (worker, source, text, request) => this.#control.output(worker, source, text, request),
      control: (upstream, message) => {
        const worker = this.pool.workers.find(({ id }) => id === upstream.id);
        if (worker !== undefined) this.#control.receive(worker, message);
      },
      unblocked: (upstream) => scheduler.unblocked(upstream),
      revoked: (_upstream, exchange) => scheduler.revoked(exchange),
      finished: (upstream) => scheduler.released(upstream),
      touched: (upstream) => flushes.add(upstream),
    });
  }

  /** Native code in a thread that ends may end the server: unless somebody wrote a mode, processes take over. */
  #addon(worker: ManagedWorker, name: string, refused: boolean): void {
    const { config } = this.pool;
    if (config.mode === 'thread' && !config.given.includes('mode')) {
      const since = refused ? 'runs' : 'will run, from its next restart on,';
      this.#warn(
        `The app ${since} in processes, because the native addon ${name} may not survive the end of a thread. ` +
          'Write --mode fork to start so, or --mode thread to keep threads.',
      );
      this.pool.configure({ ...config, mode: 'fork' });
    }
    if (refused) this.pool.startOver(worker);
  }

  #warn(text: string): void {
    this.#options.emit({ type: 'log', level: 'warn', source: 'server', text });
  }

  #createReload(): Reload {
    const { config, entry, scheduler, emit, broken } = this.#options;
    const { cwd, envFile, reload } = config;
    const files = [cwd, path.dirname(entry)].map((folder) => path.resolve(cwd, folder, 'package.json'));
    files.push(path.resolve(cwd, envFile ?? '.env'));
    return new Reload({
      config: reload,
      root: cwd,
      entry,
      files,
      target: {
        hold: () => this.pool.hold(),
        release: () => this.pool.release(),
        get waiting() {
          return scheduler.queued > 0;
        },
        renew: async () => {
          this.#tooLate = false;
          enterAgain(cwd);
          return this.pool.renew(await this.#renewedEnvironment());
        },
        late: (answer) => {
          this.#tooLate = answer === 'refuse';
          if (answer === 'old') this.pool.serveOld();
          broken();
        },
        report: (report) => emit({ type: 'reload', ...report }),
      },
      say: (level, text) => emit({ type: 'log', level, source: 'server', text }),
    });
  }

  /** Undefined where it can't be read now, so that the app keeps what it had. */
  async #renewedEnvironment(): Promise<Record<string, string> | undefined> {
    try {
      return await this.#options.environment();
    } catch (error) {
      this.#options.emit({ type: 'error', error: ServerError.from(error).toWire() });
      return undefined;
    }
  }
}

/** A path over links may lead to another folder than it did; threads have the folder of this process. */
function enterAgain(cwd: string): void {
  try {
    process.chdir(cwd);
  } catch {
    // It is not there now: the app is to stay where it was.
  }
}
