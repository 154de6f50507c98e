/**
 * The supervisor, its pool and the scheduler over apps that the test plays, with a mocked clock. `SUPERVISOR_SEED`
 * repeats a run, `SUPERVISOR_RUNS` sets the number of sequences of events.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import fc from 'fast-check';
import { SupervisorWorld } from './supervisor-world.ts';

const RUNS = Number(process.env.SUPERVISOR_RUNS ?? 200);
const SEED = Number(process.env.SUPERVISOR_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Longer than the head start of a first worker (HEAD_START_MS). */
const HEAD_START = 100;

let now: number;
/** Call it in a group of tests: other groups in the process use the real clock. */
function ownClock(): void {
  beforeEach(() => {
    now = 1_000;
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    mock.method(performance, 'now', () => now);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

async function pass(ms: number): Promise<void> {
  await settled();
  now += ms;
  mock.timers.tick(ms);
  await settled();
}

async function serving(config = {}): Promise<SupervisorWorld> {
  const world = new SupervisorWorld(config);
  world.at(0)!.listen();
  await pass(HEAD_START);
  for (const app of world.running) app.listen();
  await settled();
  return world;
}

describe('a supervisor', () => {
  ownClock();

  it('gives waiting requests to the first worker that accepts', async () => {
    const world = new SupervisorWorld();
    const client = world.request();
    await settled();
    assert.deepEqual(client.workers, []);
    world.at(0)!.listen();
    await settled();
    assert.deepEqual(client.workers, [1]);
  });

  it('answers the requests of a crashed worker with its crash report', async () => {
    const world = await serving();
    const client = world.request();
    await settled();
    world.at(0)!.exit('signal SIGSEGV');
    await settled();
    assert.deepEqual([client.refusals[0]?.status, client.ends], [502, 1]);
    assert.match(client.refusals[0]!.paragraphs[0]!, /signal SIGSEGV/);
  });

  it('answers with the reason while the app does not start, later requests as well', async () => {
    const world = new SupervisorWorld();
    const early = world.request();
    world.at(0)!.say({ type: 'nothingToServe', message: 'It listens to nothing' });
    world.at(0)!.exit();
    await settled();
    const late = world.request();
    for (const { refusals } of [early, late]) assert.equal(refusals[0]?.failure, 'app failed to start');
    assert.match(early.refusals[0]!.paragraphs[0]!, /^It listens to nothing/);
  });

  it('starts new code with the current environment', async () => {
    const world = await serving();
    world.env = { COLOUR: 'green' };
    world.supervisor.reload.restart();
    await settled();
    const [first, , young] = world.apps;
    assert.deepEqual([first!.options.env.COLOUR, young!.options.env.COLOUR], [undefined, 'green']);
    assert.equal(young!.generation, 2);
  });

  it('lets only new code answer after a restart, and loses no request', async () => {
    const world = await serving();
    const [old, other] = [world.request(), world.request()];
    await settled();
    for (const app of world.running) app.run();
    world.supervisor.reload.restart();
    await settled();
    const young = world.request();
    assert.deepEqual(young.workers, [], 'it waits for new code');
    world.running.at(-1)!.listen();
    await settled();
    assert.deepEqual(young.workers, [3]);
    for (const app of world.running) world.answer(app);
    await settled();
    assert.deepEqual([old.ends, other.ends, old.refusals, other.refusals], [1, 1, [], []]);
    assert.deepEqual(
      world.running.map(({ generation }) => generation),
      [2],
    );
  });

  it('moves an app whose addon may not survive a thread to processes, unless the user set a mode', async () => {
    for (const [given, mode] of [
      ['addr', 'fork'],
      ['mode', 'thread'],
    ]) {
      const world = new SupervisorWorld({ given: [given!] });
      world.at(0)!.say({ type: 'addon', name: 'sharp', refused: true });
      await settled();
      assert.deepEqual([world.apps.length, world.apps.at(-1)!.mode], [2, mode]);
    }
  });

  it('ends a worker that violates the protocol, and reports what it sent', async () => {
    const world = await serving();
    const client = world.request();
    await settled();
    world.at(0)!.talkNonsense();
    await settled();
    assert.match(client.refusals[0]!.paragraphs[0]!, /protocol error: it sent a frame of type/);
    assert.equal(world.apps[0]!.exited, true);
  });
});

type Step =
  | {
      type: 'listen' | 'run' | 'answer' | 'stall' | 'go on' | 'crash' | 'nonsense' | 'restart' | 'kill';
      at: number;
    }
  | { type: 'leave'; at: number }
  | { type: 'request' | 'reload' | 'stop' }
  | { type: 'pass'; ms: number };

const at = fc.nat(5);
const types = <T extends string>(...all: T[]) => fc.constantFrom(...all);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: types('request') }) },
  { weight: 10, arbitrary: fc.record({ type: types('listen', 'run', 'answer'), at }) },
  { weight: 3, arbitrary: fc.record({ type: types('stall', 'go on'), at }) },
  { weight: 4, arbitrary: fc.record({ type: types('crash', 'nonsense', 'restart', 'kill', 'leave'), at }) },
  { weight: 1, arbitrary: fc.record({ type: types('reload') }) },
  { weight: 8, arbitrary: fc.record({ type: types('pass'), ms: fc.constantFrom(5, 12, 150, 3_000) }) },
);

