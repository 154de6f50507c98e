/** Processes that an app starts end with their worker, and the ledger forgets exited ones. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, it } from 'node:test';
import { parseLedger } from '../../src/engine/process/orphans/ledger-lines.ts';
import { allDead } from '../../src/engine/process/os/kill-tree.ts';
import type { ProcessRow } from '../../src/engine/process/os/parsers.ts';
import { identify } from '../../src/engine/process/os/process-table.ts';
import type { Command } from '../../src/protocol/messages.ts';
import type { Cli } from '../support/cli.ts';
import { forEachMode, requestStarted } from './modes.ts';

/** The promised time. */
const WITHIN_MS = 5000;
const PROGRAMS = 400;

const state = fs.mkdtempSync(path.join(os.tmpdir(), 'children-'));
after(() => fs.rmSync(state, { recursive: true, force: true }));

/** Only on Linux can other processes read the marks, which show the worker of a process. */
const marks = { skip: process.platform !== 'linux' && 'only Linux shows the worker of a process' };

const ENDS: Record<string, (worker: number) => Command> = {
  'a restart of all': () => ({ type: 'restart' }),
  'a restart of the worker': (worker) => ({ type: 'restartWorker', worker }),
  'a kill of the worker': (worker) => ({ type: 'killWorker', worker }),
};

async function helpers(cli: Cli): Promise<ProcessRow[]> {
  const pids = (await (await fetch(cli.url)).json()) as number[];
  const rows = (await Promise.all(pids.map(identify))).filter((row) => row !== undefined);
  assert.equal(rows.length, 2, 'the helpers run');
  return rows;
}

forEachMode(['node', 'wsgi', 'asgi'], (start, mode, speech) => {
  const one = [...['--workers', '1'], ...(speech === 'node' ? ['--max-workers', '1'] : [])];

  for (const [how, command] of Object.entries(ENDS)) {
    it(`helpers whose shell has exited end with their worker at ${how}`, marks, async () => {
      const cli = await start('leaves.cjs', one);
      const left = await helpers(cli);
      cli.send(command(1));
      await cli.waitFor((event) => event.type === 'worker' && event.id === 1 && event.exit !== undefined, {
        what: 'the end of the worker',
      });
      assert.ok(await allDead(left, WITHIN_MS), `still there: ${JSON.stringify(left)}`);
      await helpers(cli);
      await cli.stop();
    });
  }

  it('helpers with an empty environment end with the server, even if it is killed', marks, async () => {
    const cli = await start('leaves.cjs', one);
    const left = await helpers(cli);
    await cli.kill();
    assert.ok(await allDead(left, WITHIN_MS), `still there: ${JSON.stringify(left)}`);
  });

  it('helpers of one worker stay when another one ends', marks, async () => {
    const two = speech === 'node' ? ['--workers', '2', '--max-workers', '2'] : ['--workers', '2'];
    const cli = await start('leaves.cjs', two);
    const left = await helpers(cli);
    await cli.waitFor((event) => event.type === 'worker' && event.id === 2 && event.state === 'idle', {
      what: 'the second worker',
    });
    cli.send({ type: 'killWorker', worker: 2 });
    await cli.waitFor((event) => event.type === 'worker' && event.id === 3 && event.state === 'idle', {
      what: 'the one after it',
    });
    assert.equal(await allDead(left, 0), false);
    await cli.stop();
  });

  it('a program that the app waits for ends when its worker is killed', {
    skip:
      marks.skip || (speech !== 'node' && 'a Python worker is a process, which can be killed at any time'),
  }, async () => {
    const cli = await start('leaves.cjs', one);
    const from = cli.events.length;
    fetch(`${cli.url}/wait`).catch(() => {});
    await requestStarted(cli, from);
    await cli.ask({ type: 'killWorker', worker: 1 });
    await helpers(cli);
    await cli.stop();
  });

  it('exited programs are forgotten, and the ledger stays small', {
    skip: speech === 'asgi' && 'ASGI apps start programs by the same code as WSGI apps',
  }, async () => {
    const folder = fs.mkdtempSync(path.join(state, 'programs-'));
    const cli = await start('programs.cjs', one, { env: { CONCURRENT_SERVER_STATE_DIR: folder } });
    await (await fetch(`${cli.url}/?${PROGRAMS}`)).text();
    const [name] = fs.readdirSync(folder);
    const text = () => fs.readFileSync(path.join(folder, name!), 'utf8');
    const own = mode === 'fork' && speech === 'wsgi' ? 2 : mode === 'thread' && speech === 'node' ? 0 : 1;
    const deadline = performance.now() + WITHIN_MS;
    // The ledger is written after the answer.
    while (parseLedger(text())?.entries.length !== own) {
      assert.ok(performance.now() < deadline, text());
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(text().length < 64 * 1024, `${text().length} bytes`);
    await cli.stop();
    assert.deepEqual(fs.readdirSync(folder), []);
  });
});
