import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { seededUnit } from '../../src/engine/requests/seeded-random.ts';
import type { RequestRecord } from '../../src/protocol/messages.ts';
import type { Cli } from '../support/cli.ts';
import { ask, timing } from './http-client.ts';
import { forEachMode, idleWorkers, requestsInFlight } from './modes.ts';
import { RunLog } from './run-log.ts';

/** A delay is never shorter than it should be; on a busy machine it may be longer. */
const LATE_MS = 40;

forEachMode(['node', 'wsgi', 'asgi'], (start, mode, speech) => {
  const log = new RunLog();
  let cli: Cli;
  before(async () => {
    cli = await start('run-log.cjs', ['--workers', '2', '--seed', '7'], { env: log.env });
    await idleWorkers(cli, 2);
  });

  /** The log's record of an answered request. */
  async function recordOf(server: Cli, target: string): Promise<RequestRecord> {
    const event = await server.waitFor((e) => e.type === 'request' && e.target === target);
    assert.ok(event.type === 'request');
    return event;
  }

  async function set(randomDelay: object, overlap: object): Promise<void> {
    const off = { enabled: false, min: 0, max: 333, routes: [] };
    const reply = await cli.ask({
      type: 'set',
      seed: 7,
      randomDelay: { ...off, ...randomDelay },
      overlap: { size: 0, maxMs: 150, routes: [], ...overlap },
    });
    assert.equal(reply.type, 'reply');
  }

  it('the seed decides the delay of the k-th request to a route, and the logged seed repeats it', async () => {
    const runs: number[][] = [];
    let seed: number | undefined;
    // The front makes the delays, so it suffices to repeat a run on the runtime with the fastest start.
    while (runs.length < (speech === 'node' ? 2 : 1)) {
      const again = seed === undefined ? [] : ['--seed', `${seed}`];
      const args = ['--workers', '1', '--random-delay', '10-60', ...again];
      const server = await start('run-log.cjs', args, { env: log.env });
      ({ seed } = await server.ready);
      const delays: number[] = [];
      for (let nth = 1; nth <= 4; nth++) {
        // One run has more requests in between than the other: they change nothing.
        await Promise.all([
          ask(`${server.url}/seeded?${nth}`),
          ...Array.from({ length: runs.length * nth }, () => ask(`${server.url}/other`)),
        ]);
        const { delayMs, nth: counted } = await recordOf(server, `/seeded?${nth}`);
        assert.equal(counted, nth);
        delays.push(delayMs);
      }
      await server.stop();
      runs.push(delays);
    }
    const wanted = [1, 2, 3, 4].map((nth) => 10 + seededUnit(seed ?? 0, 'GET /seeded', nth) * 50);
    const late = runs.flatMap((delays) => delays.map((delayMs, at) => delayMs - wanted[at]!));
    late.sort((a, b) => a - b);
    // None is early. A busy machine makes some late, but not every second one.
    assert.ok(late[0]! >= -0.01 && late[2]! < LATE_MS, `${late}`);
  });

  it('a delay holds its own request and no other, not even on the same worker', async () => {
    await set({ enabled: true, min: 1000, max: 1000, routes: ['/held'] }, {});
    const done: string[] = [];
    const held = ask(`${cli.url}/held`).finally(() => done.push('held'));
    const others = await Promise.all(
      Array.from({ length: 10 }, (_, at) => ask(`${cli.url}/free?${at}`).finally(() => done.push('free'))),
    );
    for (const { headers } of others) assert.equal(timing(headers, 'delay').dur, '0');
    const { headers, ms } = await held;
    assert.ok(Number(timing(headers, 'delay').dur) >= 1000);
    assert.ok(ms >= 999);
    assert.equal(done.at(-1), 'held');
  });

  it('delays are independent: together they take as long as the longest', async () => {
    await set({ enabled: true, min: 300, max: 300 }, {});
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 12 }, () => ask(`${cli.url}/together`)));
    assert.ok(performance.now() - startedAt < (12 * 300) / 2);
  });

  it('a running server can change the delay, by route and method', async () => {
    await set({ enabled: true, min: 50, max: 50, routes: ['POST /cart/**'] }, {});
    const delayOf = async (method: string, path: string): Promise<number> =>
      Number(timing((await ask(`${cli.url}${path}`, { method })).headers, 'delay').dur);
    assert.ok((await delayOf('POST', '/cart/a/b')) >= 49);
    assert.equal(await delayOf('GET', '/cart/a/b'), 0);
    assert.equal(await delayOf('POST', '/other'), 0);
    await cli.ask({ type: 'set', randomDelay: { enabled: false } });
    assert.equal(await delayOf('POST', '/cart/a/b'), 0);
    await cli.ask({ type: 'set', randomDelay: { enabled: true } });
    assert.ok((await delayOf('POST', '/cart/a/b')) >= 49, 'the rest was kept');
  });

  it('a request whose client disconnects while it is held is never sent to a worker', async () => {
    await set({ enabled: true, min: 100, max: 100, routes: ['/left'] }, {});
    const left = new AbortController();
    const url = `${cli.url}/left`;
    const fetched = fetch(url, { signal: left.signal }).catch(() => 'left');
    await requestsInFlight(cli, 1);
    left.abort();
    assert.equal(await fetched, 'left');
    const { status, worker, failure } = await recordOf(cli, '/left');
    assert.deepEqual([status, worker, failure], [0, 0, 'client closed']);
    await ask(`${cli.url}/left?next`);
    assert.deepEqual(log.counts('/left'), [1]);
  });

  it('overlap releases the configured number of requests together, to different workers', async () => {
    await set({}, { size: 2, maxMs: 10_000 });
    let apart = 0;
    for (let round = 0; round < 5; round++) {
      const first = ask(`${cli.url}/pair?${round}a`);
      const answers = await Promise.all([first, ask(`${cli.url}/pair?${round}b`)]);
      apart += new Set(answers.map(({ worker }) => worker)).size - 1;
      for (const { headers } of answers) assert.ok(Number(timing(headers, 'overlap').dur) >= 0);
      const records = [await recordOf(cli, `/pair?${round}a`), await recordOf(cli, `/pair?${round}b`)];
      assert.ok(records[0]?.group !== undefined);
      assert.equal(records[0].group, records[1]?.group);
    }
    // A busy machine may make a worker look blocked for a moment, and blocked workers get nothing.
    assert.ok(apart >= 3, `${apart} of 5 pairs`);
  });

  it('overlap with a single worker runs them there side by side, as one group', {
    skip: speech === 'wsgi' && mode === 'fork' && 'a forked WSGI process has one request at a time',
  }, async () => {
    const args = ['--workers', '1', '--max-workers', '1', '--overlap', '5,10000'];
    const single = await start('run-log.cjs', args, { env: log.env });
    const asked = Array.from({ length: 5 }, (_, at) => ask(`${single.url}/turn?${at}&wait=turn`));
    // None is answered, and all of them run.
    for (const at of asked.keys()) await log.ran(`/turn?${at}`);
    log.release('turn');
    const records = await Promise.all(asked.map((_, at) => recordOf(single, `/turn?${at}&wait=turn`)));
    assert.equal(new Set(records.map(({ group, worker }) => `${group} ${worker}`)).size, 1);
    await single.stop();
  });

  it('requests of different routes do not overlap, unless they are named as one group', async () => {
    await set({}, { size: 2, maxMs: 60, routes: [] });
    const apart = await Promise.all([ask(`${cli.url}/a`), ask(`${cli.url}/b`)]);
    for (const { headers } of apart) assert.ok(Number(timing(headers, 'overlap').dur) >= 59);
    await set({}, { size: 2, maxMs: 10_000, routes: ['/a', '/b'] });
    const group = await Promise.all([ask(`${cli.url}/a`), ask(`${cli.url}/b`), ask(`${cli.url}/c`)]);
    for (const { headers } of group.slice(0, 2)) assert.notEqual(timing(headers, 'overlap').dur, undefined);
    assert.deepEqual(timing(group[2].headers, 'overlap'), {}, 'not in the group');
  });

  it('a request that stays alone is released after MAXMS', async () => {
    await set({}, { size: 2, maxMs: 80 });
    const { headers, status } = await ask(`${cli.url}/lone`);
    const held = Number(timing(headers, 'overlap').dur);
    assert.equal(status, 200);
    assert.ok(held >= 79 && held < 80 + LATE_MS, `${held}`);
  });

  it('turning overlap off releases held requests', async () => {
    await set({}, { size: 2, maxMs: 60_000 });
    const held = ask(`${cli.url}/lone`);
    await requestsInFlight(cli, 1);
    await cli.ask({ type: 'set', overlap: { size: 0 } });
    assert.equal((await held).status, 200);
  });
});
