import assert from 'node:assert/strict';
import { after, afterEach, describe, it } from 'node:test';
import type { Exchange } from '../../../src/engine/requests/exchange.ts';
import {
  Perturbation,
  type PerturbationConfig,
  type PerturbationEvents,
} from '../../../src/engine/requests/perturbation.ts';
import { RouteStats } from '../../../src/engine/requests/route-stats.ts';
import { FakeClient } from '../scheduling/fake-worker.ts';

const alive = setInterval(() => {}, 60_000);
after(() => clearInterval(alive));

let made: Perturbation[] = [];
afterEach(() => {
  for (const perturbation of made) perturbation.configure(config());
  made = [];
});

const DEADLINE = { timeout: 10_000 };
/** Longer than any test may take: a request held for this long is released only for another reason. */
const LONG_MS = 60_000;

interface Changes {
  seed?: number;
  randomDelay?: Partial<PerturbationConfig['randomDelay']>;
  overlap?: Partial<PerturbationConfig['overlap']>;
}

function config({ seed = 7, randomDelay, overlap }: Changes = {}): PerturbationConfig {
  return {
    seed,
    randomDelay: { enabled: false, min: 0, max: 333, routes: [], ...randomDelay },
    overlap: { size: 0, maxMs: LONG_MS, routes: [], ...overlap },
  };
}

type Incomplete = Parameters<PerturbationEvents['incomplete']>[0];

interface Setup {
  perturbation: Perturbation;
  /** The released requests, by call. */
  released: Exchange[][];
  /** The overlaps that have waited in vain. */
  incomplete: Incomplete[];
  /** Resolves with the next call. */
  next(): Promise<Exchange[]>;
}

function setUp(changes?: Changes): Setup {
  const released: Exchange[][] = [];
  let wake: (exchanges: Exchange[]) => void = () => {};
  const incomplete: Incomplete[] = [];
  const perturbation = new Perturbation(config(changes), {
    release(exchanges) {
      released.push(exchanges);
      wake(exchanges);
    },
    incomplete: (waited) => incomplete.push(waited),
  });
  made.push(perturbation);
  const next = () =>
    new Promise<Exchange[]>((resolve) => {
      wake = resolve;
    });
  return { perturbation, released, incomplete, next };
}

const request = (route = 'GET /', stats = new RouteStats()): Exchange =>
  new FakeClient(route, { stats }).exchange;

function hold({ perturbation }: Setup, ...exchanges: Exchange[]): Exchange[] {
  for (const exchange of exchanges) perturbation.hold(exchange);
  return exchanges;
}

