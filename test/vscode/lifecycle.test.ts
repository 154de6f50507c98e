/** Hosts and servers that end badly: nothing stays, and what is to come back comes back. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { identify, startTimeNow } from '../../src/engine/process/identity.ts';
import { ready, VscodeHost } from './host.ts';
import {
  answers,
  get,
  inWindow,
  leavesNothing,
  type Project,
  processesOf,
  project,
  tick,
} from './windows.ts';
import type { Workbench } from './workbench.ts';

const MODES = ['thread', 'fork'];

describe('what ends leaves nothing', { timeout: 600_000 }, () => {
  let host: VscodeHost;
  before(async () => {
    host = await VscodeHost.start();
  });
  after(() => host.close());

  async function running(bench: Workbench, app: Project): Promise<void> {
    await bench.run('Run Concurrent Server');
    await bench.status(`127.0.0.1:${app.port} · 2`).waitFor();
  }

  async function extensionHost(): Promise<number> {
    const hosts = await host.extensionHosts();
    assert.equal(hosts.length, 1, String(hosts));
    return hosts[0]!;
  }

  /** The hosts of closed windows go a moment later. */
  async function noHosts(): Promise<void> {
    while ((await host.extensionHosts()).length > 0) await tick();
  }

  for (const mode of MODES) {
    for (const stuck of [false, true]) {
      const how = `with ${stuck ? 'stuck' : 'idle'} ${mode} workers`;

      /** Blocks every worker, for good. */
      const block = async (app: Project): Promise<void> => {
        if (!stuck) return;
        for (let count = 0; count < 4; count++) get(`${app.url}/block`).catch(() => {});
        await assert.rejects(fetch(app.url, { signal: AbortSignal.timeout(500) }), { name: 'TimeoutError' });
      };

      it(`closing the window, ${how}`, async () => {
        const app = await project(undefined, { mode, maxWorkers: 2 });
        await inWindow(host, app.dir, async (bench) => {
          await running(bench, app);
          await block(app);
          assert.notDeepEqual(await processesOf(app), []);
        });
        await noHosts();
        await leavesNothing(app);
      });

      it(`kill -9 of the extension host, ${how}`, async () => {
        const app = await project(undefined, { mode, maxWorkers: 2 });
        await inWindow(host, app.dir, async (bench) => {
          await running(bench, app);
          await block(app);
          process.kill(await extensionHost(), 'SIGKILL');
          await leavesNothing(app);
        });
        await noHosts();
      });

      it(`kill -9 of extension host and server, ${how}`, async () => {
        const app = await project(undefined, { mode, maxWorkers: 2 });
        await inWindow(host, app.dir, async (bench) => {
          await running(bench, app);
          await block(app);
          const server = await serverOf(app);
          process.kill(await extensionHost(), 'SIGKILL');
          process.kill(server, 'SIGKILL');
          await leavesNothing(app);
        });
        await noHosts();
      });
    }

    it(`kill -9 of the server: it is started again on its port, and said once, with ${mode} workers`, async () => {
      const app = await project(undefined, { mode });
      await inWindow(host, app.dir, async (bench) => {
        await running(bench, app);
        const server = await serverOf(app);
        process.kill(server, 'SIGKILL');
        await bench.notification('It is being started again').waitFor();
        await bench.status(`127.0.0.1:${app.port} · 2`).waitFor();
        assert.match(await answers(app.url), /^hello/);
        assert.notEqual(await serverOf(app), server);
      });
      await noHosts();
      await leavesNothing(app);
    });
  }

  it('a server that keeps dying stays down, with the reason and a button', async () => {
    const app = await project();
    await inWindow(host, app.dir, async (bench) => {
      await running(bench, app);
      for (let deaths = 0; deaths < 6; deaths++) {
        await answers(app.url);
        const server = await serverOf(app);
        process.kill(server, 'SIGKILL');
        await ended(server);
      }
      const notice = bench.notification('It ended 6 times in a row');
      await notice.waitFor();
      await bench.status('Server failed').waitFor();
      await leavesNothing(app);
      await bench.press(notice, 'Start Again');
      await bench.status(`127.0.0.1:${app.port} · 2`).waitFor();
      assert.match(await answers(app.url), /^hello/);
    });
    await noHosts();
    await leavesNothing(app);
  });

  it('what a dead window left is ended by the next one', async () => {
    const app = await project();
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
    const entries = [{ pid, startTime: startTimeNow(pid), command: 'left behind' }];
    fs.writeFileSync(path.join(host.state, 'dead.json'), JSON.stringify({ server, entries }));
    const gone = once(left, 'exit');
    await inWindow(host, app.dir, async () => {
      await gone;
    });
    await noHosts();
  });

  it('Reload Window brings the server back on the same port', async () => {
    const app = await project();
    await inWindow(host, app.dir, async (bench, page) => {
      await running(bench, app);
      const before = await serverOf(app);
      await page.reload();
      await ready(page);
      await bench.status(`127.0.0.1:${app.port} · 2`).waitFor();
      assert.match(await answers(app.url), /^hello/);
      assert.notEqual(await serverOf(app), before);
    });
    await noHosts();
    await leavesNothing(app);
  });
});

/** Resolves when a process that was killed is no longer there. */
async function ended(pid: number): Promise<void> {
  while ((await identify(pid)) !== undefined) await tick();
}

/** Process of the project's server. */
async function serverOf(app: Project): Promise<number> {
  const servers = (await processesOf(app)).filter((row) => row.includes('cli.js'));
  assert.equal(servers.length, 1, servers.join('\n'));
  return Number.parseInt(servers[0]!, 10);
}
