/** A window with several folders, each with its server, that ends in every way a window can. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { commonHost } from './common.ts';
import {
  answers,
  blocked,
  ended,
  inWindow,
  leavesNothing,
  type Project,
  part,
  processesOf,
  serverOf,
  workspace,
} from './windows.ts';
import type { Workbench } from './workbench.ts';

/** An app that reports its arguments, variables and Node. */
const REPORTER = `
const { COLOUR: colour, ...env } = process.env;
const editor = Object.keys(env).filter((name) => name.startsWith('VSCODE_') || name.startsWith('ELECTRON'));
const report = { args: process.argv.slice(2), colour, node: process.execPath, editor };
require('node:http').createServer((q, s) => s.end(JSON.stringify(report))).listen(process.env.PORT);
`;

/** How long processes of a server may outlive it. */
const WITHIN_MS = 5000;

describe('a window with several folders', { timeout: 300_000 }, () => {
  // The parts share a window.
  it('has a server for each, and leaves nothing, however it ends', async (t) => {
    const node = process.execPath;
    const several = await workspace({
      'idle-thread': { mode: 'thread' },
      'stuck-thread': { mode: 'thread', workers: 1, maxWorkers: 1 },
      'stuck-fork': { mode: 'fork', workers: 1, maxWorkers: 1 },
      'idle-fork': {
        mode: 'fork',
        autoStart: true,
        args: ['--flag'],
        env: { COLOUR: 'green' },
        runtime: node,
      },
    });
    const { apps } = several;
    fs.writeFileSync(path.join(apps.at(-1)!.dir, 'server.js'), REPORTER);
    await inWindow(await commonHost(), several, async (bench) => {
      await part(t, bench, 'the one with autoStart has its arguments, variables and Node', async () => {
        const report: unknown = JSON.parse(await answers(apps.at(-1)!.url));
        assert.deepEqual(report, { args: ['--flag'], colour: 'green', node, editor: [] });
      });
      await part(t, bench, 'the others are started by choice, and run side by side', async () => {
        for (const { dir, url } of apps.slice(0, -1)) {
          await bench.run('Run Concurrent Server');
          await bench.quickPicks('Select a folder');
          await bench.pick(path.basename(dir));
          await answers(url);
        }
        await stuckAndIdle(bench, apps);
      });
      await part(
        t,
        bench,
        'kill -9 of the extension host leaves nothing; the next one restarts the servers',
        () =>
          goneAndBack(bench, apps, async () => {
            process.kill(await hostOf(apps[0]!), 'SIGKILL');
          }),
      );
      await part(t, bench, 'the same with kill -9 of the extension host and the servers', () =>
        goneAndBack(bench, apps, async () => {
          const servers = await Promise.all(apps.map(serverOf));
          process.kill(await hostOf(apps[0]!), 'SIGKILL');
          for (const { pid } of servers) process.kill(pid, 'SIGKILL');
        }),
      );
    });
    await t.test('closing the window leaves nothing', async () => {
      await Promise.all(apps.map((app) => leavesNothing(app)));
      await (await commonHost()).quiet();
    });
  });
});

/** Waits for all servers, and blocks the workers of two for good. */
async function stuckAndIdle(bench: Workbench, apps: Project[]): Promise<void> {
  await bench.status('4 servers').waitFor();
  for (const { dir, url } of apps) if (dir.includes('stuck')) await blocked(url);
}

/** Ends all servers with `end`, and waits until nothing of them is left and each was restarted. */
async function goneAndBack(bench: Workbench, apps: Project[], end: () => Promise<void>): Promise<void> {
  const before = (await Promise.all(apps.map(processesOf))).flat().map((row) => Number.parseInt(row, 10));
  assert.ok(before.length >= 4 + 1 + 2, 'servers, and workers that are processes');
  await end();
  const late = performance.now() + WITHIN_MS;
  await Promise.all(before.map(ended));
  assert.ok(performance.now() < late, `ended within ${WITHIN_MS} ms`);
  for (const app of apps) {
    await answers(app.url).catch(async (cause: unknown) => {
      const processes = (await processesOf(app)).join('\n') || 'none';
      throw new Error(`${app.url} does not answer. Processes of ${app.dir}:\n${processes}`, { cause });
    });
  }
  await stuckAndIdle(bench, apps);
}

/** The process of the extension host that runs the project's server. */
async function hostOf(app: Project): Promise<number> {
  return (await serverOf(app)).ppid;
}