describe('a random delay', () => {
  it('is the same for the same seed, route and number, and differs for others', () => {
    const delays = (changes: Changes, route: string) => {
      const { perturbation } = setUp({ randomDelay: { enabled: true }, ...changes });
      return Array.from({ length: 50 }, (_, at) => perturbation.delayFor(route, at + 1));
    };
    const first = delays({ seed: 1 }, 'GET /a');
    assert.deepEqual(delays({ seed: 1 }, 'GET /a'), first);
    const all = [...first, ...delays({ seed: 2 }, 'GET /a'), ...delays({ seed: 1 }, 'GET /b')];
    assert.equal(new Set(all).size, 150);
  });

  it('is within its range, and uniform there', () => {
    const { perturbation } = setUp({ randomDelay: { enabled: true, min: 20, max: 60 } });
    const counts = [0, 0, 0, 0];
    for (let nth = 1; nth <= 4000; nth++) {
      const delayMs = perturbation.delayFor('GET /', nth);
      assert.ok(delayMs >= 20 && delayMs < 60, `${delayMs}`);
      const quarter = Math.floor((delayMs - 20) / 10);
      counts[quarter] = (counts[quarter] ?? 0) + 1;
    }
    // A fixed sequence, so this can't differ between runs.
    for (const count of counts) assert.ok(Math.abs(count - 1000) < 100, `${counts}`);
  });

  it('is zero if it is turned off, or if the route is not named', () => {
    assert.equal(setUp().perturbation.delayFor('GET /', 1), 0);
    const { perturbation } = setUp({ randomDelay: { enabled: true, min: 5, routes: ['POST /cart/**'] } });
    assert.equal(perturbation.delayFor('GET /cart/a', 1), 0);
    assert.ok(perturbation.delayFor('POST /cart/a', 1) >= 5);
  });

  it("depends on the request's number on its route, not on other routes", () => {
    const setup = setUp();
    const [a, b] = [new RouteStats(), new RouteStats()];
    const numbers = [a, b, b, a, a].map((stats) => hold(setup, request('GET /', stats))[0]?.nth);
    assert.deepEqual(numbers, [1, 1, 2, 2, 3]);
  });

  it('holds its own request for at least as long, and no other one', DEADLINE, async () => {
    const setup = setUp({ randomDelay: { enabled: true, min: 30, max: 30, routes: ['/held'] } });
    const [held, free] = hold(setup, request('GET /held'), request('GET /free')) as [Exchange, Exchange];
    assert.deepEqual(setup.released, [[free]]);
    assert.deepEqual(await setup.next(), [held]);
    assert.ok(held.delayMs >= 30 && performance.now() - held.receivedAt >= 30, `${held.delayMs}`);
    assert.equal(free.delayMs, 0);
  });

  it('never releases a request that was canceled', DEADLINE, async () => {
    const setup = setUp({ randomDelay: { enabled: true, min: 10, max: 10 } });
    const [left, stays] = hold(setup, request(), request()) as [Exchange, Exchange];
    left.cancelHold();
    // The second was held for as long, and is released after the first would have been.
    assert.deepEqual(await setup.next(), [stays]);
    assert.equal(setup.released.length, 1);
  });

  it('has its new range for later requests', DEADLINE, async () => {
    const setup = setUp({ randomDelay: { enabled: true, min: 20, max: 20 } });
    const [held] = hold(setup, request()) as [Exchange];
    setup.perturbation.configure(config());
    const [free] = hold(setup, request()) as [Exchange];
    assert.deepEqual(setup.released, [[free]]);
    assert.deepEqual(await setup.next(), [held]);
    assert.ok(held.delayMs >= 20);
  });
});

