/**
 * A pool of workers that are never started, with a mocked clock: generations, crashes and limits in any order.
 * `POOL_SEED` repeats a run, `POOL_RUNS` sets the number of sequences of events.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import fc from 'fast-check';
import { ServerError } from '../../../src/protocol/errors.ts';
import { PoolWorld, settled, type Time } from './pool-world.ts';

const RUNS = Number(process.env.POOL_RUNS ?? 300);
const SEED = Number(process.env.POOL_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Longer than the head start of a first worker (HEAD_START_MS). */
const HEAD_START = 100;

let time: Time;
/** Call it in a group of tests: other groups in the process use the real clock. */
function ownClock(): void {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    time = {
      now: 1_000,
      pass: (ms) => {
        time.now += ms;
        mock.timers.tick(ms);
      },
    };
    mock.method(performance, 'now', () => time.now);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });
}

/** A pool whose workers all serve. */
async function serving(config = {}): Promise<PoolWorld> {
  const world = new PoolWorld(time, config);
  world.pool.start();
  world.accept(world.at(0));
  await world.pass(HEAD_START);
  for (const worker of world.workers) world.accept(worker);
  return world;
}

describe('a pool of workers', () => {
  ownClock();

  it('starts one first, and the others a moment after it accepts', async () => {
    const world = new PoolWorld(time, { workers: 3 });
    world.pool.start();
    assert.deepEqual([world.launched, world.available], [[1], []]);
    world.accept(world.at(0));
    assert.deepEqual([world.launched, world.available, world.outcomes], [[1], [1], ['1 accepted']]);
    await world.pass(HEAD_START);
    assert.deepEqual(world.launched, [1, 2, 3]);
  });

  it('replaces a crashed worker, the first time at once', async () => {
    const world = await serving();
    world.crash(world.at(0));
    await world.pass(1);
    assert.deepEqual([world.available, world.launched, world.problems], [[2], [1, 2, 3], ['WORKER_CRASHED']]);
  });

  it('starts no more workers if they keep crashing, and reports that', async () => {
    const world = await serving({ workers: 1, maxWorkers: 1 });
    for (let crash = 0; crash < 20; crash++) {
      world.accept(world.at(0));
      world.crash(world.at(0));
      await world.pass(6_000);
    }
    assert.equal(world.problems.at(-1), 'CRASH_LOOP');
    assert.deepEqual([world.workers, world.launched.length], [[], 11]);
    assert.notEqual(world.pool.failure, undefined, 'requests get the reason');
    world.pool.renew();
    assert.deepEqual([world.workers.length, world.pool.failure], [1, undefined]);
  });

  it('reports once that the code does not start, and ends the old code', async () => {
    const world = await serving();
    world.pool.renew();
    for (let start = 0; start < 5; start++) {
      world.crash(world.workers.at(-1));
      await world.pass(6_000);
    }
    assert.deepEqual(world.problems, ['APP_FAILED_TO_START']);
    assert.ok(world.outcomes.includes('2 failed'));
    assert.deepEqual([world.workers, world.available], [[], []]);
    assert.equal(world.pool.failure?.generation, 2);
  });

  it('reports a failed start once it is known that the code has not changed', async () => {
    const world = new PoolWorld(time);
    world.pool.start();
    world.pool.hold();
    world.crash(world.at(0));
    await world.pass(1);
    assert.deepEqual(world.problems, []);
    world.pool.release();
    assert.deepEqual(world.problems, ['APP_FAILED_TO_START']);
    world.pool.hold();
    world.pool.release();
    assert.deepEqual(world.problems, ['APP_FAILED_TO_START']);
  });

  it('does not report a failed start of code that has changed since', async () => {
    const world = new PoolWorld(time);
    world.pool.start();
    world.pool.hold();
    world.crash(world.at(0));
    await world.pass(1);
    world.pool.renew();
    world.pool.release();
    assert.deepEqual(world.problems, []);
  });

  it('serves requests by new code only, while the old workers finish theirs', async () => {
    const world = await serving();
    const [first, second] = world.workers;
    world.ask(first);
    world.pool.renew();
    assert.deepEqual([world.launched.at(-1), world.available], [3, []]);
    world.accept(world.workers.at(-1));
    await world.pass(0);
    assert.deepEqual(world.available, [3]);
    assert.deepEqual([first!.life.phase, second!.life.phase], ['draining', 'exited']);
    world.answer(first);
    await settled();
    assert.equal(first!.life.phase, 'exited');
  });

  it('ends a worker that drains for too long', async () => {
    const world = await serving({ stopTimeoutMs: 500 });
    const [worker] = world.workers;
    world.ask(worker);
    world.pool.restartWorker(1);
    await world.pass(499);
    assert.equal(worker!.life.phase, 'draining');
    await world.pass(1);
    assert.equal(worker!.life.phase, 'exited');
  });

  it('restarts a worker once, however often that is asked while it drains', async () => {
    const world = await serving();
    world.ask(world.at(0));
    for (let times = 0; times < 5; times++) world.pool.restartWorker(1);
    assert.deepEqual(world.launched, [1, 2, 3]);
  });

  it('treats the death of a worker that a person killed as a crash without blame', async () => {
    const world = await serving();
    for (let times = 0; times < 20; times++) {
      const worker = world.at(0)!;
      world.pool.killWorker(worker.id);
      assert.ok(!world.available.includes(worker.id), 'it gets nothing more');
      await world.pass(6_000);
      for (const one of world.workers) world.accept(one);
    }
    assert.equal(world.available.length, 2);
    assert.ok(!world.problems.includes('CRASH_LOOP'));
  });

  it('adds a worker if all are blocked, up to the limit, and ends it after a long idle time', async () => {
    const world = await serving({ workers: 2, maxWorkers: 3 });
    for (let times = 0; times < 5; times++) {
      world.pool.wantWorker();
      for (const worker of world.workers) world.accept(worker);
    }
    assert.equal(world.available.length, 3);
    await world.pass(12_000);
    assert.deepEqual(world.available, [1, 2]);
  });

  it('replaces a worker that has reached its number of requests, before it has answered the last one', async () => {
    const world = await serving();
    const [worker] = world.workers;
    world.ask(worker);
    world.pool.usedUp(worker!.upstream);
    assert.deepEqual([worker!.life.phase, world.launched], ['draining', [1, 2, 3]]);
  });

  it('lists the existing workers when it is asked for an unknown one', async () => {
    const world = await serving();
    assert.throws(
      () => world.pool.restartWorker(9),
      (error) => error instanceof ServerError && error.message === 'There is no worker 9; there are 1, 2.',
    );
  });

  it('ends all workers when it stops, and starts none after that', async () => {
    const world = await serving();
    world.crash(world.at(0));
    world.stop();
    world.pool.renew();
    world.pool.wantWorker();
    await world.pass(60_000);
    await world.stopped;
    assert.deepEqual([world.workers, world.available, world.launched.length], [[], [], 2]);
  });
});

