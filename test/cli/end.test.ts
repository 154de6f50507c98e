import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { allDead } from '../../src/engine/process/os/kill-tree.ts';
import { listCommands } from '../../src/engine/process/os/process-table.ts';
import { startCli } from '../support/cli.ts';

describe('a stopped server', () => {
  for (const [when, program] of [
    ['while it exits', 'hangs-at-exit.cjs'],
    ['when it has closed all that it had open', 'hangs-when-closed.cjs'],
  ] as const) {
    it(`exits soon, even if Node hangs ${when}`, {
      skip: process.platform === 'win32' && 'the guard is a shell',
    }, async () => {
      const hanging = path.resolve('test/fixtures', program);
      const cli = startCli(['test/fixtures/talkative.cjs'], {
        env: { NODE_OPTIONS: `--require ${JSON.stringify(hanging)}` },
      });
      await cli.ready;
      cli.child.kill('SIGTERM');
      await cli.waitForType('stopped');
      assert.deepEqual(await cli.waitForExit(), { code: null, signal: 'SIGKILL' });
    });
  }

  it('leaves no exit watchdog behind', async () => {
    const cli = startCli(['test/fixtures/talkative.cjs']);
    await cli.ready;
    const { code } = await cli.stop();
    assert.equal(code, 0);
    const guards = (await listCommands()).filter(({ command }) =>
      command.includes(`concurrent-server-end ${cli.pid} `),
    );
    assert.ok(await allDead(guards, 1000), JSON.stringify(guards));
  });
});
