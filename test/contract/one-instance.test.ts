import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, it } from 'node:test';
import { ask } from './http-client.ts';
import { forEachMode } from './modes.ts';

forEachMode((start, mode) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `one-instance-${mode}-`));
  after(() => fs.rmSync(folder, { recursive: true }));

  it('an app that can run only once goes on with one worker, also with new code, and that is no error', async () => {
    const cli = await start('locks.cjs', ['--workers', '2'], { env: { LOCK: path.join(folder, 'lock') } });
    await cli.waitFor((event) => event.type === 'log' && event.text.startsWith('Only one instance'), {
      what: 'the line that says so',
    });
    const workers = [(await ask(cli.url)).worker];
    for (let restart = 0; restart < 2; restart++) {
      await cli.ask({ type: 'restart' });
      const { text, worker } = await ask(cli.url);
      assert.equal(text, 'hello');
      workers.push(worker);
    }
    assert.deepEqual(workers, [1, 3, 4], 'the second one was in vain');
    assert.deepEqual(cli.ofType('error'), []);
    await cli.stop();
  });
});
