/** The state of one server, from its events. Pure: events and the time in, state out. */
import { DEFAULTS, type Mode, type OverlapConfig, type RandomDelayConfig } from '../../protocol/config.ts';
import type { WireError } from '../../protocol/errors.ts';
import type { ServerEvent, WorkerStatus } from '../../protocol/messages.ts';
import { isPython, type Settings } from '../settings/settings-model.ts';
import { isStartFailure } from './error-model.ts';
import { afterStep, type Life, type Phase, problemOf, STOPPED, type Step } from './server-life.ts';

/** A worker as its last event described it. */
export interface WorkerView extends WorkerStatus {
  /** When the event arrived, in ms since the epoch. */
  receivedAt: number;
  /** When an event last listed its requests, in ms since the epoch. */
  listedAt: number;
}

export interface NamedServer {
  /** Identifies the server. */
  key: string;
  /** Name of the folder. */
  name: string;
  model: ServerModel;
}

export class ServerModel {
  #life: Life = STOPPED;
  url: string | undefined;
  /** Further public addresses. */
  otherUrls: string[] = [];
  pid: number | undefined;
  mode: Mode = 'thread';
  /** Workers that are always kept. */
  baseWorkers = 0;
  /** Processes of a Python app in thread mode, and the most threads of each; undefined for a Node app. */
  python: { processes: number; threads: number } | undefined;
  seed: number | undefined;
  entry: string | undefined;
  randomDelay: RandomDelayConfig = { ...DEFAULTS.randomDelay, routes: [] };
  overlap: OverlapConfig = { ...DEFAULTS.overlap, routes: [] };
  queued = 0;
  served = 0;
  readonly workers = new Map<number, WorkerView>();
  /** The newest generation of workers that an event named. */
  #generation = 0;
  /** What {@link python} is if the app turns out to be a Python one. */
  #pythonShape: ServerModel['python'];

  get phase(): Phase {
    return this.#life.phase;
  }

  /** Workers with new code are starting, and requests wait for them. */
  get reloading(): boolean {
    return 'reloading' in this.#life && this.#life.reloading;
  }

  /** The phase, or `reloading`. */
  get state(): Phase | 'reloading' {
    return this.reloading ? 'reloading' : this.phase;
  }

  /** Why it is broken, restarting or failed. */
  get problem(): WireError | undefined {
    return problemOf(this.#life);
  }

  /** When it restarts, in ms since the epoch; undefined unless it is restarting. */
  get restartAt(): number | undefined {
    return this.#life.phase === 'restarting' ? this.#life.restartAt : undefined;
  }

  /** Whether it was stopped, or is being stopped. */
  get ending(): boolean {
    return this.phase === 'stopping' || this.phase === 'stopped';
  }

  get active(): boolean {
    return this.phase !== 'stopped' && this.phase !== 'failed';
  }

  /** Workers that crashed and are not replaced. */
  get crashed(): number {
    return [...this.workers.values()].filter(({ state }) => state === 'crashed').length;
  }

  /** A process was started with these settings. */
  starting({ config }: Settings): void {
    this.#take({ type: 'start' });
    this.#reset();
    this.mode = config.mode;
    this.baseWorkers = config.workers;
    this.randomDelay = config.randomDelay;
    this.overlap = config.overlap;
    this.#pythonShape = { processes: config.processes, threads: config.threads };
  }

  stopping(): void {
    this.#take({ type: 'stop' });
  }

  /** No process is left. */
  stopped(): void {
    this.#take({ type: 'stopped' });
    this.#reset();
  }

  /** It could not be started, or died too often. */
  failed(problem: WireError): void {
    this.#take({ type: 'fail', problem });
    this.#reset();
  }

  /** The process died; the next starts at `restartAt`, in ms since the epoch. */
  restarting(problem: WireError, restartAt: number): void {
    this.#take({ type: 'die', problem, restartAt });
    this.#reset();
  }

  /** The server accepted a change. */
  changed(change: {
    mode?: Mode;
    workers?: number;
    randomDelay?: Partial<RandomDelayConfig>;
    overlap?: Partial<OverlapConfig>;
    seed?: number;
  }): void {
    this.mode = change.mode ?? this.mode;
    this.baseWorkers = change.workers ?? this.baseWorkers;
    this.randomDelay = { ...this.randomDelay, ...change.randomDelay };
    this.overlap = { ...this.overlap, ...change.overlap };
    this.seed = change.seed ?? this.seed;
  }

  /** @param now ms since the epoch */
  apply(event: ServerEvent, now: number): void {
    switch (event.type) {
      case 'ready':
        this.url = event.url;
        this.pid = event.pid;
        this.seed = event.seed;
        this.entry = event.entry;
        this.mode = event.mode;
        if (isPython(event.entry)) this.python = this.#pythonShape;
        return;
      case 'listener':
        this.otherUrls.push(event.url);
        return;
      case 'worker':
        // The server moves an app with native addons from threads to processes.
        if (event.state === 'starting') this.mode = event.mode;
        this.#worker(event, now);
        return;
      case 'status':
        this.queued = event.queued;
        this.served = event.served;
        this.seed = event.seed;
        this.randomDelay = event.randomDelay;
        this.overlap = event.overlap;
        for (const worker of event.workers) this.#worker(worker, now);
        return;
      case 'error':
        this.#problem(event.error);
        return;
      case 'reload':
        this.#take({ type: 'reload', reloading: event.state === 'started' });
        return;
      default:
        return;
    }
  }

  #worker(status: WorkerStatus, now: number): void {
    const { id, state } = status;
    if (state === 'stopped') {
      this.workers.delete(id);
      return;
    }
    // A new worker replaces a dead one.
    if (state === 'starting') {
      for (const other of this.workers.values()) {
        if (other.state === 'restarting' || other.state === 'crashed') {
          this.workers.delete(other.id);
          break;
        }
      }
    }
    // Only some events have the memory and the requests of a worker; otherwise the last ones are kept.
    const before = this.workers.get(id);
    const listedAt = status.requests === undefined ? (before?.listedAt ?? now) : now;
    this.workers.set(id, { ...before, ...status, receivedAt: now, listedAt });
    this.#generation = Math.max(this.#generation, status.generation);
    if (this.#accepts(status)) this.#take({ type: 'accept' });
  }

  #problem(error: WireError): void {
    if (!isStartFailure(error.code) && error.code !== 'CRASH_LOOP') return;
    const serves = [...this.workers.values()].some((worker) => this.#accepts(worker));
    if (!serves) this.#take({ type: 'break', problem: error });
  }

  /** Whether a worker takes requests. Workers with old code take none once there is newer code. */
  #accepts({ state, generation }: WorkerStatus): boolean {
    return generation === this.#generation && (state === 'idle' || state === 'busy' || state === 'blocked');
  }

  #take(step: Step): void {
    this.#life = afterStep(this.#life, step);
  }

  /** Clears what belongs to the process that ended. */
  #reset(): void {
    this.workers.clear();
    this.python = undefined;
    this.url = undefined;
    this.otherUrls = [];
    this.pid = undefined;
    this.queued = 0;
    this.served = 0;
    this.#generation = 0;
  }
}
