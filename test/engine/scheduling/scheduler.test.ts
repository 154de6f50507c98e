import assert from 'node:assert/strict';
import { after, afterEach, describe, it } from 'node:test';
import { RouteStats } from '../../../src/engine/requests/route-stats.ts';
import { Scheduler } from '../../../src/engine/scheduling/scheduler.ts';
import type { SchedulerOptions } from '../../../src/engine/scheduling/scheduler-options.ts';
import { FakeClient, FakeWorker } from './fake-worker.ts';

// The scheduler's own timer does not keep the process alive.
const alive = setInterval(() => {}, 60_000);
after(() => clearInterval(alive));

const DEADLINE = { timeout: 10_000 };

let scheduler: Scheduler | undefined;
afterEach(() => scheduler?.stop());

interface Setup {
  scheduler: Scheduler;
  workers: FakeWorker[];
  /** The scheduler's events, in order. */
  reports: string[];
  /** Resolves once this event came. */
  reported(what: string): Promise<void>;
}

/** A scheduler over this many idle workers, numbered from 1. */
function setUp(count: number, options: Partial<SchedulerOptions> = {}): Setup {
  const reports: string[] = [];
  const waiting = new Map<string, () => void>();
  const tell = (what: string): void => {
    reports.push(what);
    waiting.get(what)?.();
  };
  const made: Scheduler = new Scheduler({
    affinity: 'none',
    maxRequestsPerWorker: 0,
    queueLimit: 100,
    isAlone: () => false,
    wantWorker: () => tell('want worker'),
    changed: ({ id, blockedSince, inFlight }) =>
      tell(`${id} ${blockedSince !== undefined ? 'blocked' : inFlight > 0 ? 'busy' : 'idle'}`),
    session: (protocol) => tell(protocol),
    usedUp: ({ id }) => tell(`${id} used up`),
    overloaded: ({ client }) => tell(`overloaded ${client.clientKey}`),
    ...options,
  });
  scheduler = made;
  const workers = Array.from(
    { length: count },
    (_, at) =>
      new FakeWorker(at + 1, {
        revoked: (exchange) => made.revoked(exchange),
        unblocked: (upstream) => made.unblocked(upstream),
        finished: (upstream) => made.released(upstream),
      }),
  );
  made.setUpstreams(workers.map(({ upstream }) => upstream));
  const reported = async (what: string): Promise<void> => {
    if (reports.includes(what)) return;
    await new Promise<void>((resolve) => waiting.set(what, resolve));
  };
  return { scheduler: made, workers, reports, reported };
}

/** Submits requests one after another. */
function submit({ scheduler }: Setup, ...clients: FakeClient[]): FakeClient[] {
  for (const { exchange } of clients) scheduler.submit([exchange]);
  return clients;
}

function finish({ scheduler }: Setup, { exchange }: FakeClient): void {
  exchange.finish();
  scheduler.finished(exchange);
}

const placed = (clients: readonly FakeClient[]) => clients.map(({ workers }) => workers.join(' then '));
const clients = (count: number) => Array.from({ length: count }, () => new FakeClient());

