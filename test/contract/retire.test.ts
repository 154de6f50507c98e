/** A worker retires after ten seconds, so both modes wait at the same time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MODES } from '../../src/protocol/config.ts';
import { startCli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { fixture } from './modes.ts';
import { RunLog } from './run-log.ts';

describe('a worker above the base number', { concurrency: true }, () => {
  const log = new RunLog();
  for (const mode of MODES) {
    it(`retires when it is idle, and no other does (${mode})`, { timeout: 60_000 }, async () => {
      const args = [fixture('run-log.cjs'), '--mode', mode, '--workers', '1', '--max-workers', '2'];
      const cli = startCli(args, { env: log.env });
      const { url } = await cli.ready;
      const blocking = ask(`${url}?${mode}&block=${mode}`);
      await log.ran(`?${mode}&`);
      assert.equal((await ask(url)).worker, 2);
      log.release(mode);
      await blocking;
      await cli.waitFor((e) => e.type === 'worker' && e.id === 2 && e.state === 'stopped', {
        what: 'the end of worker 2',
        deadlineMs: 40_000,
      });
      const status = await cli.ask({ type: 'status' });
      assert.deepEqual(status.type === 'status' && status.workers.map(({ id }) => id), [1]);
      await cli.stop();
    });
  }
});
