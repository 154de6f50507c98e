/**
 * Controls the lives of the app's workers: starts them, handles their messages, restarts them on a reload, and ends all
 * their processes. The scheduler decides which worker gets a request.
 */
import path from 'node:path';
import type { LateAnswer, ServerConfig } from '../../protocol/config.ts';
import { ServerError } from '../../protocol/errors.ts';
import type { ServerEvent } from '../../protocol/messages.ts';
import { markedFor } from '../../wire/marker.ts';
import type { AppTerminal } from '../app/terminal.ts';
import { failureLocation } from '../diagnostics/failure-location.ts';
import type { ProcessGuard } from '../process/orphans/process-guard.ts';
import { Reload } from '../reload/reload.ts';
import { type LocalReply, STILL_STARTING } from '../requests/local-replies.ts';
import type { Scheduler } from '../scheduling/scheduler.ts';
import type { FlushQueue } from '../scheduling/worker-wire.ts';
import type { Runtime } from '../workers/runtime.ts';
import type { RunnerEvents, WorkerRunner } from '../workers/worker-runner.ts';
import { crashReport, oneInstanceText, startFailureReport } from './crash-report.ts';
import type { LaunchOrder, ManagedWorker } from './managed-worker.ts';
import type { PoolParts } from './pool-types.ts';
import { type MessageTargets, WorkerMessages } from './worker-messages.ts';
import { WorkerPool } from './worker-pool.ts';

const LEFT_STANDING = 'a native addon keeps its thread. The thread ends with the server.';

interface SupervisorOptions {
  config: ServerConfig;
  /** Absolute path of the app, or `module:attribute` for Python. */
  entry: string;
  runtime: Runtime;
  /** Absolute paths of further files that the app's environment comes from. */
  files?: readonly string[];
  /** Folder of the built workers' halves. */
  workersDir: string;
  /** The current environment from the app's files; rejects with a ServerError if they can't be read. */
  environment(): Promise<Record<string, string>>;
  terminal: AppTerminal;
  addresses: MessageTargets['addresses'];
  guard: MessageTargets['guard'] & Pick<ProcessGuard, 'started' | 'ownerEnded'>;
  scheduler: Scheduler;
  flushes: FlushQueue;
  emit(event: ServerEvent): void;
  /** The options that lead to one worker. */
  oneWorker(): string;
  /** Waiting requests may have to be refused: see {@link Supervisor.localReply}. */
  broken(): void;
}

export class Supervisor {
  readonly pool: WorkerPool;
  readonly reload: Reload;
  #options: SupervisorOptions;
  #control: WorkerMessages;
  /** What requests get instead, if they have waited for new code for the longest time allowed. */
  #late: LateAnswer | undefined;
  /** The app's environment for workers that start from now on. */
  #env: Record<string, string> = {};

