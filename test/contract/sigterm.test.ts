/** Whatever ends a worker, its app is asked once, and then has time to clean up. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, it } from 'node:test';
import type { Cli } from '../support/cli.ts';
import { forEachMode } from './modes.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sigterm-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const ENDS: Record<string, (cli: Cli) => Promise<unknown>> = {
  'a stop': async () => {},
  'a restart of all': async (cli) => cli.send({ type: 'restart' }),
  'a restart of the worker': async (cli) => cli.send({ type: 'restartWorker', worker: 1 }),
};

let files = 0;

forEachMode(['node'], (start) => {
  it('an app that passes SIGTERM on to itself ends its worker, and not the server', async () => {
    const cli = await start('passes-on.cjs', ['--workers', '1', '--max-workers', '1']);
    cli.send({ type: 'restart' });
    await cli.waitFor((event) => event.type === 'worker' && event.id === 1 && event.state === 'stopped', {
      what: 'the end of the worker',
    });
    const answer = await fetch(cli.url);
    assert.equal(await answer.text(), 'ok');
    assert.equal((await cli.stop()).code, 0);
  });
});

forEachMode(['node', 'wsgi', 'asgi'], (start, mode, speech) => {
  const skip = process.platform === 'win32' && 'there are no signals';
  const one = [...['--workers', '1'], ...(speech === 'node' ? ['--max-workers', '1'] : [])];
  // A zygote has loaded the app as well, and exits as often as the workers of its generation.
  const loaders = mode === 'fork' && speech !== 'node' ? 1 : 0;

  async function notesAfter(end: (cli: Cli) => Promise<unknown>): Promise<string[]> {
    const notes = path.join(folder, String(++files));
    fs.writeFileSync(notes, '');
    const read = () => fs.readFileSync(notes, 'utf8').trim().split('\n');
    const cli = await start('sigterm.cjs', one, { env: { NOTES: notes } });
    await end(cli);
    await cli.stop();
    return read();
  }

  for (const [how, end] of Object.entries(ENDS)) {
    it(`the app cleans up at ${how}`, { skip }, async () => {
      const notes = await notesAfter(async (cli) => {
        await end(cli);
        if (how === 'a stop') return;
        await cli.waitFor((event) => event.type === 'worker' && event.id === 2 && event.state === 'idle', {
          what: 'the worker that takes its place',
        });
        await cli.waitFor((event) => event.type === 'worker' && event.id === 1 && event.state === 'stopped', {
          what: 'the end of the worker',
        });
      });
      const workers = how === 'a stop' ? 1 : 2;
      const ended = workers + (how === 'a restart of all' ? 2 * loaders : loaders);
      assert.deepEqual([...notes].sort(), [
        ...Array(ended).fill('asked'),
        ...Array(ended).fill('cleaned up'),
      ]);
    });
  }

  it('a stop while the app cleans up does not ask it again', { skip }, async () => {
    const notes = await notesAfter(async (cli) => {
      cli.send({ type: 'restartWorker', worker: 1 });
      await cli.waitFor((event) => event.type === 'worker' && event.id === 1 && event.state === 'draining', {
        what: 'the worker that is to end',
      });
    });
    assert.ok(!notes.includes('gave up'), notes.join(', '));
  });
});
