/** overlapNext: the next matching requests run together, once. */
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import type { Cli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { forEachMode, idleWorkers, requestsInFlight } from './modes.ts';

forEachMode(['node', 'wsgi'], (start) => {
  let cli: Cli;
  before(async () => {
    cli = await start('who.cjs', ['--workers', '2']);
    await idleWorkers(cli, 2);
  });

  it('the next matching requests are held and go together to different workers; later ones are not held', async () => {
    const together = cli.ask({ type: 'overlapNext', size: 2, maxMs: 60_000, routes: ['/pair'] });
    assert.equal((await ask(`${cli.url}/other`)).status, 200);
    const first = ask(`${cli.url}/pair`);
    await requestsInFlight(cli, 1);
    const second = ask(`${cli.url}/pair`);
    await Promise.all([first, second]);
    assert.equal((await together).type, 'reply');
    await ask(`${cli.url}/pair`);
    await cli.waitFor(() => cli.ofType('request').length === 4, { what: 'the end of every request' });
    const pairs = cli.ofType('request').filter(({ target }) => target === '/pair');
    assert.deepEqual(
      pairs.map(({ group }) => group),
      [1, 1, undefined],
    );
    assert.notEqual(pairs[0]?.worker, pairs[1]?.worker);
  });

  it('held requests are released when the time is over, or on cancel', async () => {
    const late = cli.ask({ type: 'overlapNext', size: 5, maxMs: 20 });
    assert.equal((await ask(cli.url)).status, 200);
    assert.equal((await late).type, 'reply');
    const called = cli.ask({ type: 'overlapNext', size: 5, maxMs: 60_000 });
    const held = ask(cli.url);
    await requestsInFlight(cli, 1);
    await cli.ask({ type: 'set', overlap: {} });
    assert.equal((await called).type, 'reply');
    assert.equal((await held).status, 200);
  });

  it('a status lists the current requests of each worker', async () => {
    const cli = await start('talkative.cjs', ['--workers', '1', '--max-workers', '1', '--stop-timeout', '0']);
    const pending = ask(`${cli.url}/never`).catch(() => undefined);
    await cli.waitFor((event) => event.type === 'log' && event.text === 'got /never\n');
    const status = await cli.ask({ type: 'status' });
    assert.ok(status.type === 'status');
    const [request, ...others] = status.workers[0]?.requests ?? [];
    assert.deepEqual(others, []);
    assert.equal(`${request?.method} ${request?.target}`, 'GET /never');
    assert.ok(request!.ageMs >= 0);
    await cli.stop();
    await pending;
  });
});