/** What an app says that locks a folder. */
const LOCKED = 'IO error: lock data/LOCK: Resource temporarily unavailable\n';

describe('an app of which only one instance can run', () => {
  ownClock();

  /** Its first worker serves; the second one has failed so often. */
  async function oneServes(words: string, failures: number): Promise<PoolWorld> {
    const world = new PoolWorld(time);
    world.pool.start();
    world.accept(world.at(0));
    for (let failure = 0; failure < failures; failure++) {
      await world.pass(6_000);
      world.crash(world.at(1), words);
      await settled();
    }
    await world.pass(60_000);
    return world;
  }

  it('goes on with one worker, without an error', async () => {
    for (const [words, failures] of [
      [LOCKED, 1],
      ['Another next dev server is already running.', 1],
      ['', 2],
    ] as const) {
      const world = await oneServes(words, failures);
      assert.deepEqual([world.problems, world.alone], [[], [1 + failures]], words);
      assert.deepEqual([world.available, world.launched.length], [[1], 1 + failures], words);
      world.pool.wantWorker();
      await world.pass(60_000);
      assert.deepEqual(world.available, [1], 'also when it is blocked');
    }
  });

  it('gets its next worker when the last one has ended: new code, a restart, a crash', async () => {
    const world = await oneServes(LOCKED, 1);
    world.ask(world.at(0));
    world.pool.renew();
    await settled();
    assert.deepEqual([world.launched, world.available], [[1, 2], []], 'the old one has a request');
    world.answer(world.at(0));
    await settled();
    assert.deepEqual(world.launched, [1, 2, 3]);
    for (const act of [
      () => world.pool.restartWorker(world.at(0)!.id),
      () => world.pool.killWorker(world.at(0)!.id),
      () => world.pool.usedUp(world.at(0)!.upstream),
      () => world.crash(world.at(0)),
    ]) {
      world.accept(world.at(0));
      await world.pass(6_000);
      assert.equal(world.available.length, 1);
      const before = world.launched.length;
      act();
      await world.pass(6_000);
      assert.deepEqual([world.workers.length, world.launched.length], [1, before + 1]);
    }
    assert.deepEqual([world.problems, world.alone], [['WORKER_CRASHED', 'WORKER_CRASHED'], [2]]);
  });

  it('is known as well if one worker was asked for, and new code starts beside the old', async () => {
    const world = await serving({ workers: 1, maxWorkers: 1 });
    world.pool.renew();
    world.crash(world.workers.at(-1), LOCKED);
    await settled();
    assert.deepEqual([world.problems, world.alone, world.launched], [[], [2], [1, 2, 3]]);
    world.accept(world.at(0));
    assert.deepEqual([world.available, world.outcomes], [[3], ['1 accepted', '2 accepted']]);
  });

  it('says why new code does not start, at once', async () => {
    const world = await oneServes(LOCKED, 1);
    world.pool.renew();
    await settled();
    world.crash(world.at(0), LOCKED);
    await settled();
    assert.deepEqual(world.problems, ['APP_FAILED_TO_START']);
    assert.notEqual(world.pool.failure, undefined);
  });

  it('is tried again when somebody asks for workers', async () => {
    const world = await oneServes(LOCKED, 1);
    world.configure(2, 2);
    assert.equal(world.launched.length, 3);
    world.accept(world.at(1));
    assert.deepEqual(world.available, [1, 3]);
  });

  it('is none whose two workers have served, or whose second one starts at the second time', async () => {
    const world = await serving();
    world.crash(world.at(1));
    for (let failure = 0; failure < 3; failure++) {
      await world.pass(6_000);
      world.crash(world.at(1), LOCKED);
      await settled();
    }
    assert.deepEqual([world.problems, world.alone], [['WORKER_CRASHED', 'APP_FAILED_TO_START'], []]);
    const other = await oneServes('', 1);
    other.accept(other.at(1));
    assert.deepEqual([other.problems, other.alone, other.available], [[], [], [1, 3]]);
  });
});

