/** Starting: settings, trust, several folders, none, tasks; in a real VS Code. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { commonHost, shared } from './common.ts';
import { writeUserSettings } from './host.ts';
import { APP, answers, get, inWindow, leavesNothing, processesOf, project } from './windows.ts';

describe('starting in VS Code', { timeout: 300_000 }, () => {
  it('native modules built for another Node: a notification, with a button that changes the runtime', () =>
    shared.use(async (bench) => {
      shared.write('server.js', FOREIGN);
      shared.changesSettings();
      await bench.run('Run Concurrent Server');
      const notice = bench.notification("The app's native modules were built for another version of Node.");
      await bench.press(notice, 'Use the Node on the PATH');
      // The app fails the same way on every Node, so the other one is offered next.
      await bench.press(notice, "Use the Editor's Node");
      await notice.getByRole('button', { name: 'Use the Node on the PATH' }).waitFor();
    }));

  it('an orphaned server that holds the port is ended by Take Over', () =>
    shared.use(async (bench, app) => {
      const cli = [path.resolve('dist/cli.js'), path.join(app.dir, 'server.js'), String(app.port), '--quiet'];
      const env = { ...process.env, CONCURRENT_SERVER_STATE_DIR: (await commonHost()).state };
      // A shell that starts a server and dies while the server is stopped by a signal.
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
      // The stopped server still holds the other end of the pipe.
      shell.stdout.destroy();
      await bench.run('Run Concurrent Server');
      const notice = bench.notification(`Port 127.0.0.1:${app.port} is taken by`);
      await bench.press(notice, 'Take Over');
      await bench.status('2 threads').waitFor();
      assert.match(await get(app.url), /^hello/);
    }));

  it('an invalid value is named with the allowed ones, nothing starts, and the button opens the setting', () =>
    shared.use(async (bench, app) => {
      await shared.set({ mode: 'threads' });
      await bench.run('Run Concurrent Server');
      const notice = bench.notification(/concurrentServer\.mode: .*thread.*fork.*"threads"/);
      await notice.waitFor();
      await leavesNothing(app, 0);
      await bench.press(notice, 'Open Setting');
      await bench.page.locator('.settings-editor').waitFor();
    }));

  it('a runtime that cannot be run is named', () =>
    shared.use(async (bench) => {
      await shared.set({ runtime: '/nowhere/node' });
      await bench.run('Run Concurrent Server');
      await bench.notification('/nowhere/node could not be run').waitFor();
    }));

  it('a folder without an app is an information, and the servers of a monorepo can be picked', async () => {
    const vite = { 'package.json': '{ "scripts": { "dev": "vite" } }', 'src/main.js': 'document.title = 1;' };
    const app = await project(vite);
    const settings = fs.readFileSync(path.join(app.dir, '.vscode/settings.json'), 'utf8');
    await inWindow(await commonHost(), app.dir, async (bench) => {
      await bench.openView();
      await bench.welcome.filter({ hasText: 'A front end is served by its own tool' }).waitFor();
      await bench.run('Run Concurrent Server');
      const notice = bench.notification('This is a Vite project: `npm run dev` serves it.');
      await notice.locator('.codicon-info').waitFor();
      // The server is stopped, and there is nothing to run.
      await bench.status('Concurrent Server').waitFor({ state: 'hidden' });
      await leavesNothing(app, 0);
      const write = (name: string, text: string): void => {
        fs.mkdirSync(path.dirname(path.join(app.dir, name)), { recursive: true });
        fs.writeFileSync(path.join(app.dir, name), text);
      };
      for (const part of ['admin', 'api']) {
        write(`apps/${part}/package.json`, '{ "scripts": { "dev": "node run.js" } }');
        write(`apps/${part}/run.js`, APP);
      }
      write('package.json', '{ "workspaces": ["apps/*"] }');
      await bench.status(/^\W*Concurrent Server$/).waitFor();
      await bench.run('Run Concurrent Server');
      await bench.pick('apps/api');
      await bench.status(`127.0.0.1:${app.port} · 2 threads`).waitFor();
      assert.match(await get(app.url), /^hello/);
      assert.equal(fs.readFileSync(path.join(app.dir, '.vscode/settings.json'), 'utf8'), settings);
    });
    await leavesNothing(app);
  });

  it('a window without a folder has a button that opens one', async () => {
    await inWindow(await commonHost(), undefined, async (bench) => {
      await bench.openView();
      await bench.welcome.filter({ hasText: 'Open the folder of a web app' }).waitFor();
      await bench.welcome.getByRole('button', { name: 'Open Folder' }).click();
      await bench.quickInput.filter({ hasText: 'Open Folder' }).waitFor();
    });
  });

  it('a task whose app does not start ends, with the location in Problems', () =>
    shared.use(async (bench) => {
      shared.write('server.js', "\n\nthrow new TypeError('no database');");
      await bench.quickOpen('task serve');
      await bench.pick('serve');
      await bench.terminalShows(/concurrent-server:\s*failed/);
      await bench.run('Problems: Focus on Problems View');
      await bench.panel.getByText('TypeError: no database').first().waitFor();
      await bench.panel
        .getByText(/\[Ln 3, Col \d+\]/)
        .first()
        .waitFor();
    }));

  it('a launch configuration waits for the task, which ends with the server', () =>
    shared.use(async (bench, app) => {
      await bench.run('Debug: Start Debugging');
      // The client sends one request. It gets an answer because the task was ready before the client started.
      await bench.debugConsoleShows(/client got hello from/);
      await bench.run('Concurrent Server: Stop');
      await leavesNothing(app);
    }));
});

describe('a folder that is not trusted', { timeout: 120_000 }, () => {
  it('runs nothing, neither by itself nor on request, and shows why', async () => {
    const app = await project({ 'server.js': APP }, { autoStart: true });
    const host = await commonHost();
    // Open windows would ask to be reloaded.
    await shared.close();
    writeUserSettings(host.dir, { 'security.workspace.trust.enabled': true });
    try {
      await inWindow(host, app.dir, async (bench) => {
        await bench.openView();
        await bench.welcome.filter({ hasText: 'once you trust the folder' }).waitFor();
        await bench.run('Run Concurrent Server');
        await bench.notification('runs the code of this folder, which is not trusted').waitFor();
        assert.deepEqual(await processesOf(app), []);
      });
    } finally {
      writeUserSettings(host.dir);
    }
  });
});

/** Node's error for an addon of another version. A real addon would need a compiler. */
const FOREIGN = `
throw Object.assign(new Error("The module '/app/node_modules/better-sqlite3/build/Release/better_sqlite3.node'\\n" +
  'was compiled against a different Node.js version using\\nNODE_MODULE_VERSION 115. This version of Node.js ' +
  'requires\\nNODE_MODULE_VERSION 137. Please try re-compiling or re-installing\\nthe module (for instance, using ' +
  '\`npm rebuild\` or \`npm install\`).'), { code: 'ERR_DLOPEN_FAILED' });
`;
