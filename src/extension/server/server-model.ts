/** The state of one server, from its events. Pure: events and the time in, state out. */
import { DEFAULTS, type Mode, type OverlapConfig, type RandomDelayConfig } from '../../protocol/config.ts';
import type { WireError } from '../../protocol/errors.ts';
import type { ServerEvent, WorkerStatus } from '../../protocol/messages.ts';
import { isPython, type Settings } from '../settings/settings-model.ts';
import { isStartFailure } from './error-model.ts';

export type Phase =
  | 'stopped'
  /** No worker accepts yet. */
  | 'starting'
  /** A worker accepts. */
  | 'running'
  /** The server is up, and the app does not start. */
  | 'broken'
  /** The server process died; another one starts at `restartAt`. */
  | 'restarting'
  | 'stopping'
  /** It could not be started, or died too often. */
  | 'failed';

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
  phase: Phase = 'stopped';
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
  /** Why it is broken, restarting or failed. */
  problem: WireError | undefined;
  restartAt: number | undefined;
  /** Workers with other code are starting, and requests wait for them. */
  reloading = false;
  /** The newest generation of workers that was heard of. */
  #generation = 0;
  #pythonShape: ServerModel['python'];

  /** What it is doing, for whoever looks. */
  get state(): Phase | 'reloading' {
    return this.reloading && this.phase !== 'stopping' ? 'reloading' : this.phase;
  }

  /** Nobody wants it to run any more. */
  get ending(): boolean {
    return this.phase === 'stopping' || this.phase === 'stopped';
  }

  get active(): boolean {
    return this.phase !== 'stopped' && this.phase !== 'failed';
  }

  /** Workers that ended without having been asked to and are not replaced. */
  get crashed(): number {
    return [...this.workers.values()].filter(({ state }) => state === 'crashed').length;
  }

  /** A process was started with these settings. */
  starting({ config }: Settings): void {
    this.phase = 'starting';
    this.mode = config.mode;
    this.baseWorkers = config.workers;
    this.randomDelay = config.randomDelay;
    this.overlap = config.overlap;
    this.#forget();
    this.#pythonShape = { processes: config.processes, threads: config.threads };
  }

  /** Its end was asked for. */
  stopping(): void {
    this.phase = 'stopping';
  }

  /** The process is gone. */
  ended(phase: 'stopped' | 'failed', problem?: WireError): void {
    this.phase = phase;
    this.#forget();
    this.problem = problem;
  }

  restarting(problem: WireError, at: number): void {
    this.phase = 'restarting';
    this.#forget();
    this.problem = problem;
    this.restartAt = at;
  }

  /** A command that changes this was carried out. */
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
        this.reloading = event.state === 'started';
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
    // A new one takes the place of one that died.
    if (state === 'starting') {
      for (const other of this.workers.values()) {
        if (other.state === 'restarting' || other.state === 'crashed') {
          this.workers.delete(other.id);
          break;
        }
      }
    }
    // What only some messages tell, its memory and its requests, is as it was told last.
    const before = this.workers.get(id);
    const listedAt = status.requests === undefined ? (before?.listedAt ?? now) : now;
    this.workers.set(id, { ...before, ...status, receivedAt: now, listedAt });
    this.#generation = Math.max(this.#generation, status.generation);
    if (this.#accepts(status) && (this.phase === 'starting' || this.phase === 'broken')) {
      this.phase = 'running';
      this.problem = undefined;
    }
  }

  #problem(error: WireError): void {
    if (!isStartFailure(error.code) && error.code !== 'CRASH_LOOP') return;
    if (this.phase === 'stopping' || [...this.workers.values()].some((worker) => this.#accepts(worker)))
      return;
    this.phase = 'broken';
    this.problem = error;
  }

  /** Workers of the code before serve no more once there is other code. */
  #accepts({ state, generation }: WorkerStatus): boolean {
    return generation === this.#generation && (state === 'idle' || state === 'busy' || state === 'blocked');
  }

  #forget(): void {
    this.workers.clear();
    this.python = undefined;
    this.url = undefined;
    this.otherUrls = [];
    this.pid = undefined;
    this.queued = 0;
    this.served = 0;
    this.problem = undefined;
    this.restartAt = undefined;
    this.reloading = false;
    this.#generation = 0;
  }
}