  constructor(options: SupervisorOptions) {
    this.#options = options;
    const { addresses, guard, emit } = options;
    const targets = { addresses, guard };
    this.#control = new WorkerMessages(targets, {
      emit,
      accepts: (upstream) => this.pool.accepts(upstream),
      addon: (worker, name, refused) => this.#addon(worker, name, refused),
      loaded: ({ generation }, files, stamps) => this.reload.loaded(files, stamps, generation),
      wrote: (files) => this.reload.wrote(files),
      unreachable: (worker) => this.pool.giveUpOn(worker),
    });
    this.pool = this.#createPool();
    options.terminal.onResize((size) => {
      for (const { upstream } of this.pool.workers) upstream.send({ type: 'resize', size });
      options.runtime.resize(size);
    });
    this.reload = this.#createReload();
  }

  /** @param env the app's first environment */
  start(env: Record<string, string>): void {
    this.#env = env;
    this.pool.start();
  }

  /** The local reply to waiting requests if no worker will take them; undefined while one may. */
  get localReply(): LocalReply | undefined {
    const { failure } = this.pool;
    if (failure !== undefined) return startFailureReport(failure);
    return this.#late === 'refuse' ? STILL_STARTING : undefined;
  }

  /** Resolves when all workers have exited; `now` skips the app's own exit handlers. */
  async stop(now: boolean): Promise<void> {
    this.reload.close();
    await this.pool.stop(now);
    await this.#options.runtime.close();
  }

  #createPool(): WorkerPool {
    const { config, guard, scheduler, flushes, emit, broken, runtime } = this.#options;
    const { node = process.execPath } = config;
    const parts: PoolParts = {
      launch: (order, events) => this.#launch(order, events),
      limits: (mode, asked) => runtime.limits(mode, asked),
      locate: (traces) => failureLocation({ ...traces, node }),
    };
    return new WorkerPool(config, parts, {
      available: (upstreams) => {
        scheduler.setUpstreams(upstreams);
        broken();
      },
      status: (status) => emit({ type: 'worker', ...status }),
      problem: (error, worker) => {
        emit({ type: 'error', error: error.toWire(), worker: worker.id });
        broken();
      },
      alone: (worker) => {
        const { mode } = this.pool.config;
        const several = runtime.limits(mode, this.pool.config).maxWorkers > 1;
        const text = oneInstanceText(worker, several ? this.#options.oneWorker() : undefined);
        emit({ type: 'log', level: 'info', source: 'server', text });
      },
      died: (worker, exchanges) => {
        if (!worker.served) this.reload.exitedEarly(worker.generation);
        for (const exchange of exchanges) {
          exchange.client.refuse(exchange, crashReport(worker, exchange, exchanges));
        }
      },
      generation: (outcome, generation) => {
        this.#late = undefined;
        this.reload.generation(outcome, generation);
      },
      started: (worker) => void this.#guardWorker(worker),
      ended: (worker) => {
        if (worker.exited) this.#control.ended(worker);
        if (worker.exit?.left) this.#warn(`Worker ${worker.id} can't be terminated: ${LEFT_STANDING}`);
        return guard.ownerEnded({ name: worker.id, pid: worker.exited ? worker.ownPid : undefined });
      },
      output: (worker, source, text, request) => this.#control.output(worker, source, text, request),
      control: (upstream, message) => {
        const worker = this.pool.workers.find(({ id }) => id === upstream.id);
        if (worker !== undefined) this.#control.receive(worker, message);
      },
      unblocked: (upstream) => scheduler.unblocked(upstream),
      revoked: (_upstream, exchange) => scheduler.revoked(exchange),
      finished: (upstream) => scheduler.released(upstream),
      touched: (wire) => flushes.add(wire),
      impossible: ({ id, life }, { type }) => {
        const text = `Worker ${id} is ${life.phase}, where "${type}" can't come. Please report this.`;
        emit({ type: 'log', level: 'error', source: 'server', text });
      },
    });
  }

  #launch({ id, generation, mode, movable }: LaunchOrder, events: RunnerEvents): WorkerRunner {
    const { config, entry, runtime, terminal, workersDir } = this.#options;
    const { args, cwd } = config;
    const options = {
      entry,
      cwd,
      args,
      movable,
      workersDir,
      env: markedFor(this.#env, id),
      terminal: () => terminal.properties,
    };
    return runtime.start(mode, generation, options, events);
  }

  /** A worker may run the app once its process is in the ledger. */
  async #guardWorker({ id, ownPid, runner }: ManagedWorker): Promise<void> {
    await this.#options.guard.started({ name: id, pid: ownPid });
    if (ownPid !== undefined) runner.go();
  }

  /**
   * Native code in a thread may end the server when the thread ends. Unless the user set the mode, processes take over.
   */
  #addon(worker: ManagedWorker, name: string, refused: boolean): void {
    const { config } = this.pool;
    if (config.mode === 'thread' && !config.given.includes('mode')) {
      const when = refused ? 'runs in processes' : 'will run in processes after its next restart';
      this.#warn(
        `The app ${when}, because the native addon ${name} may crash when a thread ends. ` +
          'Use --mode fork to start this way, or --mode thread to keep threads.',
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
    files.push(path.resolve(cwd, envFile ?? '.env'), ...(this.#options.files ?? []));
    return new Reload({
      config: reload,
      root: cwd,
      entry,
      files,
      target: {
        hold: () => this.pool.hold(),
        release: () => {
          if (!this.reload.starting) this.#late = undefined;
          this.pool.release();
        },
        get waiting() {
          return scheduler.queued > 0;
        },
        renew: async () => {
          enterAgain(cwd);
          await this.#renewEnvironment();
          const generation = this.pool.renew();
          if (this.#late === 'old') this.pool.serveOld();
          return generation;
        },
        late: (answer) => {
          this.#late = answer;
          if (answer === 'old') this.pool.serveOld();
          broken();
        },
        report: (report) => emit({ type: 'reload', ...report }),
      },
      say: (level, text) => emit({ type: 'log', level, source: 'server', text }),
    });
  }

  /** If the files can't be read now, the app keeps its environment. */
  async #renewEnvironment(): Promise<void> {
    try {
      this.#env = await this.#options.environment();
    } catch (error) {
      this.#options.emit({ type: 'error', error: ServerError.from(error).toWire() });
    }
  }
}

/** The folder's path may contain links that have changed; threads use the working folder of this process. */
function enterAgain(cwd: string): void {
  try {
    process.chdir(cwd);
  } catch {
    // The folder is missing now: the app stays in the old one.
  }
}
