import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Cli, startCli } from '../support/cli.ts';

const APP = 'test/fixtures/talkative.cjs';

/** A server with one request in progress. */
async function serving(target: string, ...args: string[]): Promise<{ cli: Cli; answer: Promise<string> }> {
  const cli = startCli([APP, '--workers', '2', ...args]);
  await cli.ready;
  const answer = fetch(cli.url + target).then(
    (response) => response.text(),
    () => 'cut',
  );
  await cli.waitFor((event) => event.type === 'log' && event.text === `got ${target}\n`);
  return { cli, answer };
}

describe('a signal', { skip: process.platform === 'win32' && 'Windows has no signals' }, () => {
  for (const mode of ['thread', 'fork']) {
    it(`lets requests in progress finish, with --mode ${mode}`, async () => {
      const { cli, answer } = await serving('/late', '--mode', mode);
      cli.child.kill('SIGINT');
      assert.equal(await answer, 'late');
      assert.deepEqual(await cli.waitForExit(), { code: 0, signal: null });
      assert.deepEqual(cli.events.at(-1), { v: 1, type: 'stopped', reason: 'signal' });
    });

    it(`stops at once if it is the second, with --mode ${mode}`, async () => {
      const { cli, answer } = await serving('/never', '--mode', mode, '--stop-timeout', '60000');
      cli.child.kill('SIGINT');
      // The kernel merges two pending signals of a kind, so the second has to be of another kind.
      cli.child.kill('SIGTERM');
      assert.equal(await answer, 'cut');
      assert.deepEqual(await cli.waitForExit(), { code: 0, signal: null });
    });
  }

  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    it(`${signal} stops a server like SIGINT`, async () => {
      const cli = startCli([APP]);
      await cli.ready;
      cli.child.kill(signal);
      assert.deepEqual(await cli.waitForExit(), { code: 0, signal: null });
    });
  }

  it('prints what another signal will do', async () => {
    const cli = startCli([APP], { json: false });
    await cli.waitForOutput(/http:\/\//);
    cli.child.kill('SIGINT');
    assert.equal((await cli.waitForExit()).code, 0);
    assert.match(cli.stdout, /press Ctrl-C again to stop now\n(.|\n)*stopped\n$/);
  });
});
