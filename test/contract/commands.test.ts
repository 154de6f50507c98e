import assert from 'node:assert/strict';
import { before, beforeEach, it } from 'node:test';
import type { Mode } from '../../src/protocol/config.ts';
import type { StatusReport } from '../../src/protocol/messages.ts';
import type { Cli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { forEachMode, idleWorkers, requestStarted } from './modes.ts';

forEachMode(['node', 'wsgi'], (start, mode, speech) => {
  /** Node's threads are in the server's own process. */
  const inServer = (kind: Mode): boolean => speech === 'node' && kind === 'thread';

  let cli: Cli;
  /** Events before this one belong to earlier tests. */
  let from = 0;

  before(async () => {
    cli = await start('who.cjs', ['--workers', '2', '--processes', '2', '--seed', '11']);
    // Extra workers, which many requests would start, take a while to retire.
    await cli.ask({ type: 'set', maxWorkers: 2 });
    await idleWorkers(cli, 2);
  });
  beforeEach(() => {
    from = cli.events.length;
  });

  async function status(): Promise<StatusReport> {
    const event = await cli.ask({ type: 'status' });
    assert.ok(event.type === 'status');
    return event;
  }

  /** Resolves with the ids of the workers once there are this many, all idle, and none drains. */
  async function settled(count: number, kind: Mode = mode): Promise<number[]> {
    const deadline = performance.now() + 15_000;
    for (;;) {
      const { workers } = await status();
      const good = workers.filter((worker) => worker.state === 'idle' && worker.mode === kind);
      if (workers.length === count && good.length === count) return workers.map(({ id }) => id).sort();
      assert.ok(performance.now() < deadline, JSON.stringify(workers));
    }
  }

  it('status reports the memory of each worker, measured after an earlier status', async () => {
    const deadline = performance.now() + 15_000;
    for (;;) {
      const { workers } = await status();
      if (workers.length === 2 && workers.every(({ memory = 0 }) => memory > 1_000_000)) return;
      assert.ok(performance.now() < deadline, JSON.stringify(workers));
    }
  });

  it('status reports the address, the workers and the settings', async () => {
    const report = await status();
    assert.equal(report.url, `${cli.url}/`);
    assert.deepEqual([report.pid, report.mode, report.seed], [cli.pid, mode, 11]);
    assert.deepEqual([report.queued, report.inFlight], [0, 0]);
    assert.equal(report.workers.length, 2);
    const pids = new Set(report.workers.map(({ pid }) => pid));
    if (inServer(mode)) assert.deepEqual(pids, new Set([cli.pid]));
    else assert.ok(pids.size === 2 && !pids.has(cli.pid));
    const before = report.served;
    await ask(cli.url);
    assert.equal((await status()).served, before + 1);
  });

  it('each worker has its own process or thread', async () => {
    const { text, worker } = await ask(cli.url);
    const { workers } = await status();
    const { pid, threadId = 0 } = workers.find(({ id }) => id === worker) ?? {};
    assert.deepEqual(JSON.parse(text), { pid, threadId });
  });

  it('restart: new workers take over, open requests finish, and no request fails', async () => {
    const old = await settled(2);
    const slow = ask(`${cli.url}/slow`);
    await requestStarted(cli, from);
    assert.equal((await cli.ask({ type: 'restart' })).type, 'reply');
    // These arrive before a new worker accepts, so they wait for it.
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(cli.url)));
    const wrong = answers.filter(({ status, worker }) => status !== 200 || old.includes(worker));
    assert.deepEqual(wrong, []);
    assert.ok(old.includes((await slow).worker));
    const fresh = await settled(2);
    assert.ok(fresh.every((id) => !old.includes(id)));
    assert.ok((await status()).workers.every(({ generation }) => generation === 2));
    // Of the old workers: if one looked blocked for a moment, an extra one may have started, which ends too.
    const goodbyes = () => cli.ofType('log').filter(({ text }) => text.includes('goodbye'));
    await cli.waitFor(() => old.every((id) => goodbyes().some(({ worker }) => worker === id)), {
      what: 'the app’s own exit handlers of both workers',
    });
  });

  it('restartWorker replaces one worker after its open requests', async () => {
    const [first = 0, second = 0] = await settled(2);
    assert.equal((await cli.ask({ type: 'restartWorker', worker: first })).type, 'reply');
    const after = await (async () => {
      await cli.waitFor((e) => e.type === 'worker' && e.id === first && e.state === 'stopped', { from });
      return settled(2);
    })();
    assert.ok(after.includes(second) && !after.includes(first));
    assert.equal(cli.ofType('error').length, 0);
  });

  it('killWorker ends one worker at once, and another one replaces it', async () => {
    const [first = 0, second = 0] = await settled(2);
    assert.equal((await cli.ask({ type: 'killWorker', worker: second })).type, 'reply');
    await cli.waitFor((e) => e.type === 'worker' && e.id === second && e.state === 'crashed', { from });
    const after = await settled(2);
    assert.ok(after.includes(first) && !after.includes(second));
  });

  it('a command for an unknown worker is an error with the id of the command', async () => {
    const error = await cli.ask({ type: 'killWorker', worker: 999 });
    assert.equal(error.type === 'error' && error.error.code, 'NO_SUCH_WORKER');
  });

  it('set workers starts missing workers and retires surplus ones', async () => {
    // In thread mode a Python app has the number of processes that was configured at the start.
    if (speech === 'wsgi' && mode === 'thread') {
      assert.equal((await cli.ask({ type: 'set', workers: 3 })).type, 'reply');
      assert.equal((await settled(2)).length, 2);
      await cli.ask({ type: 'set', workers: 2, maxWorkers: 2 });
      return;
    }
    assert.equal((await cli.ask({ type: 'set', workers: 3, maxWorkers: 3 })).type, 'reply');
    assert.equal((await settled(3)).length, 3);
    assert.equal((await cli.ask({ type: 'set', workers: 1, maxWorkers: 1 })).type, 'reply');
    assert.equal((await settled(1)).length, 1);
    assert.equal((await ask(cli.url)).status, 200);
    assert.equal((await cli.ask({ type: 'set', workers: 2, maxWorkers: 2 })).type, 'reply');
    assert.equal((await settled(2)).length, 2);
  });

  it('set mode replaces the workers by those of the other mode, and no request fails', async () => {
    const other: Mode = mode === 'thread' ? 'fork' : 'thread';
    for (const kind of [other, mode]) {
      assert.equal((await cli.ask({ type: 'set', mode: kind })).type, 'reply');
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask(cli.url)));
      assert.ok(answers.every((answer) => answer.status === 200));
      await settled(2, kind);
      const { pid } = JSON.parse((await ask(cli.url)).text) as { pid: number };
      assert.equal(pid === cli.pid, inServer(kind));
    }
  });

  it('set of an invalid value changes nothing', async () => {
    const before = await status();
    const bad = { type: 'set', workers: 3, randomDelay: { min: 5, max: 1 } } as const;
    assert.equal((await cli.ask(bad)).type, 'error');
    const after = await status();
    assert.deepEqual(after.randomDelay, before.randomDelay);
    assert.deepEqual(after.workers.length, before.workers.length);
  });

  it('stop answers open requests and refuses later ones; it exits with 0 and leaves nothing behind', async () => {
    const slow = ask(`${cli.url}/slow`);
    await requestStarted(cli, from);
    const exit = cli.stop();
    assert.equal((await slow).status, 200);
    assert.deepEqual(await exit, { code: 0, signal: null });
    assert.equal(cli.events.at(-1)?.type, 'stopped');
    await assert.rejects(ask(cli.url), { code: 'ECONNREFUSED' });
  });
});