describe('a request', () => {
  it('goes to an idle worker first, then to the least busy one', () => {
    const setup = setUp(2);
    const [first, second, third] = submit(setup, ...clients(3)) as [FakeClient, FakeClient, FakeClient];
    assert.deepEqual(placed([first, second]), ['1', '2']);
    const other = third.workers[0] === 1 ? 2 : 1;
    assert.deepEqual(placed(submit(setup, new FakeClient())), [`${other}`], 'it has one, the other two');
    for (const client of [first, second, third]) if (client.workers[0] !== other) finish(setup, client);
    assert.deepEqual(placed(submit(setup, new FakeClient())), [`${3 - other}`], 'it is idle');
  });

  it('that is known to be short joins a worker that is being woken, unless it is one of a group', (test) => {
    // Both come at the same time, however slow the machine is between them.
    test.mock.method(performance, 'now', () => 1000);
    const stats = new RouteStats();
    stats.measured(0.01);
    const short = () => new FakeClient('GET /', { stats });
    assert.deepEqual(placed(submit(setUp(2), short(), short())), ['1', '1']);
    const together = [short(), short()];
    const setup = setUp(2);
    setup.scheduler.submit(together.map(({ exchange }) => exchange));
    assert.deepEqual(placed(together), ['1', '2']);
  });

  it('of a group goes in the same turn as the others, even if all have one worker', () => {
    const setup = setUp(1);
    const together = clients(3);
    setup.scheduler.submit(together.map(({ exchange }) => exchange));
    assert.deepEqual(placed(together), ['1', '1', '1']);
  });

  it('never goes to a worker that has exited, drains, or does not have its server of the app', () => {
    const setup = setUp(4);
    setup.workers[0]!.upstream.close();
    setup.workers[1]!.upstream.drain();
    setup.workers[2]!.upstream.unaccept(0);
    assert.deepEqual(placed(submit(setup, ...clients(3))), ['4', '4', '4']);
  });

  it('that no worker can take waits, asks for a worker, and is served in order of arrival', () => {
    const setup = setUp(0);
    const waiting = submit(setup, ...clients(3));
    assert.deepEqual(placed(waiting), ['', '', '']);
    assert.deepEqual([setup.scheduler.queued, setup.reports[0]], [3, 'want worker']);
    // A request whose client disconnects does not wait any more.
    finish(setup, waiting[1]!);
    const worker = new FakeWorker(1);
    setup.scheduler.setUpstreams([worker.upstream]);
    assert.deepEqual(placed(waiting), ['1', '', '1']);
    assert.equal(setup.scheduler.queued, 0);
    assert.ok([...worker.upstream.exchanges][0] === waiting[0]?.exchange);
  });

  it('asks for another worker if its own blocked while all workers were on hold', DEADLINE, async () => {
    const setup = setUp(1);
    setup.workers[0]!.responds = false;
    submit(setup, ...clients(2));
    setup.scheduler.setUpstreams([]);
    // Several of the scheduler's checks would fall into this time.
    await new Promise((resolve) => setTimeout(resolve, 50));
    setup.scheduler.setUpstreams(setup.workers.map(({ upstream }) => upstream));
    await setup.reported('1 blocked');
    await setup.reported('want worker');
  });

  it('does not overtake waiting requests', () => {
    const setup = setUp(1);
    const { upstream } = setup.workers[0]!;
    upstream.unaccept(0);
    const [waiting] = submit(setup, new FakeClient());
    // The worker accepts, but the scheduler does not know yet.
    upstream.accept(0);
    const [later] = submit(setup, new FakeClient());
    assert.deepEqual(placed([waiting!, later!]), ['', '']);
    setup.scheduler.drainQueue();
    assert.deepEqual([...upstream.exchanges], [waiting!.exchange, later!.exchange]);
  });

  it('above the limit of the queue is refused, and the others keep waiting', () => {
    const setup = setUp(0, { queueLimit: 2 });
    const asked = submit(setup, ...['a', 'b', 'c'].map((key) => new FakeClient('GET /', { key })));
    assert.deepEqual(
      setup.reports.filter((what) => what.startsWith('overloaded')),
      ['overloaded c'],
    );
    assert.deepEqual(
      setup.scheduler.takeQueue(),
      asked.slice(0, 2).map(({ exchange }) => exchange),
    );
    assert.equal(setup.scheduler.queued, 0);
  });

  it('whose client disconnected before its submission or return is never sent to a worker', () => {
    const setup = setUp(1);
    const [left, revoked] = clients(2) as [FakeClient, FakeClient];
    left.exchange.finish();
    submit(setup, left, revoked);
    revoked.exchange.finish();
    setup.scheduler.revoked(revoked.exchange);
    assert.deepEqual(placed([left, revoked]), ['', '1']);
  });
});

