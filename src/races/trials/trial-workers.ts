/**
 * Starts and ends the workers of the race finder. They are those of the dev server, with hooks that observe and hold
 * requests, and without reload, replacement or scheduling.
 */
import { noTerminal } from '../../engine/app/terminal.ts';
import { failureLocation } from '../../engine/diagnostics/failure-location.ts';
import type { Listeners } from '../../engine/http/listen/listeners.ts';
import type { ProcessGuard } from '../../engine/process/orphans/process-guard.ts';
import { FlushQueue } from '../../engine/scheduling/worker-wire.ts';
import { type ServedApp, WORKERS_DIR } from '../../engine/served-app.ts';
import { workerProblem } from '../../engine/supervision/crash-report.ts';
import { ManagedWorker } from '../../engine/supervision/managed-worker.ts';
import { WorkerMessages } from '../../engine/supervision/worker-messages.ts';
import { NodeRuntime } from '../../engine/workers/node/node-runtime.ts';
import type { Mode } from '../../protocol/config.ts';
import type { ServerEvent } from '../../protocol/messages.ts';
import { markedFor } from '../../wire/marker.ts';
import type { FromRaceHooks } from '../../wire/race-messages.ts';
import { TrialWorker } from './trial-worker.ts';

export interface TrialWorkerEvents {
  /** From the hooks. */
  race(worker: TrialWorker, message: FromRaceHooks): void;
  /** Of the app and its workers: output, and whatever a person may want to see. */
  emit(event: ServerEvent): void;
  /** The app writes these files of its project itself, as absolute paths. */
  wrote(files: readonly string[]): void;
  /** The app loads a native addon that threads can't run; workers are processes from now on. */
  moved(addon: string): void;
}

/** A free port of the loopback address. */
const INSPECT = '--inspect-brk=127.0.0.1:0';

interface TrialWorkerParts {
  app: ServedApp;
  guard: ProcessGuard;
  addresses: Listeners;
  /** Absolute path of the folder of marked sources. */
  marks: string;
  /** The app's whole environment. */
  env: Record<string, string>;
}

export class TrialWorkers {
  #parts: TrialWorkerParts;
  #events: TrialWorkerEvents;
  #flushes = new FlushQueue();
  #messages: WorkerMessages;
  #all = new Map<number, TrialWorker>();
  #last = 0;
  #mode: Mode;

  constructor(parts: TrialWorkerParts, events: TrialWorkerEvents) {
    this.#parts = parts;
    this.#events = events;
    this.#mode = parts.app.config.mode;
    const { addresses, guard } = parts;
    this.#messages = new WorkerMessages(
      { addresses, guard },
      {
        emit: events.emit,
        accepts: (upstream) => this.#all.get(upstream.id)?.accepts(),
        addon: (worker, name, refused) => this.#addon(worker, name, refused),
        loaded: () => {},
        wrote: events.wrote,
        unreachable: (worker) => void worker.kill(),
      },
    );
  }

  get mode(): Mode {
    return this.#mode;
  }

  /**
   * Starts a worker; see {@link TrialWorker.accepted}.
   * @param inspected a process that waits for a debugger, and stops where a request is held
   */
  start(inspected = false): TrialWorker {
    const { app, env } = this.#parts;
    const { config, entry } = app;
    const { node = process.execPath, nodeArgs } = config;
    const runtime = inspected ? new NodeRuntime({ node, nodeArgs: [...nodeArgs, INSPECT] }) : app.runtime;
    const mode = inspected ? 'fork' : this.#mode;
    this.#last += 1;
    const order = { id: this.#last, generation: 1, mode, movable: !config.given.includes('mode') };
    const managed = new ManagedWorker(
      order,
      {
        launch: ({ id, generation, mode, movable }, events) =>
          runtime.start(
            mode,
            generation,
            {
              ...{
                entry,
                cwd: config.cwd,
                args: config.args,
                movable,
                workersDir: WORKERS_DIR,
                races: this.#parts.marks,
              },
              env: markedFor(env, id),
              terminal: () => noTerminal.properties,
            },
            events,
          ),
        locate: (traces) => failureLocation({ ...traces, node: config.node ?? process.execPath }),
      },
      {
        control: ({ id }, message) => {
          const worker = this.#all.get(id);
          if (worker === undefined) return;
          if (message.type === 'race') this.#events.race(worker, message.message);
          else {
            if (message.type === 'spawned') worker.startedProcess();
            this.#messages.receive(worker.managed, message);
          }
        },
        output: (worker, source, text, request) => this.#messages.output(worker, source, text, request),
        touched: (wire) => this.#flushes.add(wire),
        started: () => void this.#guarded(managed),
        exited: () => void this.#exited(managed.id),
        broken: () => void managed.kill('protocol error'),
        impossible: () => {},
        unblocked: () => {},
        revoked: (_upstream, exchange) => exchange.client.refuse(exchange, NOT_RUN),
        finished: () => {},
      },
    );
    const worker = new TrialWorker(managed);
    this.#all.set(order.id, worker);
    void this.#guarded(managed);
    return worker;
  }

  /** Ends a worker and what it started, at once: a trial is over, and nothing of it is to be saved. */
  async end(worker: TrialWorker): Promise<void> {
    await worker.managed.end(true);
    await worker.exited;
  }

  /** Ends all of them, also those that run a trial or wait for a debugger. */
  async endAll(): Promise<void> {
    await Promise.all([...this.#all.values()].map((worker) => this.end(worker)));
  }

  async close(): Promise<void> {
    await this.endAll();
    await this.#parts.app.runtime.close();
  }

  async #guarded({ id, ownPid, runner }: ManagedWorker): Promise<void> {
    await this.#parts.guard.started({ name: id, pid: ownPid });
    if (ownPid !== undefined) runner.go();
  }

  async #exited(id: number): Promise<void> {
    const worker = this.#all.get(id);
    if (worker === undefined) return;
    this.#all.delete(id);
    const { managed } = worker;
    this.#messages.ended(managed);
    for (const exchange of managed.upstream.abandon()) exchange.client.refuse(exchange, DIED);
    const { guard } = this.#parts;
    if (worker.hasChildren) await guard.ownerEnded({ name: id, pid: managed.ownPid });
    else if (managed.ownPid !== undefined) guard.release(managed.ownPid);
    worker.hasExited(workerProblem(managed, 'give up'));
  }

  #addon(worker: ManagedWorker, name: string, refused: boolean): void {
    if (this.#mode === 'thread' && !this.#parts.app.config.given.includes('mode')) {
      this.#mode = 'fork';
      this.#events.moved(name);
    }
    if (refused) void worker.end(true);
  }
}

const LOST = { paragraphs: ['The worker of this trial has ended.'], failure: 'worker ended' };
/** Its worker exited before the answer. */
export const DIED = { status: 502, title: 'The worker exited', ...LOST };
const NOT_RUN = { status: 503, title: 'Not run', ...LOST };