type Step =
  | {
      type: 'accept' | 'ask' | 'answer' | 'crash' | 'lock' | 'restart' | 'kill' | 'used up' | 'start over';
      at: number;
    }
  | { type: 'want' | 'reload' | 'hold' | 'release' | 'serve old' | 'stop' }
  | { type: 'configure'; workers: number; more: number }
  | { type: 'pass'; ms: number };

const at = fc.nat(5);
const types = <T extends string>(...all: T[]) => fc.constantFrom(...all);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: types('accept'), at }) },
  { weight: 4, arbitrary: fc.record({ type: types('ask', 'answer'), at }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: types('crash', 'lock', 'restart', 'kill', 'used up', 'start over'), at }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: types('want', 'want', 'reload', 'hold', 'release', 'serve old') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: types('configure'),
      workers: fc.integer({ min: 1, max: 4 }),
      more: fc.nat(3),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ type: types('pass'), ms: fc.constantFrom(0, 60, 300, 3_000, 12_000) }),
  },
);

async function take(world: PoolWorld, one: Step): Promise<void> {
  const { pool } = world;
  switch (one.type) {
    case 'accept':
    case 'ask':
    case 'answer':
    case 'crash':
      world[one.type](world.at(one.at));
      break;
    case 'lock':
      world.crash(world.at(one.at), LOCKED);
      break;
    case 'restart':
    case 'kill': {
      const worker = world.at(one.at);
      if (worker === undefined) break;
      if (one.type === 'restart') pool.restartWorker(worker.id);
      else pool.killWorker(worker.id);
      break;
    }
    case 'used up': {
      const worker = world.at(one.at);
      if (worker !== undefined) pool.usedUp(worker.upstream);
      break;
    }
    case 'start over': {
      const worker = world.at(one.at);
      if (worker !== undefined) pool.startOver(worker);
      break;
    }
    case 'want':
      pool.wantWorker();
      break;
    case 'reload':
      pool.renew();
      break;
    case 'hold':
    case 'release':
      pool[one.type]();
      break;
    case 'serve old':
      pool.serveOld();
      break;
    case 'configure':
      world.configure(one.workers, one.workers + one.more);
      break;
    case 'stop':
      world.stop();
      break;
    case 'pass':
      time.pass(one.ms);
  }
  await settled();
  world.check();
}

describe(`whatever happens to a pool (POOL_SEED=${SEED})`, () => {
  ownClock();
  const options = { numRuns: RUNS, seed: SEED };
  const script = fc.array(step, { minLength: 1, maxLength: 40 });

  it('it comes to rest with as many workers as are wanted, or has reported why not', async () => {
    const property = fc.asyncProperty(script, async (steps) => {
      const world = new PoolWorld(time);
      world.pool.start();
      for (const one of steps) await take(world, one);
      world.pool.release();
      await world.comeToRest();
      const { workers, maxWorkers } = world.pool.config;
      const count = world.available.length;
      assert.equal(world.workers.length, count, 'no worker of old code stays, and none is forgotten');
      const isSaid = world.pool.failure !== undefined || world.problems.includes('CRASH_LOOP');
      if (world.alone.length > 0 && !isSaid) assert.ok(count >= 1 && count <= maxWorkers, `${count} serve`);
      else if (!isSaid) assert.ok(count >= workers && count <= maxWorkers, `${count} of ${workers} serve`);
      else assert.ok(count <= maxWorkers);
      world.stop();
      await world.stopped;
    });
    await fc.assert(property, options);
  });

  it('after a stop all its workers exit, and none is started', async () => {
    const property = fc.asyncProperty(script, script, async (before, after) => {
      const world = new PoolWorld(time);
      world.pool.start();
      for (const one of [...before, { type: 'stop' } as const, ...after]) await take(world, one);
      await world.pass(60_000);
      await world.stopped;
      world.check();
      assert.deepEqual([world.workers, world.available], [[], []]);
    });
    await fc.assert(property, options);
  });
});
