/** What a user sees and presses, in a real VS Code, against a real server. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { VscodeHost } from './host.ts';
import { answers, get, inWindow, leavesNothing, project } from './windows.ts';

describe('in VS Code', { timeout: 300_000 }, () => {
  let host: VscodeHost;
  before(async () => {
    host = await VscodeHost.start();
  });
  after(() => host.close());

  it('Run Concurrent Server runs the app of the folder, and Stop leaves nothing', async () => {
    const app = await project();
    await inWindow(host, app.dir, async (bench) => {
      await bench.status('Concurrent Server').waitFor();
      await bench.run('Run Concurrent Server');
      await bench.status(`127.0.0.1:${app.port} · 2 threads`).waitFor();
      assert.match(await get(app.url), /^hello from/);
      await bench.run('Concurrent Server: Stop');
      await leavesNothing(app);
      await bench.status(/^\W*Concurrent Server$/).waitFor();
    });
  });

  it('a folder without an app shows no status bar item, and says so in the view', async () => {
    const empty = await project({ 'notes.txt': 'nothing' });
    await inWindow(host, empty.dir, async (bench) => {
      await bench.openView();
      await bench.welcome.filter({ hasText: 'No Node app was found' }).waitFor();
      assert.deepEqual(
        (await bench.statusTexts()).filter((text) => /Concurrent|Delay/.test(text)),
        [],
      );
    });
  });

  it('the toggle in the status bar delays requests at once, and again not', async () => {
    const app = await project(undefined, { 'randomDelay.min': 300, 'randomDelay.max': 310 });
    await inWindow(host, app.dir, async (bench) => {
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      const delayOf = async (): Promise<number> => {
        const timing = (await fetch(app.url)).headers.get('server-timing') ?? '';
        return Number(/delay;dur=([\d.]+)/.exec(timing)?.[1]);
      };
      assert.equal(await delayOf(), 0);
      await bench.status('Delay off').click();
      await bench.status('Delay 300–310 ms').waitFor();
      assert.ok((await delayOf()) >= 300);
      await bench.status('Delay 300–310 ms').click();
      await bench.status('Delay off').waitFor();
      assert.equal(await delayOf(), 0);
    });
    await leavesNothing(app);
  });

  it('the tree tells what each worker does, and which request it is serving', async () => {
    const app = await project();
    await inWindow(host, app.dir, async (bench) => {
      await bench.openView();
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
    });
    await leavesNothing(app);
  });

  it('a worker is restarted from its row', async () => {
    const app = await project(undefined, { workers: 1 });
    await inWindow(host, app.dir, async (bench) => {
      await bench.openView();
      await bench.run('Run Concurrent Server');
      await bench.row(/#1 idle/).waitFor();
      await bench.inline(bench.row(/#1 /), /Restart Worker/);
      await bench.row(/#2 idle/).waitFor();
      await bench.row(/#1 /).waitFor({ state: 'detached' });
    });
    await leavesNothing(app);
  });

  it('Switch Mode goes from threads to processes and back', async () => {
    const app = await project();
    await inWindow(host, app.dir, async (bench) => {
      await bench.run('Run Concurrent Server');
      await bench.status('2 threads').waitFor();
      await bench.run('Concurrent Server: Switch Mode (Thread/Fork)');
      await bench.status('2 processes').waitFor();
      assert.match(await get(app.url), /^hello from \d+ 0$/);
    });
    await leavesNothing(app);
  });

  it('asks which file is the app where several fit, and runs it', async () => {
    const app = await project({ 'app.js': APP_OF('app'), 'main.js': APP_OF('main') });
    await inWindow(host, app.dir, async (bench) => {
      await bench.run('Run Concurrent Server');
      assert.deepEqual(await bench.quickPicks('Which one is it?'), ['app.js', 'main.js']);
      await bench.pick('main.js');
      assert.equal(await answers(app.url), 'main');
      await bench.press(bench.notification('main.js is run as the app'), 'Remember in Workspace Settings');
      await bench.run('Concurrent Server: Stop');
      await leavesNothing(app);
      await bench.run('Run Concurrent Server');
      assert.equal(await answers(app.url), 'main');
    });
  });

  it('says who holds the port, and takes the next one for this run', async () => {
    const app = await project();
    const other = (await import('node:http')).createServer((_request, response) => response.end('other'));
    await new Promise<void>((resolve) => other.listen(app.port, '127.0.0.1', resolve));
    try {
      await inWindow(host, app.dir, async (bench) => {
        await bench.run('Run Concurrent Server');
        const notice = bench.notification(
          new RegExp(`Port 127.0.0.1:${app.port} is taken by .*pid ${process.pid}`),
        );
        await notice.waitFor();
        await bench.press(notice, 'Use Next Free Port');
        const item = bench.status(/127\.0\.0\.1:\d+ · 2 threads/);
        await item.waitFor();
        const port = /:(\d+)/.exec(await item.innerText())?.[1];
        assert.notEqual(Number(port), app.port);
        assert.match(await get(`http://127.0.0.1:${port}`), /^hello/);
      });
    } finally {
      other.close();
    }
  });

  it('an app that does not start is reported once, in the bar, the tree and a message', async () => {
    const app = await project({ 'server.js': "throw new Error('no database');" });
    await inWindow(host, app.dir, async (bench) => {
      await bench.openView();
      await bench.run('Run Concurrent Server');
      await bench.status('App does not start').waitFor();
      await bench.notification('The app does not start: no database').waitFor();
      await bench.row(/the app does not start/).waitFor();
      assert.match(await get(app.url), /^500 .*no database/s);
    });
    await leavesNothing(app);
  });

  it("a worker's output is shown alone from its row", async () => {
    const app = await project();
    await inWindow(host, app.dir, async (bench) => {
      await bench.openView();
      await bench.run('Run Concurrent Server');
      await bench.row(/#2 idle/).waitFor();
      // One request at a time is served by the first worker; two at a time by both.
      await Promise.all([get(`${app.url}/slow`), get(`${app.url}/slow`)]);
      await bench.menu(bench.row(/#2 idle/), "Show Worker's Output");
      await bench.terminalShows(/#2\s*r\d+\s*got/);
      assert.doesNotMatch(await bench.terminalText(), /#1/);
    });
    await leavesNothing(app);
  });

  it("the app's output is in its terminal, each line with its worker", async () => {
    const app = await project(undefined, { workers: 1 });
    await inWindow(host, app.dir, async (bench) => {
      await bench.run('Run Concurrent Server');
      await bench.status('1 thread').waitFor();
      await get(`${app.url}/here`);
      await bench.run('Concurrent Server: Show Output');
      await bench.terminalShows(/#1\s*r\d+\s*got \/here/);
    });
    await leavesNothing(app);
  });
});

function APP_OF(name: string): string {
  return `require('node:http').createServer((q, s) => s.end('${name}')).listen(process.env.PORT);`;
}
