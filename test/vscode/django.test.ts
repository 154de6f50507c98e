/** A stock Django project in a real VS Code. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { descendantsIn } from '../../src/engine/process/os/descendants.ts';
import { listCommands } from '../../src/engine/process/os/process-table.ts';
import { type Project as Django, makeProject } from '../python/project.ts';
import { testPython } from '../support/python.ts';
import { commonHost } from './common.ts';
import { freePort } from './host.ts';
import {
  changeSettings,
  ended,
  get,
  inWindow,
  leavesNothing,
  type Project,
  part,
  serverOf,
  writeSettings,
} from './windows.ts';
import type { Workbench } from './workbench.ts';

const VIEWS = `from django.http import HttpResponse

def hello(request):
    return HttpResponse("hello from Django")
`;
const URLS = `from django.urls import path
from shop import views

urlpatterns = [path("hello", views.hello)]
`;
/** The error is in the last line. */
const MODELS = `from django.db import models

class Item(models.Model):
    name = models.CharField(max_length=9)
    price = models.CharField(max_length="x")
`;

describe('a Django project in VS Code', { timeout: 300_000 }, () => {
  // The parts share a window. Each stops the server at its end.
  it('is run as it is', async (t) => {
    const app = await django();
    try {
      await inWindow(await commonHost(), app.dir, async (bench) => {
        for (const [name, body] of Object.entries(PARTS)) await part(t, bench, name, () => body(bench, app));
      });
      await leavesNothing(app);
    } finally {
      app.django.remove();
    }
  });
});

interface DjangoApp extends Project {
  django: Django;
}

/** Only the Python extension knows its interpreter. */
async function django(): Promise<DjangoApp> {
  const project = makeProject();
  project.write('shop/views.py', VIEWS);
  project.write('mysite/urls.py', URLS);
  project.write('shop/models.py', MODELS);
  const port = await freePort();
  const app = { dir: project.folder, port, url: `http://127.0.0.1:${port}`, django: project };
  writeSettings(app, ...settings(app, {}));
  return app;
}

type Settings = Record<string, unknown>;

function settings(app: Project, own: Settings): [Settings, Settings] {
  const others = { 'python.defaultInterpreterPath': testPython() };
  return [{ port: app.port, workers: 2, ...own }, others];
}

const PARTS: Record<string, (bench: Workbench, app: DjangoApp) => Promise<void>> = {
  'shows what its checks find in Problems, and its migrations in one notification': async (bench, app) => {
    // Before the window is complete, keys may be lost.
    await bench.status(/^\W*Concurrent Server$/).waitFor();
    await bench.run('Run Concurrent Server');
    const problems = await bench.problems();
    await problems.getByText("fields.E121: 'max_length' must be a positive integer.").waitFor();
    await problems.getByText('[Ln 5, Col 1]').waitFor();
    const notice = bench.notification(/18 unapplied migration\(s\).*manage\.py migrate/);
    await notice.waitFor();
    await bench.run('Notifications: Clear All Notifications');
    await bench.edit('models.py', 'from django.db import models\n');
    await problems.getByText('No problems').waitFor();
    assert.equal(await notice.count(), 0);
    await stop(bench, app);
  },

  'is delayed by the toggle, shows a bad save in Problems, and stops completely': async (bench, app) => {
    app.django.manage('migrate');
    await bench.openView();
    await bench.runFromPalette('Run Concurrent Server');
    await bench.status(`127.0.0.1:${app.port} · 1 process, 32 threads`).waitFor();
    await bench.row(/#1 idle.*pid \d+/).waitFor();
    assert.equal(await get(`${app.url}/hello`), 'hello from Django');
    await bench.row(/#1 idle.*1 served/).waitFor();
    await bench.status('Delay off').click();
    await bench.status('Delay 0–333 ms').waitFor();
    const timing = (await fetch(`${app.url}/hello`)).headers.get('server-timing') ?? '';
    assert.match(timing, /delay;dur=/);
    const problems = await bench.problems();
    await bench.edit('views.py', 'def hello(request):\n    return = 3\n');
    await bench.row(/does not start · SyntaxError/).waitFor();
    await problems.getByText('SyntaxError: invalid syntax').waitFor();
    await problems.getByText(/\[Ln 2, Col \d+\]/).waitFor();
    await bench.edit('views.py', VIEWS.replace('hello from', 'changed'));
    await problems.getByText('No problems').waitFor();
    assert.equal(await get(`${app.url}/hello`), 'changed Django');
    const { pid } = await serverOf(app);
    const all = descendantsIn(await listCommands(), pid);
    assert.ok(all.some(({ command }) => command.includes('boot.py')));
    await stop(bench, app);
    await Promise.all(all.map((row) => ended(row.pid)));
  },

  'uses the settings of the old server as defaults, below those of VS Code': async (bench, app) => {
    app.django.settings('CONCURRENT_THREADING = False', 'CONCURRENT_RANDOM_DELAY = True');
    const set = (own: Settings) => changeSettings(bench.page, app, ...settings(app, own));
    // A changed setting overrides the toggle.
    await set({ 'randomDelay.max': 7 });
    await bench.run('Run Concurrent Server');
    await bench.status(`127.0.0.1:${app.port} · 2 processes`).waitFor();
    await bench.status('Delay 0–7 ms').waitFor();
    await stop(bench, app);
    const written = { mode: 'thread', python: testPython() };
    await set({ ...written, 'randomDelay.enabled': false });
    await bench.run('Run Concurrent Server');
    await bench.status('1 process, 32 threads').waitFor();
    await bench.status('Delay off').waitFor();
    await stop(bench, app);
    await set({ ...written, python: '/nowhere/python' });
    await bench.run('Run Concurrent Server');
    await bench.notification('There is no Python /nowhere/python.').waitFor();
  },
};

async function stop(bench: Workbench, app: DjangoApp): Promise<void> {
  await bench.run('Concurrent Server: Stop');
  await leavesNothing(app);
  await bench.status(/^\W*Concurrent Server$/).waitFor();
}
