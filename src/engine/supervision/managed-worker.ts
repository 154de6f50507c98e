/** One worker of the pool: what runs it, how the front reaches it, and what is known of its life. */
import type { Mode } from '../../protocol/config.ts';
import {
  MAX_LISTED_REQUESTS,
  type RequestUnderWay,
  type SourceLocation,
  type WorkerState,
  type WorkerStatus,
} from '../../protocol/messages.ts';
import type { FromWorker } from '../../wire/frames.ts';
import { Upstream, type UpstreamEvents } from '../scheduling/upstream.ts';
import { EXIT_GRACE_MS } from '../workers/exit-grace.ts';
import type { RunnerEvents, WorkerExit, WorkerRunner } from '../workers/worker-runner.ts';

/** Output that is kept for the report of a death. */
const TAIL_BYTES = 4096;
/** A worker whose event loop has not answered for so long is ended without being asked. */
const STUCK_MS = 250;

/** Files that are remembered of a worker that has not served yet, to look for a syntax error in. */
const RECENT_FILES = 10;

/** The app's last uncaught exception. */
export interface AppException {
  message: string;
  stack: string;
  location?: SourceLocation;
}

/** What a worker left behind that may say where in the app's source its exception is. */
export interface FailureTraces extends AppException {
  /** The last lines the worker wrote. */
  tail: string;
  /** The last files the worker loaded, the newest first. */
  files: readonly string[];
}

/** Which worker to start. */
export interface LaunchOrder {
  id: number;
  generation: number;
  mode: Mode;
  /** Nobody wrote a mode, so that the app may be moved from threads to processes. */
  movable: boolean;
}

export interface WorkerParts {
  /** Starts the program of a worker. None of the events comes before this has returned. */
  launch(order: LaunchOrder, events: RunnerEvents): WorkerRunner;
  /** Where in the app's source the exception is; undefined where that can't be found. */
  locate(traces: FailureTraces): Promise<(SourceLocation & { frame?: string }) | undefined>;
}

export interface WorkerEvents extends UpstreamEvents {
  output(worker: ManagedWorker, stream: 'stdout' | 'stderr', text: string, request: number | undefined): void;
  exited(worker: ManagedWorker, exit: WorkerExit): void;
  /** Its process is known: it and all it starts is to be ended or forgotten; see process-guard.ts. */
  started(worker: ManagedWorker): void;
  touched(upstream: Upstream): void;
}

export class ManagedWorker {
  readonly id: number;
  readonly mode: Mode;
  readonly generation: number;
  readonly upstream: Upstream;
  readonly runner: WorkerRunner;
  readonly startedAt = performance.now();
  /** It accepted at least once. */
  served = false;
  /** Its end is wanted: stop, retirement, restart. */
  ending = false;
  /** A native addon works in its thread, which is not ended by force: that could end the server. */
  gentle = false;
  exception: AppException | undefined;
  /** Why it can't be served, in a sentence; set by apps that end without listening. */
  nothingToServe: string | undefined;
  exit: WorkerExit | undefined;
  /** Where in the app's source the exception is; known once it has exited. */
  source: (SourceLocation & { frame?: string }) | undefined;
  /** It is being killed: it gets nothing more, and its end counts as a death. */
  condemned = false;
  /** Why nothing that it sends is read any more. */
  #broken: string | undefined;
  #end: Promise<void> | undefined;
  #tail = '';
  #recent: string[] = [];

  #locate: WorkerParts['locate'];

  constructor(order: LaunchOrder, { launch, locate }: WorkerParts, events: WorkerEvents) {
    const { id, generation, mode } = order;
    this.id = id;
    this.generation = generation;
    this.mode = mode;
    this.#locate = locate;
    this.upstream = new Upstream(id, generation, events, events.touched);
    const runnerEvents: RunnerEvents = {
      bytes: (bytes) => this.upstream.feed(bytes),
      output: (stream, text, request) => events.output(this, stream, text, request),
      exit: (exit) => {
        this.exit = this.#broken === undefined ? exit : { ...exit, text: this.#broken };
        this.upstream.gone = true;
        void this.#findSource().then(() => events.exited(this, exit));
      },
      broken: (reason) => this.upstream.fail(reason),
      started: () => events.started(this),
      capacity: (requests) => {
        this.upstream.offers.capacity = requests;
      },
    };
    this.runner = launch(order, runnerEvents);
    this.upstream.runner = this.runner;
  }