async function take(world: SupervisorWorld, one: Step): Promise<void> {
  const { pool, reload } = world.supervisor;
  const app = 'at' in one ? world.at(one.at) : undefined;
  const worker = 'at' in one ? pool.workers[one.at % Math.max(1, pool.workers.length)] : undefined;
  switch (one.type) {
    case 'request':
      world.request();
      break;
    case 'listen':
      app?.listen();
      break;
    case 'run':
      app?.run();
      break;
    case 'answer':
      world.answer(app);
      break;
    case 'stall':
      app?.stall();
      break;
    case 'go on':
      app?.goOn();
      break;
    case 'crash':
      app?.exit();
      break;
    case 'nonsense':
      app?.talkNonsense();
      break;
    case 'restart':
      if (worker !== undefined) pool.restartWorker(worker.id);
      break;
    case 'kill':
      if (worker !== undefined) pool.killWorker(worker.id);
      break;
    case 'leave':
      world.clients[one.at]?.leaves();
      break;
    case 'reload':
      reload.restart();
      break;
    case 'stop':
      world.stop();
      break;
    case 'pass':
      await pass(one.ms);
  }
  await settled();
  world.check();
}

describe(`whatever happens to an app (SUPERVISOR_SEED=${SEED})`, () => {
  ownClock();
  const options = { numRuns: RUNS, seed: SEED };
  const script = fc.array(step, { minLength: 1, maxLength: 30 });

  it('each request runs at most once and ends once, with an answer or the reason', async () => {
    const property = fc.asyncProperty(script, fc.constantFrom(0, 3), async (steps, maxRequestsPerWorker) => {
      const world = new SupervisorWorld({ maxRequestsPerWorker });
      for (const one of steps) await take(world, one);
      await world.comeToRest(pass);
      for (const { exchange } of world.clients) assert.ok(exchange.finished, `request ${exchange.id} ends`);
      assert.equal(world.scheduler.queued, 0);
      world.stop();
      await pass(60_000);
      await world.stopped;
      assert.deepEqual([world.running, world.supervisor.pool.workers], [[], []]);
    });
    await fc.assert(property, options);
  });

  it('a stop ends all workers and requests, and nothing starts after it', async () => {
    const property = fc.asyncProperty(script, script, async (before, after) => {
      const world = new SupervisorWorld();
      for (const one of [...before, { type: 'stop' } as const, ...after]) await take(world, one);
      await pass(60_000);
      await world.stopped;
      world.check();
      assert.deepEqual([world.running, world.supervisor.pool.workers], [[], []]);
      for (const { exchange } of world.clients) assert.ok(exchange.finished);
    });
    await fc.assert(property, options);
  });
});
