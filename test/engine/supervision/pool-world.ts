/** A pool whose workers are played by the test, which also decides what happens to them, and moves the clock. */
import assert from 'node:assert/strict';
import type { ManagedWorker } from '../../../src/engine/supervision/managed-worker.ts';
import type { PoolConfig } from '../../../src/engine/supervision/pool-types.ts';
import { WorkerPool } from '../../../src/engine/supervision/worker-pool.ts';
import type { RunnerEvents, WorkerRunner } from '../../../src/engine/workers/worker-runner.ts';
import type { ServerError } from '../../../src/protocol/errors.ts';
import { FakeClient } from '../scheduling/fake-worker.ts';

/** The clock, which the test moves. */
export interface Time {
  now: number;
  /** Runs the timers that are due within this many ms, in order. */
  pass(ms: number): void;
}

export class PoolWorld {
  readonly pool: WorkerPool;
  /** Numbers of the workers that may get requests. */
  available: number[] = [];
  readonly problems: string[] = [];
  readonly outcomes: string[] = [];
  /** Workers that could not start because another one ran. */
  readonly alone: number[] = [];
  readonly launched: number[] = [];
  /** How often each one's end was reported. */
  readonly ended = new Map<number, number>();
  #launches = new Map<number, FakeRunner>();
  #time: Time;
  #most: number;
  #stopped: Promise<void> | undefined;
  #launchedBeforeStop = 0;

  constructor(time: Time, config: Partial<PoolConfig> = {}) {
    this.#time = time;
    const full = { mode: 'thread', workers: 2, maxWorkers: 4, stopTimeoutMs: 2_000, given: [], ...config };
    this.#most = full.maxWorkers;
    const parts = {
      launch: ({ id }: { id: number }, events: RunnerEvents) => {
        const runner = new FakeRunner(events);
        this.launched.push(id);
        this.#launches.set(id, runner);
        return runner;
      },
      limits: (_mode: unknown, { workers, maxWorkers }: PoolConfig) => ({ workers, maxWorkers }),
      locate: async () => undefined,
    };
    this.pool = new WorkerPool(full as PoolConfig, parts as ConstructorParameters<typeof WorkerPool>[1], {
      available: (upstreams) => {
        for (const { state } of upstreams) assert.equal(state, 'open', 'what can take requests may get some');
        this.available = upstreams.map(({ id }) => id);
      },
      status: () => {},
      died: (worker) => assert.ok(worker.exited),
      problem: (error: ServerError) => void this.problems.push(error.code),
      alone: ({ id }) => void this.alone.push(id),
      ended: async ({ id, exited }) => {
        if (exited) this.ended.set(id, (this.ended.get(id) ?? 0) + 1);
      },
      generation: (outcome, generation) => void this.outcomes.push(`${generation} ${outcome}`),
      started: () => {},
      output: () => {},
      control: () => {},
      unblocked: () => {},
      revoked: () => {},
      touched: () => {},
      finished: (upstream) => this.pool.changed(upstream),
      impossible: ({ id, life }, { type }) => assert.fail(`worker ${id} is ${life.phase}, and then: ${type}`),
    });
  }

  /** The workers that have not exited, the oldest first. */
  get workers(): ManagedWorker[] {
    return this.pool.workers;
  }

  /** One of the existing workers. */
  at(index: number): ManagedWorker | undefined {
    return this.workers[index % Math.max(1, this.workers.length)];
  }

  /** The app of a worker listens. */
  accept(worker: ManagedWorker | undefined): void {
    if (worker === undefined || worker.exited) return;
    worker.upstream.accept(0);
    this.pool.accepts(worker.upstream);
  }

  /** It gets a request. */
  ask(worker: ManagedWorker | undefined): void {
    if (worker !== undefined && this.available.includes(worker.id))
      worker.upstream.dispatch(new FakeClient().exchange);
  }

  /** It answers all its requests. */
  answer(worker: ManagedWorker | undefined): void {
    for (const exchange of [...(worker?.upstream.exchanges ?? [])]) worker!.upstream.finished(exchange);
  }

  /** @param words what it writes before */
  crash(worker: ManagedWorker | undefined, words = ''): void {
    if (worker === undefined) return;
    worker.traces.wrote(words);
    this.#launches.get(worker.id)!.exit('crash');
  }

  configure(workers: number, maxWorkers: number): void {
    this.#most = Math.max(this.#most, maxWorkers);
    this.pool.configure({ ...this.pool.config, workers, maxWorkers });
  }

  stop(): void {
    if (this.#stopped !== undefined) return;
    this.#launchedBeforeStop = this.launched.length;
    this.#stopped = this.pool.stop(false);
  }

  get stopped(): Promise<void> | undefined {
    return this.#stopped;
  }

  async pass(ms: number): Promise<void> {
    await settled();
    this.#time.pass(ms);
    await settled();
  }

  /** The invariants that hold at any moment. */
  check(): void {
    const { workers } = this;
    assert.ok(this.available.length <= this.#most, `${this.available.length} workers serve`);
    const staying = workers.filter(({ stays }) => stays);
    const current = Math.max(0, ...staying.map(({ generation }) => generation));
    const young = staying.filter(({ generation }) => generation === current);
    const { maxWorkers } = this.pool.config;
    assert.ok(young.length <= maxWorkers, `${young.length} workers of a generation are there to stay`);
    for (const id of this.launched) {
      const isThere = workers.some((worker) => worker.id === id);
      assert.equal(this.ended.get(id) ?? 0, isThere ? 0 : 1, `worker ${id} ends once`);
    }
    if (this.#stopped !== undefined)
      assert.equal(this.launched.length, this.#launchedBeforeStop, 'nothing is started after a stop');
  }

  /** Everything does its work, until nothing changes any more. */
  async comeToRest(): Promise<void> {
    for (let round = 0; round < 8; round++) {
      for (const worker of this.workers) {
        this.accept(worker);
        this.answer(worker);
      }
      await this.pass(6_000);
      this.check();
    }
  }
}

/** Lets pending promises continue. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve();
}

/** Exits when it is asked to, or when the test says so. */
class FakeRunner implements WorkerRunner {
  readonly mode = 'thread';
  readonly pid = process.pid;
  readonly threadId = 1;
  readonly signalled = false;
  #events: RunnerEvents;
  #exited = false;

  constructor(events: RunnerEvents) {
    this.#events = events;
  }

  go(): void {}
  send(): void {}
  revoke(): void {}

  async end(): Promise<void> {
    await Promise.resolve();
    this.exit('exit code 0');
  }

  exit(text: string): void {
    if (this.#exited) return;
    this.#exited = true;
    this.#events.exit({ code: 0, signal: null, text });
  }
}