describe('a worker', () => {
  it('gets no more than its number of requests, and that is reported once', () => {
    const setup = setUp(2, { maxRequestsPerWorker: 2 });
    const asked = submit(setup, ...clients(5));
    assert.deepEqual(placed(asked).sort(), ['', '1', '1', '2', '2']);
    assert.deepEqual(setup.reports.filter((what) => what.endsWith('used up')).sort(), [
      '1 used up',
      '2 used up',
    ]);
    assert.equal(setup.scheduler.queued, 1);
    // Finished requests do not make new room.
    finish(setup, asked[0]!);
    assert.equal(setup.scheduler.queued, 1);
  });

  it(
    'that gives no sign of life counts as blocked, gets nothing, and gets waiting requests once it answers',
    DEADLINE,
    async () => {
      const setup = setUp(1);
      const [worker] = setup.workers as [FakeWorker];
      worker.responds = false;
      const [stuck] = submit(setup, new FakeClient()) as [FakeClient];
      worker.begin(stuck.exchange);
      await setup.reported('1 blocked');
      setup.reports.length = 0;
      const [waiting] = submit(setup, new FakeClient()) as [FakeClient];
      assert.deepEqual(waiting.workers, []);
      await setup.reported('want worker');
      worker.pong();
      assert.deepEqual(waiting.workers, [1]);
    },
  );

  it('that is blocked loses its offers that are not started to another worker', DEADLINE, async () => {
    const setup = setUp(2);
    const [first, second] = submit(setup, ...clients(2)) as [FakeClient, FakeClient];
    setup.workers[1]!.begin(second.exchange);
    setup.workers[0]!.responds = false;
    await first.given(2);
    assert.deepEqual(first.workers, [1, 2]);
    assert.equal(first.exchange.worker, setup.workers[1]!.upstream);
  });

  it('that is idle takes an offer that another worker has not started', DEADLINE, async () => {
    const setup = setUp(2);
    const [first, second, third] = submit(setup, ...clients(3)) as [FakeClient, FakeClient, FakeClient];
    const [own, other] = third.workers[0] === 1 ? [1, 2] : [2, 1];
    const [busy, done] = own === 1 ? [first, second] : [second, first];
    setup.workers[own - 1]!.begin(busy.exchange);
    setup.workers[other - 1]!.begin(done.exchange);
    finish(setup, done);
    await third.given(2);
    assert.deepEqual(third.workers, [own, other]);
    assert.deepEqual(busy.workers.length, 1, 'a started request stays');
  });

  it(
    'that responds keeps one of two overlapping requests, although an idle worker could take it',
    DEADLINE,
    async () => {
      const setup = setUp(1);
      const [running, partner, single] = clients(3) as [FakeClient, FakeClient, FakeClient];
      partner.exchange.overlapped(0, 1);
      submit(setup, running, partner, single);
      setup.workers[0]!.begin(running.exchange);
      const idle = new FakeWorker(2);
      setup.scheduler.setUpstreams([setup.workers[0]!.upstream, idle.upstream]);
      // Younger than its neighbour, and the only one that moves.
      await single.given(2);
      assert.deepEqual(placed([partner, single]), ['1', '1 then 2']);
    },
  );

  it('that is blocked loses one of two overlapping requests', DEADLINE, async () => {
    const setup = setUp(2);
    const partners = clients(2) as [FakeClient, FakeClient];
    for (const { exchange } of partners) exchange.overlapped(0, 1);
    setup.scheduler.submit(partners.map(({ exchange }) => exchange));
    setup.workers[1]!.begin(partners[1].exchange);
    setup.workers[0]!.responds = false;
    await partners[0].given(2);
    assert.ok(setup.reports.includes('1 blocked'));
    assert.deepEqual(placed(partners), ['1 then 2', '2']);
  });
});

