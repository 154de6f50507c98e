import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { ask } from '../contract/http-client.ts';
import { type Cli, startCli } from '../support/cli.ts';

const APP = 'test/fixtures/talkative.cjs';

async function ready(...args: string[]): Promise<Cli> {
  const cli = startCli([APP, '--workers', '2', ...args]);
  await cli.ready;
  return cli;
}

describe('a server driven by JSON lines', () => {
  it('reports its address, its work and its stop, and writes only JSON', async () => {
    const cli = await ready('--seed', '42');
    assert.equal((await cli.ready).seed, 42);
    assert.equal(await (await fetch(`${cli.url}/a?b=c`)).text(), 'ok');
    const request = await cli.waitForType('request');
    assert.deepEqual(
      [request.method, request.target, request.status, request.nth],
      ['GET', '/a?b=c', 200, 1],
    );
    const log = await cli.waitFor((event) => event.type === 'log' && event.text === 'got /a?b=c\n');
    assert.deepEqual(log.type === 'log' && [log.source, log.worker, log.request], [
      'stdout',
      request.worker,
      1,
    ]);
    assert.deepEqual(await cli.stop(), { code: 0, signal: null });
    assert.deepEqual(cli.events.at(-1), { v: 1, type: 'stopped', reason: 'asked' });
    for (const line of cli.stdout.trimEnd().split('\n')) assert.equal(JSON.parse(line).v, 1);
    assert.equal(cli.stderr, '');
  });

  it('answers each command once, also between invalid lines', async () => {
    const cli = await ready();
    cli.write('{"type":"status","id":1}\n{oops\n\n{"type":"dance","id":2}\r\n');
    cli.write(`{"type":"stop","x":"${'x'.repeat(1024 * 1024)}"}\n`);
    cli.write(Buffer.from([0x22, 0xff, 0x22, 0x0a]));
    cli.write('{"type":"status","id":3}\n');
    await cli.waitFor((event) => event.type === 'status' && event.id === 3, { what: 'status 3' });
    const errors = cli
      .ofType('error')
      .map(({ id, error }) => `${id} ${error.code} ${error.message.slice(0, 24)}`);
    assert.deepEqual(errors, [
      'undefined BAD_COMMAND The line is not JSON: {o',
      '2 BAD_COMMAND type: one of stop, resta',
      'undefined BAD_COMMAND The line is longer than ',
      'undefined BAD_COMMAND The line is not valid UT',
    ]);
    assert.deepEqual(
      cli.ofType('status').map(({ id }) => id),
      [1, 3],
    );
    assert.equal((await cli.stop()).code, 0);
  });

  it('applies changes at once', async () => {
    const cli = await ready();
    const reply = await cli.ask({
      type: 'set',
      randomDelay: { enabled: true, min: 30, max: 30, routes: ['/held'] },
      overlap: { size: 0 },
      seed: 5,
    });
    assert.equal(reply.type, 'reply');
    const status = await cli.ask({ type: 'status' });
    assert.ok(status.type === 'status');
    assert.deepEqual(status.randomDelay, { enabled: true, min: 30, max: 30, routes: ['/held'] });
    assert.equal(status.seed, 5);
    await fetch(`${cli.url}/held`);
    await fetch(`${cli.url}/free`);
    await cli.waitFor((event) => event.type === 'request' && event.target === '/free');
    const [held, free] = cli.ofType('request');
    assert.ok(held !== undefined && held.delayMs >= 29, `${held?.delayMs}`);
    assert.equal(free?.delayMs, 0);
    assert.equal((await cli.stop()).code, 0);
  });

  it('refuses an impossible command, and continues', async () => {
    const cli = await ready();
    const answer = await cli.ask({ type: 'killWorker', worker: 99 });
    assert.ok(answer.type === 'error');
    assert.equal(answer.error.code, 'NO_SUCH_WORKER');
    assert.equal((await cli.ask({ type: 'restart' })).type, 'reply');
    assert.equal((await fetch(cli.url)).status, 200);
    assert.equal((await cli.stop()).code, 0);
  });

  it('waits for requests in flight when it stops, unless it has to stop now', async () => {
    const cli = await ready('--stop-timeout', '60000');
    const cut = assert.rejects(ask(`${cli.url}/never`), { code: 'ECONNRESET' });
    await cli.waitFor((event) => event.type === 'log' && event.text === 'got /never\n');
    cli.send({ type: 'stop', id: 1 });
    await cli.waitFor((event) => event.type === 'reply' && event.id === 1);
    cli.send({ type: 'stop', id: 2, now: true });
    await cut;
    assert.deepEqual(await cli.waitForExit(), { code: 0, signal: null });
    assert.equal(cli.ofType('request').at(-1)?.failure, 'stopping');
  });

  it('stops when its stdin ends, because the driver has exited', async () => {
    const cli = await ready();
    cli.child.stdin?.end('{"type":"status","id":1}');
    assert.deepEqual(await cli.waitForExit(), { code: 0, signal: null });
    assert.equal(cli.ofType('status').length, 1);
    assert.deepEqual(cli.events.at(-1), { v: 1, type: 'stopped', reason: 'parent gone' });
  });

  it('stops when its stdout has no reader any more', async () => {
    const cli = await ready();
    cli.child.stdout?.destroy();
    // The server notices with its next write.
    await fetch(cli.url).catch(() => {});
    const [code] = await once(cli.child, 'exit');
    assert.equal(code, 0);
    assert.equal(cli.stderr, '');
  });

  it('can be stopped before it has started', async () => {
    const cli = startCli([APP]);
    cli.send({ type: 'stop', id: 1 });
    assert.deepEqual(await cli.waitForExit(), { code: 0, signal: null });
    assert.equal(cli.events.at(-1)?.type, 'stopped');
  });
});