describe('overlap', () => {
  it('holds a request until enough of its route have come, then releases them in one call', () => {
    const setup = setUp({ overlap: { size: 3 } });
    const [a, b, other, c] = hold(
      setup,
      request('GET /a'),
      request('GET /a'),
      request('GET /b'),
      request('GET /a'),
    ) as [Exchange, Exchange, Exchange, Exchange];
    assert.deepEqual(setup.released, [[a, b, c]]);
    assert.deepEqual([a.group, b.group, c.group, other.group], [1, 1, 1, undefined]);
    assert.ok(a.overlapMs >= c.overlapMs && c.overlapMs >= 0);
  });

  it('of named routes lets them overlap with each other, and does not affect other routes', () => {
    const setup = setUp({ overlap: { size: 2, routes: ['/a', '/b'] } });
    const [a, other, b] = hold(setup, request('GET /a'), request('GET /c'), request('GET /b'));
    assert.deepEqual(setup.released, [[other], [a, b]]);
  });

  it('releases its requests when its time is over; then the next group starts', DEADLINE, async () => {
    const setup = setUp({ overlap: { size: 3, maxMs: 20 } });
    const [a, b] = hold(setup, request(), request()) as [Exchange, Exchange];
    assert.deepEqual(await setup.next(), [a, b]);
    assert.ok(a.overlapMs >= 20, `${a.overlapMs}`);
    const [c] = hold(setup, request()) as [Exchange];
    assert.deepEqual(await setup.next(), [c]);
    assert.notEqual(c.group, a.group);
  });

  it(
    'reports that too few have come in time, but not if enough have or all have left',
    DEADLINE,
    async () => {
      const setup = setUp({ overlap: { size: 3, maxMs: 20 } });
      hold(setup, request('GET /full'), request('GET /full'), request('GET /full'));
      const [left] = hold(setup, request('GET /left')) as [Exchange];
      left.cancelHold();
      await setup.next();
      assert.deepEqual(setup.incomplete, []);
      hold(setup, request(), request());
      await setup.next();
      assert.deepEqual(setup.incomplete, [{ came: 2, size: 3, maxMs: 20 }]);
    },
  );

  it('never releases early, even after a long turn of the event loop', DEADLINE, async () => {
    // Node's timers count from the start of a turn.
    await new Promise((resolve) => setImmediate(resolve));
    const busyUntil = performance.now() + 15;
    while (performance.now() < busyUntil);
    const setup = setUp({ overlap: { size: 2, maxMs: 20 } });
    const [a] = hold(setup, request()) as [Exchange];
    await setup.next();
    assert.ok(a.overlapMs >= 20, `${a.overlapMs}`);
  });

  it('does not count a canceled request', () => {
    const setup = setUp({ overlap: { size: 2 } });
    const [left] = hold(setup, request()) as [Exchange];
    left.cancelHold();
    const [a] = hold(setup, request());
    assert.deepEqual(setup.released, []);
    const [b] = hold(setup, request());
    assert.deepEqual(setup.released, [[a, b]]);
  });

  it('releases all held requests when it is turned off', () => {
    const setup = setUp({ overlap: { size: 5 } });
    const [a, b] = hold(setup, request('GET /a'), request('GET /b'));
    setup.perturbation.configure(config());
    assert.deepEqual(setup.released, [[a], [b]]);
  });

  it('starts when the random delay is over', DEADLINE, async () => {
    const setup = setUp({ randomDelay: { enabled: true, min: 15, max: 15 }, overlap: { size: 2 } });
    const [a, b] = hold(setup, request(), request()) as [Exchange, Exchange];
    // The system decides whose timer comes first.
    assert.deepEqual(new Set(await setup.next()), new Set([a, b]));
    for (const { delayMs, group } of [a, b]) assert.ok(delayMs >= 15 && group === 1);
  });
});

describe('overlapNext', () => {
  it('holds the given number of matching requests, once', DEADLINE, async () => {
    const setup = setUp();
    const done = setup.perturbation.overlapNext({ size: 2, maxMs: LONG_MS, routes: ['/pair'] });
    const [first, other, second] = hold(setup, request('GET /pair'), request('GET /'), request('GET /pair'));
    await done;
    const [later] = hold(setup, request('GET /pair'));
    assert.deepEqual(setup.released, [[other], [first, second], [later]]);
    assert.equal(later?.group, undefined);
  });

  it('takes precedence over the configured overlap', () => {
    const setup = setUp({ overlap: { size: 2 } });
    void setup.perturbation.overlapNext({ size: 3, maxMs: LONG_MS, routes: [] });
    const [a, b, c] = hold(setup, request(), request(), request());
    const [d, e] = hold(setup, request(), request());
    assert.deepEqual(setup.released, [
      [a, b, c],
      [d, e],
    ]);
  });

  it('ends with the requests so far when its time is over', DEADLINE, async () => {
    const setup = setUp();
    const done = setup.perturbation.overlapNext({ size: 3, maxMs: 10, routes: [] });
    const [a] = hold(setup, request());
    await done;
    assert.deepEqual(setup.released, [[a]]);
  });

  for (const [how, end] of [
    ['is canceled', ({ perturbation }) => perturbation.cancelNext()],
    ['is replaced', ({ perturbation }) => void perturbation.overlapNext({ size: 2, maxMs: 1, routes: [] })],
    ['ends by a new configuration', ({ perturbation }) => perturbation.configure(config())],
  ] as Array<[string, (setup: Setup) => void]>) {
    it(`that ${how} releases its requests and resolves`, DEADLINE, async () => {
      const setup = setUp();
      const done = setup.perturbation.overlapNext({ size: 3, maxMs: LONG_MS, routes: [] });
      const [a, b] = hold(setup, request(), request());
      end(setup);
      await done;
      assert.deepEqual(setup.released, [[a, b]]);
    });
  }
});
