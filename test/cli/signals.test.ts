import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Cli, startCli } from '../support/cli.ts';

const APP = 'test/fixtures/talkative.cjs';

/** A server with one request under way. */
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
    it(`lets what is under way end, with --mode ${mode}`, async () => {
      const { cli, answer } = await serving('/late', '--mode', mode);
      cli.child.kill('SIGINT');
      assert.equal(await answer, 'late');
      assert.deepEqual(await cli.waitForExit(), { code: 0, signal: null });
      assert.deepEqual(cli.events.at(-1), { v: 1, type: 'stopped', reason: 'signal' });
    });

    it(`that is the second stops at once, with --mode ${mode}`, async () => {
      const { cli, answer } = await serving('/never', '--mode', mode, '--stop-timeout', '60000');
      cli.child.kill('SIGINT');
      // Two signals of a kind that are not yet delivered are one, so the second is another one.
      cli.child.kill('SIGTERM');
      assert.equal(await answer, 'cut');
      assert.deepEqual(await cli.waitForExit(), { code: 0, signal: null });
    });
  }

  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    it(`${signal} ends a server as SIGINT does`, async () => {
      const cli = startCli([APP]);
      await cli.ready;
      cli.child.kill(signal);
      assert.deepEqual(await cli.waitForExit(), { code: 0, signal: null });
    });
  }

  it('tells a person what a further one will do', async () => {
    const cli = startCli([APP], { json: false });
    await cli.waitForOutput(/http:\/\//);
    cli.child.kill('SIGINT');
    assert.equal((await cli.waitForExit()).code, 0);
    assert.match(cli.stdout, /press Ctrl-C again to stop now\n(.|\n)*stopped\n$/);
  });
});
