/** One worker of the pool: its life, its runner, and its upstream. */
import type { Mode } from '../../protocol/config.ts';
import { Upstream, type UpstreamEvents } from '../scheduling/upstream.ts';
import { EXIT_GRACE_MS } from '../workers/exit-grace.ts';
import type { RunnerEvents, WorkerExit, WorkerRunner } from '../workers/worker-runner.ts';
import { BORN, hasServed, isActive, isStaying, type Life, type LifeEvent, nextLife } from './worker-life.ts';
import { type Locate, WorkerTraces } from './worker-traces.ts';

/** A worker that has been blocked for this long, in ms, is ended without the polite request. */
const STUCK_MS = 250;

/** Describes the worker to start. */
export interface LaunchOrder {
  id: number;
  generation: number;
  mode: Mode;
  /** The user set no mode, so the app may be moved from threads to processes. */
  movable: boolean;
}

export interface WorkerParts {
  /** Starts a worker's program. No event comes before this has returned. */
  launch(order: LaunchOrder, events: RunnerEvents): WorkerRunner;
  /** Finds the location of an exception in the app's source; undefined if it can't be found. */
  locate: Locate;
}

export interface WorkerEvents extends UpstreamEvents {
  output(worker: ManagedWorker, stream: 'stdout' | 'stderr', text: string, request: number | undefined): void;
  /** It has exited, and the search for the cause is done. */
  exited(worker: ManagedWorker): void;
  /** Its process is known. The process and all it starts must end with the worker; see process-guard.ts. */
  started(worker: ManagedWorker): void;
  /** An event came that is impossible in the worker's state. */
  impossible(worker: ManagedWorker, event: LifeEvent): void;
}

export class ManagedWorker {
  readonly id: number;
  readonly mode: Mode;
  readonly generation: number;
  readonly upstream: Upstream;
  readonly runner: WorkerRunner;
  readonly traces = new WorkerTraces();
  readonly startedAt = performance.now();
  #events: WorkerEvents;
  #locate: Locate;
  #life: Life = BORN;
  #gentle = false;
  #end: Promise<void> | undefined;

  constructor(order: LaunchOrder, { launch, locate }: WorkerParts, events: WorkerEvents) {
    const { id, generation, mode } = order;
    this.id = id;
    this.generation = generation;
    this.mode = mode;
    this.#events = events;
    this.#locate = locate;
    this.runner = launch(order, {
      bytes: (bytes) => this.upstream.feed(bytes),
      output: (stream, text, request) => events.output(this, stream, text, request),
      exit: (exit) => void this.#exited(exit),
      broken: (reason) => this.upstream.fail(reason),
      started: () => events.started(this),
      capacity: (requests) => this.upstream.offers.limitTo(requests),
    });
    this.upstream = new Upstream(id, this.runner, events);
  }

  get life(): Life {
    return this.#life;
  }

  /** It accepted at least once. */
  get served(): boolean {
    return hasServed(this.#life);
  }

  /** See {@link isActive}. */
  get active(): boolean {
    return isActive(this.#life);
  }

  /** See {@link isStaying}. */
  get stays(): boolean {
    return isStaying(this.#life);
  }

  /** It can take requests for the app's first server. */
  get accepting(): boolean {
    return this.#life.phase === 'serving' && this.upstream.accepts(0);
  }

  get exited(): boolean {
    return this.#life.phase === 'exited';
  }

  /** The exit, once it has exited. */
  get exit(): WorkerExit | undefined {
    return this.#life.phase === 'exited' ? this.#life.exit : undefined;
  }

  /** A native addon works in its thread, so the thread is not ended by force: that could end the server. */
  get gentle(): boolean {
    return this.#gentle;
  }

  /** Its process; undefined for a thread, if none could be started, or if none was forked yet. */
  get ownPid(): number | undefined {
    return this.runner.pid === process.pid ? undefined : this.runner.pid;
  }

  /** Its app listens. @returns true if a worker that may serve does so for the first time */
  accepts(): boolean {
    if (this.#life.phase !== 'starting' || !this.upstream.accepts(0)) return false;
    this.#step({ type: 'accepts' });
    return true;
  }

  /** It gets no more requests. @returns false if it already drains or ends */
  drain(): boolean {
    if (!this.active) return false;
    this.#step({ type: 'drain' });
    this.upstream.drain();
    return true;
  }

  /**
   * Kills it and all its descendants. Resolves when that is done; its exit follows like that of any crash.
   * @param broken its protocol error, if that is the reason
   */
  async kill(broken?: string): Promise<void> {
    if (this.exited) return;
    this.#step({ type: 'kill', broken });
    this.upstream.drain();
    await this.runner.end(0, false);
  }

  /**
   * Ends it: the app's own exit handlers get a moment unless `now`. Resolves when it has exited. A second call sends no
   * second request, because an app may take a second signal as impatience; only `now` hurries it.
   */
  async end(now: boolean): Promise<void> {
    if (this.exited) return;
    this.#step({ type: 'end' });
    this.upstream.drain();
    if (this.#end === undefined) this.#end = this.#endOnce(now || this.#cannotListen());
    else if (now) await this.runner.end(0, this.#gentle);
    await this.#end;
  }

  /** @param loaded false: the app was not allowed to load it */
  noteAddon(loaded: boolean): void {
    this.#gentle = loaded;
  }

  async #endOnce(now: boolean): Promise<void> {
    if ((!now && !this.runner.signalled) || this.#gentle) {
      this.upstream.send({ type: 'shutdown', ...(now ? { now } : {}) });
      this.upstream.wire.flush();
    }
    await this.runner.end(now ? 0 : EXIT_GRACE_MS, this.#gentle);
  }

  #cannotListen(): boolean {
    const { blockedSince, offers, inFlight } = this.upstream;
    // Not at the first sign: on a busy machine any worker is silent at times.
    const blocked = blockedSince !== undefined && performance.now() - blockedSince > STUCK_MS;
    // A worker with one request at a time would read the message only after its current request.
    return blocked || (offers.capacity === 1 && inFlight > 0);
  }

  async #exited(exit: WorkerExit): Promise<void> {
    this.#step({ type: 'exit', exit });
    this.upstream.close();
    if (this.#life.phase === 'exited' && !this.#life.wanted) await this.traces.locate(this.#locate);
    this.#events.exited(this);
  }

  /**
   * An impossible event must not stop the user's app: it is reported, and the worker keeps its state. That is safe,
   * because each state allows less than the one before.
   */
  #step(event: LifeEvent): void {
    const next = nextLife(this.#life, event);
    if (next === undefined) this.#events.impossible(this, event);
    else this.#life = next;
  }
}
