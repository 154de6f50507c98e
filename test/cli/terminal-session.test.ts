import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { describe, it } from 'node:test';
import { type Cli, startCli } from '../support/cli.ts';

const APP = 'test/fixtures/talkative.cjs';

/** A server with output for a terminal, and its address. */
async function start(...args: string[]): Promise<{ cli: Cli; url: string }> {
  const cli = startCli([APP, '--workers', '2', ...args], { json: false });
  const [url] = await cli.waitForOutput(/http:\/\/[\d.:]+/);
  return { cli, url };
}

describe('the terminal output', () => {
  it('shows the address, a line per request, and the output of the app with its worker and request', async () => {
    const { cli, url } = await start('--seed', '7', '--random-delay', '20-20');
    assert.equal(await (await fetch(`${url}/a?b=c`)).text(), 'ok');
    await cli.waitForOutput(
      /\d\d:\d\d:\d\d GET \/a\?b=c 200 \d+ ms #\d r1 delay \d{2,} ms( queue [\d.]+ ms)?\n/,
    );
    await cli.waitForOutput(/^#\d r1 got \/a\?b=c$/m);
    await cli.waitForOutput(/^#\d r1 warned of \/a\?b=c$/m);
    assert.match(cli.stdout, /app +test\/fixtures\/talkative\.cjs\n/);
    assert.match(cli.stdout, /workers +2 threads, up to 4/);
    assert.match(cli.stdout, /seed +7\n/);
    assert.match(cli.stdout, /delay +20–20 ms\n/);
    assert.match(cli.stdout, /^#1 app starts$/m);
    assert.equal((await cli.stop()).code, 0);
    assert.ok(!cli.stdout.includes('\u001b'), 'no colours where there is no terminal');
  });

  it('shows the seed, which repeats the same decisions', async () => {
    const { cli } = await start();
    const [, seed] = await cli.waitForOutput(/seed +(\d+)\n/);
    assert.ok(Number(seed) >= 0 && Number(seed) <= 0xffff_ffff);
    assert.equal((await cli.stop()).code, 0);
  });

  it('with --quiet has only the address and the errors of the app', async () => {
    const { cli, url } = await start('--quiet', '--seed', '3');
    await fetch(url);
    await cli.waitForOutput(/warned of \//);
    assert.equal((await cli.stop()).code, 0);
    assert.equal(cli.stdout, `${url}/ (seed 3)\n`);
  });

  it('with --verbose shows workers that start and stop', async () => {
    const { cli } = await start('--verbose');
    await cli.waitForOutput(/worker #2 is ready/);
    assert.equal((await cli.stop()).code, 0);
    assert.match(cli.stdout, /worker #1 has stopped/);
  });

  it('has colours on request, and the colours of the app end with its line', async () => {
    const cli = startCli([APP], { json: false, env: { FORCE_COLOR: '1' } });
    const [url] = await cli.waitForOutput(/http:\/\/[\d.:]+/);
    await fetch(`${url}/colour`);
    await cli.waitForOutput(/r1/);
    await cli.waitForOutput(/GET/);
    assert.equal((await cli.stop()).code, 0);
    assert.ok(cli.stdout.includes('\u001b[32m200\u001b[39m'), cli.stdout);
    assert.ok(cli.stdout.includes('\u001b[35mpurple\u001b[0m\n'), cli.stdout);
  });

  it('escapes control characters of a request', async () => {
    const { cli, url } = await start();
    const { hostname, port } = new URL(url);
    const socket = net.connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write('GET /\u001b]0;owned\u0007\u009b2J HTTP/1.1\r\nHost: localhost\r\n\r\n', 'latin1');
    socket.resume();
    const { hostname: host } = new URL(url);
    await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    socket.destroy();
    await fetch(`${url}/%1b%5b2J`, { headers: { host } });
    await cli.waitForOutput(/%1b%5b2J 200/);
    assert.equal((await cli.stop()).code, 0);
    // The app may write escape sequences; the server's own lines have none.
    const own = cli.stdout.split('\n').filter((line) => !/^#\d r\d+ /.test(line));
    assert.doesNotMatch(own.join(''), /\p{Cc}/u);
  });

  it('shows once why the app does not start, and the server stays up', async () => {
    const cli = startCli(['test/fixtures/throws.cjs'], { json: false });
    await cli.waitForOutput(/error #1 .*no such database/);
    const [url] = await cli.waitForOutput(/http:\/\/[\d.:]+/);
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    assert.equal(response.status, 500);
    assert.match(await response.text(), /no such database/);
    assert.match(cli.stderr, /throws\.cjs/);
    assert.equal(cli.stderr.match(/error #/g)?.length, 1);
    assert.equal((await cli.stop()).code, 0);
  });
});