describe('a client with affinity', () => {
  const as = (key: string) => new FakeClient('GET /', { key });

  it('stays on its worker while that is busy and another one is idle; others go elsewhere', () => {
    const setup = setUp(2, { affinity: 'client' });
    const asked = submit(setup, as('ann'), as('ben'), as('ann'));
    finish(setup, asked[1]!);
    const more = submit(setup, as('ann'), as('ben'));
    assert.deepEqual(placed([...asked, ...more]), ['1', '2', '1', '1', '2']);
  });

  it('stays even while its worker is blocked, and no offer is revoked', DEADLINE, async () => {
    const setup = setUp(2, { affinity: 'client' });
    setup.workers[0]!.responds = false;
    const [first] = submit(setup, as('ann')) as [FakeClient];
    await setup.reported('1 blocked');
    const [second] = submit(setup, as('ann')) as [FakeClient];
    assert.deepEqual(placed([first, second]), ['1', '1']);
    assert.equal(setup.workers[1]!.upstream.dispatched, 0);
  });

  it('gets another worker when its own has exited, and stays there', () => {
    const setup = setUp(2, { affinity: 'client' });
    submit(setup, as('ann'));
    setup.scheduler.setUpstreams([setup.workers[1]!.upstream]);
    submit(setup, as('ann'));
    setup.scheduler.setUpstreams(setup.workers.map(({ upstream }) => upstream));
    assert.deepEqual(placed(submit(setup, as('ann'))), ['2']);
  });
});

describe('a session that a worker keeps', () => {
  const poll = (sid: string) => new FakeClient(`GET /socket.io/?EIO=4&transport=polling&sid=${sid}`);
  const hello = () => new FakeClient('GET /socket.io/?EIO=4&transport=polling');

  /** A session that worker 2 has given. */
  function given(options: Partial<SchedulerOptions> = {}): Setup {
    const setup = setUp(2, options);
    const [other, first] = submit(setup, new FakeClient(), hello()) as [FakeClient, FakeClient];
    setup.scheduler.sessionGiven(first.exchange, 'abc', 'socket.io');
    finish(setup, other);
    finish(setup, first);
    return setup;
  }

  it('has its requests go there, also while another one is idle; other requests go anywhere', () => {
    const setup = given();
    assert.deepEqual(placed(submit(setup, poll('abc'), poll('abc'), new FakeClient())), ['2', '2', '1']);
    assert.ok(setup.reports.includes('socket.io'));
  });

  it('waits for it while it is blocked, and nothing is taken back', DEADLINE, async () => {
    const setup = given();
    setup.workers[1]!.responds = false;
    const [first] = submit(setup, poll('abc')) as [FakeClient];
    await setup.reported('2 blocked');
    const [second] = submit(setup, poll('abc')) as [FakeClient];
    // What any worker can take goes on meanwhile, and makes the scheduler look again.
    const other = new FakeClient();
    submit(setup, other);
    setup.workers[0]!.begin(other.exchange);
    finish(setup, other);
    assert.deepEqual(placed([first, second, other]), ['2', '2', '1']);
    assert.ok(!setup.reports.includes('want worker'), 'no other worker is of use');
  });

  it('goes elsewhere once that is gone, and stays there', () => {
    const setup = given();
    setup.scheduler.setUpstreams([setup.workers[0]!.upstream]);
    assert.deepEqual(placed(submit(setup, poll('abc'))), ['1']);
    setup.scheduler.setUpstreams(setup.workers.map(({ upstream }) => upstream));
    assert.deepEqual(placed(submit(setup, poll('abc'), poll('abc'))), ['1', '1']);
  });

  it('waits for a worker that takes so many at a time, while others are served', () => {
    const setup = given();
    for (const { upstream } of setup.workers) upstream.offers.limitTo(1);
    const asked = submit(setup, poll('abc'), poll('abc'), new FakeClient());
    assert.deepEqual(placed(asked), ['2', '', '1']);
    assert.ok(!setup.reports.includes('want worker'));
  });

  it('is not reported if there is one worker', () => {
    const setup = setUp(1);
    submit(setup, hello(), poll('abc'));
    assert.ok(!setup.reports.includes('socket.io'));
  });
});

describe('affinity that changes', () => {
  it('holds for what comes then', () => {
    const setup = setUp(2);
    const as = (key: string) => new FakeClient('GET /', { key });
    const before = submit(setup, as('ann'), as('ann'));
    for (const client of before) finish(setup, client);
    setup.scheduler.setAffinity('client');
    assert.deepEqual(placed(submit(setup, as('ann'), as('ann'))), ['1', '1']);
    setup.scheduler.setAffinity('none');
    assert.deepEqual(placed(submit(setup, as('ann'))), ['2']);
  });
});
