/** Random delay, overlap and settings that change a running server, in a real VS Code. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { shared } from './common.ts';
import { answers, ended, get, processesOf, serverOf } from './windows.ts';

describe('a running server in VS Code', { timeout: 300_000 }, () => {
  it('applies settings that it can change, and offers one restart for the others', () =>
    shared.use(async (bench, app) => {
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      const { pid } = await serverOf(app);
      const before = await processesOf(app);
      await shared.set({ workers: 3, 'randomDelay.enabled': true, 'randomDelay.max': 20 });
      await bench.status('3 threads').waitFor();
      await bench.status('Delay 0–20 ms').waitFor();
      assert.deepEqual(await processesOf(app), before);
      await shared.set({ workers: 3, maxRequestsPerWorker: 1_000_000, stopTimeout: 100 });
      const offer = bench.notification('concurrentServer.maxRequestsPerWorker, concurrentServer.stopTimeout');
      await offer.waitFor();
      // The next change is applied, and there is no second offer.
      await shared.set({ workers: 2, maxRequestsPerWorker: 1_000_000, stopTimeout: 1000 });
      await bench.status('2 threads').waitFor();
      assert.equal(await bench.notification('Restart the server to apply').count(), 1);
      await bench.press(offer, 'Restart Now');
      await offer.waitFor({ state: 'detached' });
      await ended(pid);
      await bench.status('2 threads').waitFor();
      await answers(app.url);
    }));

  it('applies a setting that changes while it stops at its next start, without a notification', () =>
    shared.use(async (bench, app) => {
      shared.write('server.js', "require('node:http').createServer(() => {}).listen(3000);");
      // A request that is never answered keeps the server stopping for this time.
      const stopTimeout = 3000;
      await shared.set({ stopTimeout });
      await bench.openView();
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      get(`${app.url}/never`).catch(() => {});
      await bench.row('GET /never').waitFor();
      await bench.run('Concurrent Server: Stop');
      await bench.status('Server stopping').waitFor();
      await shared.set({ stopTimeout, maxRequestsPerWorker: 1_000_000 });
      await bench.status('Server stopping').waitFor({ state: 'detached' });
      assert.equal(await bench.notifications.count(), 0);
    }));

  it('keeps running after an invalid value, which a notification names', () =>
    shared.use(async (bench, app) => {
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      await shared.set({ workers: 'many' });
      await bench.notification(/concurrentServer\.workers: .*auto.*"many"/).waitFor();
      assert.match(await get(app.url), /^hello/);
      await bench.status('2 threads').waitFor();
    }));

  it('has a random delay by range, routes and seed, saved only on request', () =>
    shared.use(async (bench, app) => {
      shared.changesSettings();
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      await bench.run('Concurrent Server: Set Random Delay…');
      await bench.answer(/range, in ms/, '40-50');
      await bench.answer(/Routes to delay/, 'GET /held');
      await bench.answer(/The seed/, '7');
      await bench.status('Delay 40–50 ms').waitFor();
      const delay = async (target: string): Promise<number> =>
        Number(
          /delay;dur=([\d.]+)/.exec((await fetch(app.url + target)).headers.get('server-timing') ?? '')?.[1],
        );
      assert.equal(await delay('/'), 0);
      assert.ok((await delay('/held')) >= 40);
      const file = path.join(app.dir, '.vscode', 'settings.json');
      assert.ok(!fs.readFileSync(file, 'utf8').includes('randomDelay'));
      const written = fs.promises.watch(path.dirname(file), { signal: AbortSignal.timeout(15_000) });
      await bench.press(bench.notification('Requests are delayed'), 'Save in Workspace Settings');
      for await (const _change of written) {
        if (/randomDelay\.routes.*GET \/held/s.test(fs.readFileSync(file, 'utf8'))) break;
      }
    }));

  it('keeps its delay if Set Random Delay… is cancelled at any step; an invalid range is refused', () =>
    shared.use(async (bench, app) => {
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      const steps = [/range, in ms/, /Routes to delay/, /The seed/];
      for (let last = 0; last < steps.length; last++) {
        await bench.run('Concurrent Server: Set Random Delay…');
        for (let step = 0; step < last; step++) {
          if (step === 0) {
            await bench.answer(steps[0]!, '200-50');
            await bench.quickInput.filter({ hasText: 'Enter a range in ms, such as 50-200' }).waitFor();
            await bench.retype('40-50');
          } else await bench.answer(steps[step]!, '');
        }
        await bench.quickInput.filter({ hasText: steps[last]! }).waitFor();
        await bench.page.keyboard.press('Escape');
        await bench.quickInput.waitFor({ state: 'hidden' });
        assert.doesNotMatch((await fetch(app.url)).headers.get('server-timing') ?? '', /delay;dur=[1-9]/);
      }
      await bench.status('Delay off').waitFor();
    }));

  it('holds the next requests and releases them together', () =>
    shared.use(async (bench, app) => {
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      await bench.run('Concurrent Server: Overlap Next Requests…');
      await bench.answer(/number of requests/, '2 /cart');
      await bench.notification('Holding the next 2 requests').waitFor();
      assert.match(await get(app.url), /^hello/);
      const pair = await Promise.all([fetch(`${app.url}/cart`), fetch(`${app.url}/cart`)]);
      const timings = pair.map(({ headers }) => headers.get('server-timing') ?? '');
      assert.ok(
        timings.every((timing) => timing.includes('overlap')),
        timings.join('\n'),
      );
      assert.notEqual(...(timings.map((timing) => /desc="(\d+)"/.exec(timing)?.[1]) as [string, string]));
      await bench.notification('Holding the next 2 requests').waitFor({ state: 'detached' });
      assert.ok(!((await fetch(`${app.url}/cart`)).headers.get('server-timing') ?? '').includes('overlap'));
    }));

  it('releases the held requests if the hold is cancelled', () =>
    shared.use(async (bench, app) => {
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      await bench.run('Concurrent Server: Overlap Next Requests…');
      await bench.answer(/number of requests/, '3');
      const notice = bench.notification('Holding the next 3 requests');
      await notice.waitFor();
      const held = get(app.url);
      await bench.press(notice, 'Cancel');
      assert.match(await held, /^hello/);
      await notice.waitFor({ state: 'detached' });
    }));
});
