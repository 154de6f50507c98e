/** Extension hosts and servers that die: nothing is left, and the servers are restarted. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { startTimeOf } from '../../src/engine/process/os/process-table.ts';
import { commonHost, shared } from './common.ts';
import { ready } from './host.ts';
import { answers, blocked, ended, leavesNothing, type Project, processesOf, serverOf } from './windows.ts';
import type { Workbench } from './workbench.ts';

describe('nothing is left behind', { timeout: 300_000 }, () => {
  async function running(bench: Workbench, app: Project, what = '2 threads'): Promise<void> {
    await bench.run('Run Concurrent Server');
    await bench.status(`127.0.0.1:${app.port} · ${what}`).waitFor();
  }

  it('a server that is killed while its workers are stuck is restarted on its port, with one notification', () =>
    shared.use(async (bench, app) => {
      await running(bench, app);
      for (const what of ['2 threads', '2 processes']) {
        if (what !== '2 threads') await bench.run('Concurrent Server: Switch Mode (Thread/Fork)');
        await bench.status(what).waitFor();
        // The most workers that there can be.
        await blocked(app.url, 4);
        const server = await serverOf(app);
        const stuck = (await processesOf(app)).map((row) => Number.parseInt(row, 10));
        process.kill(server.pid, 'SIGKILL');
        if (what === '2 threads') await bench.notification('It is being restarted').waitFor();
        await Promise.all(stuck.map(ended));
        await bench.status(`127.0.0.1:${app.port} · ${what}`).waitFor();
        assert.match(await answers(app.url), /^hello/);
        assert.notEqual((await serverOf(app)).pid, server.pid);
        assert.ok((await bench.notification('It is being restarted').count()) <= 1);
      }
    }));

  it('a server that keeps dying is restarted after growing pauses, then stays down, with the reason and a button', () =>
    shared.use(async (bench, app) => {
      await running(bench, app);
      const gaps: number[] = [];
      for (let deaths = 0; deaths < 6; deaths++) {
        await answers(app.url);
        const { pid } = await serverOf(app);
        process.kill(pid, 'SIGKILL');
        await ended(pid);
        const died = performance.now();
        if (deaths < 5) {
          await answers(app.url);
          gaps.push(performance.now() - died);
        }
      }
      const notice = bench.notification('It crashed 6 times in a row');
      await notice.waitFor();
      await bench.status('Server failed').waitFor();
      assert.ok(gaps.at(-1)! > gaps[0]! + 200, gaps.join(', '));
      await leavesNothing(app);
      await bench.press(notice, 'Start Again');
      await bench.status(`127.0.0.1:${app.port} · 2 threads`).waitFor();
      assert.match(await answers(app.url), /^hello/);
    }));

  it('Reload Window restarts the server on its port, and ends what a dead window left', () =>
    shared.use(async (bench, app, page) => {
      await running(bench, app);
      const { pid } = await serverOf(app);
      const left = await leftByDeadWindow(app);
      await page.reload();
      await ready(page);
      await left.exited;
      await bench.status(`127.0.0.1:${app.port} · 2 threads`).waitFor();
      assert.match(await answers(app.url), /^hello/);
      assert.notEqual((await serverOf(app)).pid, pid);
      await bench.run('Concurrent Server: Show Log');
      await bench.outputShows(new RegExp(`\\[info\\] Stopped what was left behind: ${left.pid} \\(`));
    }));

  it('disabling the extension stops its server, and enabling it restarts the server', () =>
    shared.use(async (bench, app, page) => {
      await running(bench, app);
      await bench.run('Extensions: Disable All Installed Extensions');
      await page.reload();
      await page.locator('.monaco-workbench .part.statusbar').waitFor();
      await leavesNothing(app);
      await bench.run('Extensions: Enable All Extensions');
      await bench.status(`127.0.0.1:${app.port} · 2 threads`).waitFor();
    }));
});

/** A process in the ledger of a dead server. */
async function leftByDeadWindow(app: Project): Promise<{ pid: number; exited: Promise<unknown> }> {
  const script = ['-e', 'setInterval(() => {}, 1e9)', app.dir];
  const left = spawn(process.execPath, script, { detached: true, stdio: 'ignore' });
  const { pid = 0 } = left;
  const dead = spawn(process.execPath, ['-e', '']);
  await once(dead, 'exit');
  const server = {
    id: 'dead',
    url: app.url,
    cwd: app.dir,
    pid: dead.pid,
    startTime: '1',
    command: 'cli.js',
  };
  const entries = [{ pid, startTime: await startTimeOf(pid), command: 'left behind' }];
  fs.writeFileSync(path.join((await commonHost()).state, 'dead.json'), JSON.stringify({ server, entries }));
  return { pid, exited: once(left, 'exit') };
}
