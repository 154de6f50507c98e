/** Everything a user sees and presses, in a real VS Code with a real server. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { shared } from './common.ts';
import { answers, get, leavesNothing, type Project, processesOf, tick } from './windows.ts';
import type { Workbench } from './workbench.ts';

describe('in VS Code', { timeout: 300_000 }, () => {
  async function running(bench: Workbench, app: Project, what = '2 threads'): Promise<void> {
    await bench.run('Run Concurrent Server');
    await bench.status(`127.0.0.1:${app.port} · ${what}`).waitFor();
  }

  it('Run Concurrent Server, in the palette, runs the app of the folder, and Stop leaves nothing', () =>
    shared.use(async (bench, app) => {
      await bench.runFromPalette('Run Concurrent Server');
      await bench.status(`127.0.0.1:${app.port} · 2 threads`).waitFor();
      assert.match(await get(app.url), /^hello from/);
      await bench.runFromPalette('Concurrent Server: Stop');
      await leavesNothing(app);
      await bench.status(/^\W*Concurrent Server$/).waitFor();
    }));

  it('Restart replaces the workers on the same port, and starts a stopped server', () =>
    shared.use(async (bench, app) => {
      await bench.run('Concurrent Server: Restart');
      await bench.status('2 threads').waitFor();
      await bench.openView();
      await bench.row(/#2 idle/).waitFor();
      await bench.run('Concurrent Server: Restart');
      await bench.row(/#4 idle/).waitFor();
      await bench.row(/#1 /).waitFor({ state: 'detached' });
      assert.match(await get(app.url), /^hello/);
    }));

  it('the toggle in the status bar turns the delay on and off at once', () =>
    shared.use(async (bench, app) => {
      // A range that one request can prove. It is in force once the status bar shows it.
      await shared.set({ 'randomDelay.enabled': true, 'randomDelay.min': 300, 'randomDelay.max': 310 });
      await bench.status('Delay 300–310 ms').waitFor();
      await running(bench, app);
      const delayOf = async (): Promise<number> => {
        const timing = (await fetch(app.url)).headers.get('server-timing') ?? '';
        return Number(/delay;dur=([\d.]+)/.exec(timing)?.[1]);
      };
      assert.ok((await delayOf()) >= 300);
      await bench.status('Delay 300–310 ms').click();
      await bench.status('Delay off').waitFor();
      assert.equal(await delayOf(), 0);
      await bench.status('Delay off').click();
      await bench.status('Delay 300–310 ms').waitFor();
      assert.ok((await delayOf()) >= 300);
    }));

  it('the tree shows what each worker does, and which request it is serving', () =>
    shared.use(async (bench, app) => {
      await bench.openView();
      await bench.welcome.filter({ hasText: 'No server is running' }).waitFor();
      await bench.welcome.getByRole('button', { name: 'Run Concurrent Server' }).click();
      await bench.row(/#1 idle/).waitFor();
      await bench.row(/#2 idle/).waitFor();
      const slow = get(`${app.url}/slow`);
      await bench.row(/#\d busy 1/).waitFor();
      await bench.row(/GET \/slow/).waitFor();
      assert.equal(await slow, 'slow');
      await bench.row(/#\d idle.*1 served/).waitFor();
      void get(`${app.url}/block`).catch(() => {});
      await bench.row(/#\d blocked for/).waitFor();
      assert.match(await get(app.url), /^hello/);
      await bench.menu(bench.row(/#\d blocked for/), 'Kill Worker');
      await bench.row(/#3 idle/).waitFor();
    }));

  it('every row and item has a label for screen readers', () =>
    shared.use(async (bench, app) => {
      await bench.openView();
      await running(bench, app);
      await bench.row(/#2 idle/).waitFor();
      const labels = await bench.rowLabels();
      assert.match(labels[0] ?? '', /Server shop, running, 2 threads/);
      assert.match(labels[1] ?? '', /Worker 1, idle, 0 served, thread \d/);
      const bar = await bench.statusLabels();
      assert.ok(
        bar.some((label) => /Concurrent Server shop: running/.test(label)),
        bar.join('\n'),
      );
      assert.ok(
        bar.some((label) => /Random delay: off/.test(label)),
        bar.join('\n'),
      );
    }));

  it('a worker is restarted from its row', () =>
    shared.use(async (bench, app) => {
      await bench.openView();
      await running(bench, app);
      await bench.row(/#2 idle/).waitFor();
      await bench.inline(bench.row(/#1 /), /Restart Worker/);
      await bench.row(/#3 idle/).waitFor();
      await bench.row(/#1 /).waitFor({ state: 'detached' });
    }));

  it("a worker's pid is copied from its row", () =>
    shared.use(async (bench, app) => {
      await bench.openView();
      await running(bench, app);
      await bench.run('Concurrent Server: Switch Mode (Thread/Fork)');
      await bench.row(/#3 idle.*pid \d+/).waitFor();
      const pid = /pid (\d+)/.exec((await bench.row(/#3 idle/).textContent()) ?? '')?.[1];
      await bench.menu(bench.row(/#3 idle/), 'Copy Process ID');
      await bench.clipboardHas(pid ?? '?');
      assert.ok((await processesOf(app)).some((row) => row.startsWith(`${pid} `)));
    }));

  it('Switch Mode goes from threads to processes and back', () =>
    shared.use(async (bench, app) => {
      await running(bench, app);
      await bench.run('Concurrent Server: Switch Mode (Thread/Fork)');
      await bench.status('2 processes').waitFor();
      assert.match(await get(app.url), /^hello from \d+ 0$/);
      await bench.run('Concurrent Server: Switch Mode (Thread/Fork)');
      await bench.status('2 threads').waitFor();
      assert.match(await get(app.url), /^hello from \d+ [1-9]\d*$/);
    }));

  it('the status bar opens the actions, and Copy URL copies the address', () =>
    shared.use(async (bench, app) => {
      await running(bench, app);
      await bench.status('2 threads').click();
      const offered = await bench.quickPicks(app.url);
      for (const action of ['Open in Browser', 'Open in Editor', 'Copy URL', 'Restart', 'Stop', 'Show Log']) {
        assert.ok(
          offered.some((label) => label.endsWith(action)),
          `${action}: ${offered.join(', ')}`,
        );
      }
      await bench.pick('Copy URL');
      await bench.clipboardHas(`${app.url}/`);
    }));

  it('Open in Browser opens the page', () =>
    shared.use(async (bench, app, page) => {
      await running(bench, app);
      const opened = page.context().waitForEvent('page');
      await bench.run('Concurrent Server: Open in Browser');
      await goesTo(await opened, app);
    }));

  it('Open in Editor opens the page in the built-in browser', () =>
    shared.use(async (bench, app, page) => {
      await running(bench, app);
      await bench.run('Concurrent Server: Open in Editor');
      await bench.tabs.filter({ hasText: 'Simple Browser' }).waitFor();
      const frames = page.frameLocator('iframe.webview').frameLocator('iframe');
      const address = frames.locator('.url-input');
      await address.waitFor();
      // The page's script fills it in.
      while ((await address.inputValue()) === '') await tick();
      assert.match(await address.inputValue(), addressOf(app));
    }));

  it('asks which file is the app if several fit, and runs it', () =>
    shared.use(async (bench, app) => {
      shared.remove('server.js');
      shared.write('app.js', APP_OF('app'));
      shared.write('main.js', APP_OF('main'));
      await bench.run('Run Concurrent Server');
      assert.deepEqual(await bench.quickPicks('Which one is it?'), ['app.js', 'main.js']);
      await bench.pick('main.js');
      assert.equal(await answers(app.url), 'main');
      shared.changesSettings();
      await bench.press(bench.notification('main.js runs as the app'), 'Save in Workspace Settings');
      await bench.run('Concurrent Server: Stop');
      await leavesNothing(app);
      await bench.run('Run Concurrent Server');
      assert.equal(await answers(app.url), 'main');
    }));

  it('names the owner of the port, and uses the next port for this run', () =>
    shared.use(async (bench, app) => {
      const other = http.createServer((_request, response) => response.end('other'));
      await new Promise<void>((resolve) => other.listen(app.port, '127.0.0.1', resolve));
      try {
        await bench.run('Run Concurrent Server');
        const owner = new RegExp(`Port 127.0.0.1:${app.port} is taken by .*pid ${process.pid}`);
        const notice = bench.notification(owner);
        await notice.waitFor();
        await bench.press(notice, 'Use Next Free Port');
        const item = bench.status(/127\.0\.0\.1:\d+ · 2 threads/);
        await item.waitFor();
        const port = /:(\d+)/.exec((await item.textContent()) ?? '')?.[1];
        assert.notEqual(Number(port), app.port);
        assert.match(await get(`http://127.0.0.1:${port}`), /^hello/);
      } finally {
        await new Promise((resolve) => other.close(resolve).closeAllConnections());
      }
    }));

  it('an app that does not start is shown in the status bar, the tree and one notification', () =>
    shared.use(async (bench, app) => {
      shared.write('server.js', "throw new Error('no database');");
      await bench.openView();
      await bench.run('Run Concurrent Server');
      await bench.status('App does not start').waitFor();
      await bench.notification('The app does not start: no database').waitFor();
      await bench.row(/does not start/).waitFor();
      assert.match(await get(app.url), /^500 .*no database/s);
    }));

  it("a worker's output is shown separately from its row", () =>
    shared.use(async (bench, app) => {
      await bench.openView();
      await running(bench, app);
      await bench.row(/#2 idle/).waitFor();
      // Two requests at a time are served by both workers.
      await Promise.all([get(`${app.url}/slow`), get(`${app.url}/slow`)]);
      await bench.menu(bench.row(/#2 idle/), 'Show Worker Output');
      await bench.terminalShows(/#2\s*r\d+\s*got/);
      assert.doesNotMatch(await bench.terminalText(), /#1/);
    }));

  it("the app's output is in its terminal, each line with its worker; addresses and stack frames are links", () =>
    shared.use(async (bench, app, page) => {
      await running(bench, app);
      await get(`${app.url}/stack`);
      await bench.run('Concurrent Server: Show Output');
      await bench.terminalShows(/#\d\s*r\d+\s*got\s\/stack/);
      const [opened] = await Promise.all([page.context().waitForEvent('page'), bench.followLink(app.url)]);
      await goesTo(opened, app);
      await bench.followLink(`${path.basename(app.dir)}/server.js:`);
      await bench.tabs.filter({ hasText: 'server.js' }).waitFor();
      await bench.status(/Ln 8, Col \d+/).waitFor();
    }));

  it('the log has starts, crashes and stops, with levels', () =>
    shared.use(async (bench, app) => {
      await running(bench, app);
      await get(`${app.url}/exit`).catch(() => {});
      await bench.run('Concurrent Server: Show Log');
      await bench.outputShows(new RegExp(`\\[info\\] shop: ${app.url}/ \\(thread, 2 workers, seed`));
      await bench.outputShows(/\[error\] shop: .*exit code 7/);
      await bench.run('Concurrent Server: Stop');
      await bench.outputShows(/\[info\] shop: stopped/);
      await bench.status(/^\W*Concurrent Server$/).waitFor();
    }));

  it('Clean Up Leftovers reports that nothing was left', () =>
    shared.use(async (bench) => {
      await bench.run('Concurrent Server: Clean Up Leftovers');
      await bench.notification('Nothing was left behind.').waitFor();
    }));

  it('an app that keeps sessions in a worker gets one notification, whose button keeps each client there', () =>
    shared.use(async (bench, app) => {
      shared.write('server.js', WITH_SESSIONS);
      await bench.openView();
      await running(bench, app);
      await bench.row(/#2 idle/).waitFor();
      const [cookie = ''] = (await fetch(`${app.url}/login`, { method: 'POST' })).headers.getSetCookie();
      const me = async (): Promise<number> => (await fetch(`${app.url}/me`, { headers: { cookie } })).status;
      // At the same time, so that they reach both workers.
      const load = (): Promise<number[]> => Promise.all([me(), me(), me(), me()]);
      for (let round = 0; round < 4; round++) await load();
      const notice = bench.notification('does not know the cookie sid');
      await notice.waitFor();
      await bench.press(notice, 'Keep Each Client on a Worker');
      await notice.waitFor({ state: 'detached' });
      // The running server takes the setting: one worker answers all, whether it knows the cookie or not.
      const deadline = performance.now() + 15_000;
      while (new Set([...(await load()), ...(await load())]).size > 1) {
        assert.ok(performance.now() < deadline, 'each client has its worker');
        await tick();
      }
      const settings = fs.readFileSync(path.join(app.dir, '.vscode', 'settings.json'), 'utf8');
      assert.match(settings, /"concurrentServer\.affinity": ?"client"/);
    }));
});

/** Keeps who has logged in in a variable. Answers take a moment, so that requests meet. */
const WITH_SESSIONS = `
const http = require('node:http');
const users = new Set();
http.createServer((request, response) => {
  const id = String(Math.random());
  if (request.url === '/login') users.add('sid=' + id);
  const known = users.has(request.headers.cookie);
  const headers = request.url === '/login' ? { 'Set-Cookie': 'sid=' + id } : {};
  setTimeout(() => response.writeHead(request.url === '/me' && !known ? 401 : 200, headers).end(), 50);
}).listen(process.env.PORT);
`;

/** The address at which VS Code opens the server: the same, or its own forwarding of the port. */
function addressOf({ port }: Project): RegExp {
  return new RegExp(`^http://127\\.0\\.0\\.1(:\\d+/proxy/|:)${port}/$`);
}

async function goesTo(opened: Page, app: Project): Promise<void> {
  await opened.waitForURL(addressOf(app));
  await opened.close();
}

function APP_OF(name: string): string {
  return `require('node:http').createServer((q, s) => s.end('${name}')).listen(process.env.PORT);`;
}
