/** Settings, trust, several folders, tasks: in a real VS Code. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { VscodeHost } from './host.ts';
import {
  APP,
  answers,
  get,
  inWindow,
  leavesNothing,
  processesOf,
  project,
  writeSettings,
} from './windows.ts';

describe('settings in VS Code', { timeout: 300_000 }, () => {
  let host: VscodeHost;
  before(async () => {
    host = await VscodeHost.start();
  });
  after(() => host.close());

  it('what can change while it runs does, and the rest offers a restart, once', async () => {
    const app = await project();
    await inWindow(host, app.dir, async (bench) => {
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      const before = await processesOf(app);
      writeSettings(app, { port: app.port, workers: 3, 'randomDelay.enabled': true, 'randomDelay.max': 20 });
      await bench.status('3 threads').waitFor();
      await bench.status('Delay 0–20 ms').waitFor();
      assert.deepEqual(await processesOf(app), before);
      writeSettings(app, { port: app.port, workers: 3, affinity: 'client', stopTimeout: 100 });
      const offer = bench.notification('concurrentServer.affinity, concurrentServer.stopTimeout');
      await offer.waitFor();
      writeSettings(app, { port: app.port, workers: 3, affinity: 'client', stopTimeout: 1000 });
      await bench.status('Delay off').waitFor();
      assert.equal(await bench.page.locator('.notifications-toasts .notification-list-item').count(), 1);
      await bench.press(offer, 'Restart Now');
      await bench.status('3 threads').waitFor();
      await answers(app.url);
      assert.notDeepEqual(await processesOf(app), before);
    });
    await leavesNothing(app);
  });

  it('a wrong value is named with what is allowed, and nothing starts', async () => {
    const app = await project(undefined, { mode: 'threads' });
    await inWindow(host, app.dir, async (bench) => {
      await bench.run('Run Concurrent Server');
      const notice = bench.notification(/concurrentServer\.mode: .*thread.*fork.*"threads"/);
      await notice.waitFor();
      await leavesNothing(app, 0);
      await bench.press(notice, 'Open Setting');
      await bench.page.locator('.settings-editor').waitFor();
    });
  });

  it('starts by itself where that is set, with arguments, variables and another Node', async () => {
    const node = process.execPath;
    const app = await project(
      { 'server.js': REPORTER },
      { autoStart: true, args: ['--flag'], env: { COLOUR: 'green' }, runtime: node },
    );
    await inWindow(host, app.dir, async () => {
      const report = JSON.parse(await answers(app.url)) as Record<string, unknown>;
      assert.deepEqual(report, { args: ['--flag'], colour: 'green', node, editor: [] });
    });
    await leavesNothing(app);
  });

  it('a runtime that cannot be run is named', async () => {
    const app = await project(undefined, { runtime: '/nowhere/node' });
    await inWindow(host, app.dir, async (bench) => {
      await bench.run('Run Concurrent Server');
      await bench.notification('/nowhere/node could not be run').waitFor();
    });
    await leavesNothing(app);
  });

  it('native modules built for another Node: that sentence, and a button that switches the runtime', async () => {
    const app = await project({ 'server.js': FOREIGN });
    await inWindow(host, app.dir, async (bench) => {
      await bench.run('Run Concurrent Server');
      const notice = bench.notification("The app's native modules were built for another Node.");
      await notice.waitFor();
      await bench.press(notice, 'Use the Node on the PATH');
      // The app says the same of every Node, so the other one is offered next.
      await bench.press(notice, "Use the Editor's Node");
      await bench.notification("The app's native modules were built for another Node.").waitFor();
    });
    await leavesNothing(app);
  });

  it('a random delay is set by hand, range, routes and seed, and saved only when asked', async () => {
    const app = await project();
    await inWindow(host, app.dir, async (bench) => {
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      await bench.run('Concurrent Server: Set Random Delay…');
      await bench.answer(/range, in ms/, '40-50');
      await bench.answer(/Only these routes/, 'GET /held');
      await bench.answer(/The seed/, '7');
      await bench.status('Delay 40–50 ms').waitFor();
      const delay = async (target: string): Promise<number> =>
        Number(
          /delay;dur=([\d.]+)/.exec((await fetch(app.url + target)).headers.get('server-timing') ?? '')?.[1],
        );
      assert.equal(await delay('/'), 0);
      assert.ok((await delay('/held')) >= 40);
      const file = path.join(app.dir, '.vscode', 'settings.json');
      const before = fs.readFileSync(file, 'utf8');
      assert.ok(!before.includes('randomDelay'));
      await bench.press(bench.notification('Requests are held'), 'Save in Workspace Settings');
      await bench.notification('Requests are held').waitFor({ state: 'detached' });
    });
    await leavesNothing(app);
  });

  it('the next requests are held and go together', async () => {
    const app = await project();
    await inWindow(host, app.dir, async (bench) => {
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      await bench.run('Concurrent Server: Overlap Next Requests…');
      await bench.answer(/How many requests/, '2 /cart');
      await bench.notification('Holding the next 2 requests').waitFor();
      assert.match(await get(app.url), /^hello/);
      const pair = await Promise.all([fetch(`${app.url}/cart`), fetch(`${app.url}/cart`)]);
      const timings = pair.map(({ headers }) => headers.get('server-timing') ?? '');
      assert.ok(
        timings.every((timing) => timing.includes('overlap')),
        timings.join('\n'),
      );
      assert.notEqual(...(timings.map((timing) => /desc="(\d+)"/.exec(timing)?.[1]) as [string, string]));
      await bench.notification('Holding the next 2 requests').waitFor({ state: 'detached' });
      assert.ok(!((await fetch(`${app.url}/cart`)).headers.get('server-timing') ?? '').includes('overlap'));
    });
    await leavesNothing(app);
  });

  it('one server a folder: asked which, counted in the bar, stopped together', async () => {
    const one = await project();
    const two = await project();
    const renamed = path.join(path.dirname(two.dir), 'other');
    fs.renameSync(two.dir, renamed);
    two.dir = renamed;
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'several-')), 'both.code-workspace');
    fs.writeFileSync(file, JSON.stringify({ folders: [{ path: one.dir }, { path: two.dir }] }));
    await inWindow(host, file, async (bench) => {
      for (const { dir, url } of [one, two]) {
        await bench.run('Run Concurrent Server');
        await bench.quickPicks('Which folder?');
        await bench.pick(path.basename(dir));
        await answers(url);
      }
      await bench.status('2 servers').waitFor();
    });
    await leavesNothing(one);
    await leavesNothing(two);
  });

  it('a task runs the server, is ready when it is, and ends with it', async () => {
    const app = await project();
    const task = {
      type: 'concurrentServer',
      label: 'serve',
      isBackground: true,
      problemMatcher: '$concurrent-server',
    };
    fs.writeFileSync(
      path.join(app.dir, '.vscode', 'tasks.json'),
      JSON.stringify({ version: '2.0.0', tasks: [task] }),
    );
    await inWindow(host, app.dir, async (bench) => {
      await bench.quickOpen('task serve');
      await bench.pick('serve');
      await bench.terminalShows(new RegExp(`concurrent-server:\\s*ready\\s*at\\s*${app.url}`));
      assert.match(await get(app.url), /^hello/);
      await bench.run('Concurrent Server: Stop');
      await leavesNothing(app);
      await bench.terminalShows(/press any key|Terminal will be reused/i);
    });
  });

  it('a leftover of ours that holds the port is taken over', async () => {
    const app = await project();
    const cli = [path.resolve('dist/cli.js'), path.join(app.dir, 'server.js'), String(app.port), '--quiet'];
    const env = { ...process.env, CONCURRENT_SERVER_STATE_DIR: host.state };
    // A shell that starts a server and dies when that is stopped, as by a hang.
    const words = [process.execPath, ...cli].map((word) => `'${word}'`).join(' ');
    const shell = spawn('sh', ['-c', `${words} & echo $!; wait`], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [said] = (await once(shell.stdout, 'data')) as [Buffer];
    await answers(app.url);
    const server = Number.parseInt(said.toString(), 10);
    process.kill(server, 'SIGSTOP');
    shell.kill('SIGKILL');
    await once(shell, 'exit');
    // The stopped server holds the other end.
    shell.stdout.destroy();
    await inWindow(host, app.dir, async (bench) => {
      await bench.run('Run Concurrent Server');
      const notice = bench.notification(`Port 127.0.0.1:${app.port} is taken by`);
      await bench.press(notice, 'Take Over');
      await bench.status('2 threads').waitFor();
      assert.match(await get(app.url), /^hello/);
    });
    await leavesNothing(app);
  });
});

describe('a folder that is not trusted', { timeout: 120_000 }, () => {
  it('runs nothing, by itself or when asked, and says why', async () => {
    const app = await project({ 'server.js': APP }, { autoStart: true });
    const host = await VscodeHost.start({ trust: true });
    try {
      await inWindow(host, app.dir, async (bench) => {
        await bench.openView();
        await bench.welcome.filter({ hasText: 'needs your trust' }).waitFor();
        await bench.run('Run Concurrent Server');
        await bench.notification('runs the code of this folder, which is not trusted').waitFor();
        assert.deepEqual(await processesOf(app), []);
      });
    } finally {
      await host.close();
    }
  });
});

const REPORTER = `
const { COLOUR: colour, ...env } = process.env;
const editor = Object.keys(env).filter((name) => name.startsWith('VSCODE_') || name.startsWith('ELECTRON'));
const report = { args: process.argv.slice(2), colour, node: process.execPath, editor };
require('node:http').createServer((q, s) => s.end(JSON.stringify(report))).listen(process.env.PORT);
`;

/** What Node says of an addon of another version; the addon itself would need a compiler. */
const FOREIGN = `
throw Object.assign(new Error("The module '/app/node_modules/better-sqlite3/build/Release/better_sqlite3.node'\\n" +
  'was compiled against a different Node.js version using\\nNODE_MODULE_VERSION 115. This version of Node.js ' +
  'requires\\nNODE_MODULE_VERSION 137. Please try re-compiling or re-installing\\nthe module (for instance, using ' +
  '\`npm rebuild\` or \`npm install\`).'), { code: 'ERR_DLOPEN_FAILED' });
`;
