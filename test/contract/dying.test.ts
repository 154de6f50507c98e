import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { type Cli, startCli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { fixture, forEachMode } from './modes.ts';
import { connectRaw } from './raw-client.ts';
import { RunLog } from './run-log.ts';

forEachMode((start, mode) => {
  const log = new RunLog();
  let cli: Cli;
  before(async () => {
    cli = await start('dies.cjs', ['--workers', '1', '--max-workers', '1'], { env: log.env });
  });

  /** Resolves with the number of a worker that accepts and was started after `from` events. */
  async function replaced(from: number): Promise<number> {
    const idle = await cli.waitFor((e) => e.type === 'worker' && e.state === 'idle', { from });
    return idle.type === 'worker' ? idle.id : 0;
  }

  const DEATHS: Array<[path: string, exit: RegExp, page: RegExp]> = [
    ['/exit', /^exit code 3$/, /exit code 3/],
    ['/throw', /exit code 1|uncaught Error/, /thrown on purpose[\s\S]*about to throw/],
    ['/reject', /exit code 1|uncaught Error/, /rejected on purpose/],
  ];
  for (const [path, exit, page] of DEATHS) {
    it(`${path} of a worker: 502 at once with the reason, the worker is replaced, and no request is sent again`, async () => {
      cli.send({ type: 'restart' }); // Earlier deaths do not count.
      const from = cli.events.length;
      await replaced(from);
      const answer = await ask(`${cli.url}${path}?once`);
      assert.equal(answer.status, 502);
      assert.match(answer.text, page);
      assert.match(answer.text, new RegExp(`GET ${path}`));
      const crashed = await cli.waitFor((e) => e.type === 'worker' && e.state === 'crashed', { from });
      assert.match((crashed.type === 'worker' && crashed.exit) || '', exit);
      const error = await cli.waitFor((e) => e.type === 'error', { from });
      assert.equal(error.type === 'error' && error.error.code, 'WORKER_CRASHED');
      const request = await cli.waitFor((e) => e.type === 'request' && e.target === `${path}?once`, { from });
      assert.equal(request.type === 'request' && request.failure, 'worker crashed');
      assert.equal((await ask(cli.url)).text, 'alive');
      assert.deepEqual(log.counts(`${path}?once`), [1]);
    });
  }

  it('a killed worker is replaced; the error page lists its other requests, as HTML, JSON or text, escaped', async () => {
    cli.send({ type: 'restart' });
    await replaced(cli.events.length);
    const accepts = ['text/html', 'application/json', '*/*'];
    const asked = accepts.map((Accept, at) => ask(`${cli.url}/wait?b&${at}`, { headers: { Accept } }));
    for (const at of accepts.keys()) await log.ran(`/wait?b&${at}`);
    const status = await cli.ask({ type: 'status' });
    // All events before that reply have been read.
    const from = cli.events.length;
    const busy = status.type === 'status' ? status.workers.find(({ inFlight }) => inFlight === 3) : undefined;
    const id = busy?.id ?? 0;
    const reply = await cli.ask({ type: 'killWorker', worker: id });
    assert.equal(reply.type, 'reply');
    const [html, json, text] = await Promise.all(asked);
    assert.match(html?.headers['content-type'] ?? '', /^text\/html/);
    assert.doesNotMatch(html?.text ?? '', /b&\d/);
    assert.match(html?.text ?? '', /b&amp;1/);
    const report = JSON.parse(json?.text ?? '') as { status: number; message: string; sections: unknown };
    assert.equal(report.status, 502);
    assert.match(report.message, mode === 'fork' ? /signal SIGKILL/ : /exit code 1/);
    assert.match(JSON.stringify(report.sections), /wait\?b&0/);
    assert.match(text?.text ?? '', /wait\?b&0[\s\S]*wait\?b&1/);
    assert.notEqual(await replaced(from), id);
    assert.deepEqual(log.counts('/wait?'), [1, 1, 1]);
  });

  for (const path of ['/begin', '/begin-chunked']) {
    it(`${path}: a started answer is cut off, so that it can't look complete`, async () => {
      cli.send({ type: 'restart' });
      await replaced(cli.events.length);
      const client = await connectRaw(cli.url);
      client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      while ((await client.line()) !== '');
      await client.take('the beginning'.length);
      // Only now: a client that learns of data and of the reset at once may take the reset for an end (libuv does).
      const exit = ask(`${cli.url}/exit`);
      assert.equal(await client.ending(), 'reset');
      assert.equal((await exit).status, 502);
      assert.equal(log.runs.filter((run) => run === `GET ${path}`).length, 1);
    });
  }

  it('an upgraded connection ends with its worker, and a keep-alive one continues with the next', async () => {
    cli.send({ type: 'restart' });
    const id = await replaced(cli.events.length);
    const client = await connectRaw(cli.url);
    const request = 'GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n';
    client.write(request);
    assert.equal((await client.answer()).body.toString(), 'alive');
    const from = cli.events.length;
    cli.send({ type: 'killWorker', worker: id });
    await cli.waitFor((e) => e.type === 'worker' && e.state === 'crashed', { from });
    client.write(request);
    assert.equal((await client.answer()).body.toString(), 'alive');
    client.destroy();
  });

  it('running out of memory ends the worker, not the server', { timeout: 60_000 }, async () => {
    const args = ['--workers', '1', '--max-workers', '1', '--node-arg=--max-old-space-size=48'];
    const small = await start('dies.cjs', mode === 'fork' ? args : args.slice(0, 4), {
      env: { ...log.env, NODE_OPTIONS: mode === 'fork' ? undefined : '--max-old-space-size=64' },
    });
    const answer = await ask(`${small.url}/memory`);
    assert.equal(answer.status, 502);
    assert.match(answer.text, mode === 'fork' ? /SIGABRT|SIGTRAP|exit code/ : /out of memory/);
    assert.equal((await ask(small.url)).text, 'alive');
    await small.stop();
  });

  it('workers that keep crashing are replaced after growing pauses', {
    timeout: 60_000,
  }, async () => {
    const loop = await start('dies.cjs', ['--workers', '1', '--max-workers', '1'], { env: log.env });
    await ask(`${loop.url}/exit`);
    await ask(`${loop.url}/exit`);
    await ask(`${loop.url}/exit`);
    await ask(`${loop.url}/exit`);
    await loop.waitFor((e) => e.type === 'worker' && e.restartInMs === 1000, { what: 'a pause of 1 s' });
    await loop.waitFor((e) => e.type === 'worker' && e.restartInMs === 1000, { what: 'a pause of 1 s' });
    const pauses = loop.ofType('worker').flatMap(({ restartInMs }) => restartInMs ?? []);
    assert.deepEqual(pauses.slice(0, 4), [0, 250, 500, 1000]);
    await loop.stop();
  });

  it('an unknown Node option is a failed start: the server stays up and names the option', async () => {
    const odd = startCli([fixture('dies.cjs'), '--mode', mode, '--node-arg=--no-such-option'], {
      env: log.env,
    });
    await odd.ready;
    const error = await odd.waitForType('error');
    assert.equal(error.error.code, 'APP_FAILED_TO_START');
    const answer = await ask(odd.url);
    assert.equal(answer.status, 500);
    assert.match(answer.text, /--no-such-option/);
    assert.equal((await odd.stop()).code, 0);
  });

  for (const flag of ['--expose-gc', '--stack-trace-limit=5', '--title=app']) {
    it(`${flag}, which only a process accepts, works in a process; with threads the error says so`, async () => {
      const odd = startCli([fixture('dies.cjs'), '--mode', mode, `--node-arg=${flag}`], { env: log.env });
      await odd.ready;
      if (mode === 'fork') assert.equal((await ask(odd.url)).text, 'alive');
      else {
        const { error } = await odd.waitForType('error');
        assert.match(error.message, new RegExp(`${flag}.*--mode fork`));
      }
      await odd.stop();
    });
  }

  it('a failed start is reported once, with the stack, and every request gets the report', async () => {
    const broken = startCli([fixture('dies.cjs'), '--mode', mode, '--workers', '2'], {
      env: { ...log.env, DIE_AT_START: '1' },
    });
    await broken.ready;
    const error = await broken.waitForType('error');
    assert.equal(error.error.code, 'APP_FAILED_TO_START');
    assert.equal(error.error.message, 'cannot start');
    assert.match(String(error.error.details?.stack), /dies\.cjs:\d+/);
    for (let at = 0; at < 3; at++) {
      const answer = await ask(broken.url);
      assert.equal(answer.status, 500);
      assert.match(answer.text, /cannot start[\s\S]*dies\.cjs:\d+/);
    }
    // All attempts are made before this check.
    await broken.waitFor(() => crashes(broken) === 3, { what: 'three attempts' });
    assert.equal(broken.ofType('error').length, 1);
    assert.equal((await ask(broken.url)).status, 500);
    await broken.stop();
  });
});

function crashes(cli: Cli): number {
  return cli.ofType('worker').filter(({ state }) => state === 'crashed').length;
}