  get accepting(): boolean {
    return (
      this.upstream.accepting.has(0) && !this.upstream.gone && !this.upstream.draining && !this.condemned
    );
  }

  get gone(): boolean {
    return this.upstream.gone;
  }

  /** Its process: undefined for a thread, and where none could be started, or none was forked yet. */
  get ownPid(): number | undefined {
    return this.runner.pid === process.pid ? undefined : this.runner.pid;
  }

  /** The last lines it wrote. */
  get tail(): string {
    return this.#tail;
  }

  remember(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL_BYTES);
  }

  noteException({ message, stack, location }: Extract<FromWorker, { type: 'exception' }>): void {
    this.exception = { message, stack, ...(location === undefined ? {} : { location }) };
  }

  noteLoaded(files: readonly string[]): void {
    if (!this.served)
      this.#recent = [...files.slice(-RECENT_FILES).reverse(), ...this.#recent].slice(0, RECENT_FILES);
  }

  /** It sent what is not the protocol: it can't be served from, asked or told anything. */
  noteBroken(reason: string): void {
    this.#broken = `a broken protocol: its process sent ${reason}`;
  }

  /** Kills it and all it started. Resolves when that is over; its exit follows as that of any death. */
  kill(): Promise<void> {
    this.condemned = true;
    return this.runner.end(0, false);
  }

  /**
   * Ends it: the app's own exit handlers get a moment unless `now`. Resolves when it is gone. Asked once more, it is not
   * told twice: an app may take a second signal for somebody who has lost patience. Only `now` hurries it then.
   */
  async end(now: boolean): Promise<void> {
    this.ending = true;
    this.upstream.draining = true;
    if (this.gone) return;
    if (this.#end === undefined) this.#end = this.#endOnce(now || this.#hearsNothing());
    else if (now) await this.runner.end(0, this.gentle);
    await this.#end;
  }

  async #endOnce(now: boolean): Promise<void> {
    if ((!now && !this.runner.signalled) || this.gentle) {
      this.upstream.send({ type: 'shutdown', ...(now ? { now } : {}) });
      this.upstream.flush();
    }
    await this.runner.end(now ? 0 : EXIT_GRACE_MS, this.gentle);
  }

  #hearsNothing(): boolean {
    const { blockedSince } = this.upstream;
    // Not at the first sign: a busy machine makes any worker silent for a moment.
    const blocked = blockedSince !== 0 && performance.now() - blockedSince > STUCK_MS;
    // One that serves one request at a time, and still does, would only hear of it once that is over.
    return blocked || (this.upstream.offers.capacity === 1 && this.upstream.inFlight > 0);
  }

  status(): WorkerStatus {
    const { upstream } = this;
    const status: WorkerStatus = {
      id: this.id,
      mode: this.mode,
      state: this.#state(),
      generation: this.generation,
      inFlight: upstream.inFlight,
      done: upstream.done,
    };
    if (this.runner.pid !== undefined) status.pid = this.runner.pid;
    if (this.runner.threadId !== undefined) status.threadId = this.runner.threadId;
    if (upstream.memory !== undefined) status.memory = upstream.memory;
    if (upstream.blockedSince !== 0) status.blockedMs = Math.round(performance.now() - upstream.blockedSince);
    if (this.exit !== undefined) status.exit = this.exit.text;
    return status;
  }

  /** What it is serving now, the oldest first. */
  requests(): RequestUnderWay[] {
    const now = performance.now();
    return [...this.upstream.exchanges]
      .slice(0, MAX_LISTED_REQUESTS)
      .map(({ id, method, target, receivedAt }) => ({
        id,
        method,
        target: target.slice(0, 2048),
        ageMs: Math.round(now - receivedAt),
      }));
  }

  async #findSource(): Promise<void> {
    if (this.exception === undefined || this.ending) return;
    const { tail, exception } = this;
    this.source = await this.#locate({ ...exception, tail, files: this.#recent }).catch(() => undefined);
  }

  #state(): WorkerState {
    const { upstream } = this;
    if (upstream.gone) return this.ending ? 'stopped' : 'crashed';
    if (upstream.draining) return 'draining';
    if (!upstream.accepting.has(0)) return 'starting';
    if (upstream.blockedSince !== 0) return 'blocked';
    return upstream.inFlight > 0 ? 'busy' : 'idle';
  }
}
