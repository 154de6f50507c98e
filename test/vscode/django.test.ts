/** A stock Django project in a real VS Code, with a stand-in for the Python extension that names its interpreter. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { listProcesses } from '../../src/engine/process/identity.ts';
import { descendantsIn } from '../../src/engine/process/tree.ts';
import { type Project as Django, makeProject } from '../python/project.ts';
import { testPython } from '../support/python.ts';
import { freePort, startVscode, type VscodeHost } from './host.ts';
import type { SmallExtension } from './small-extension.ts';
import { ended, get, inWindow, leavesNothing, type Project, serverOf, writeSettings } from './windows.ts';

const VIEWS = `from django.http import HttpResponse

def hello(request):
    return HttpResponse("hello from Django")
`;
const URLS = `from django.urls import path
from shop import views

urlpatterns = [path("hello", views.hello)]
`;

describe('a Django project in VS Code', { timeout: 300_000 }, () => {
  let host: VscodeHost;
  const projects: Django[] = [];
  before(async () => {
    host = await startVscode({ extensions: [PYTHON_EXTENSION] });
  });
  after(async () => {
    for (const project of projects) project.remove();
    await host.close();
  });

  /** Nothing names its interpreter but the Python extension. */
  async function django(settings: Record<string, unknown> = {}): Promise<Project & { django: Django }> {
    const project = makeProject();
    projects.push(project);
    project.write('shop/views.py', VIEWS);
    project.write('mysite/urls.py', URLS);
    const port = await freePort();
    const app = { dir: project.folder, port, url: `http://127.0.0.1:${port}` };
    writeSettings(app, { port, workers: 2, ...settings });
    const file = path.join(app.dir, '.vscode', 'settings.json');
    const written: object = JSON.parse(fs.readFileSync(file, 'utf8'));
    fs.writeFileSync(file, JSON.stringify({ ...written, 'python.defaultInterpreterPath': testPython() }));
    return { ...app, django: project };
  }

  it('runs from the palette, is delayed by the toggle, shows a bad save in Problems, and stops without a rest', async () => {
    const app = await django();
    app.django.manage('migrate');
    await inWindow(host, app.dir, async (bench) => {
      await bench.openView();
      await bench.run('Run Concurrent Server');
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
      await bench.edit('views.py', VIEWS.replace('hello from', 'mended'));
      await problems.getByText('No problems').waitFor();
      assert.equal(await get(`${app.url}/hello`), 'mended Django');
      const { pid } = await serverOf(app);
      const all = descendantsIn(await listProcesses(), pid);
      assert.ok(all.some(({ command }) => command.includes('boot.py')));
      await bench.run('Concurrent Server: Stop');
      await leavesNothing(app);
      await Promise.all(all.map((row) => ended(row.pid)));
    });
  });

  it('has what its checks find in Problems at the line, and its migrations in a message, once', async () => {
    const app = await django();
    app.django.write(
      'shop/models.py',
      'from django.db import models\n\nclass Item(models.Model):\n    name = models.CharField(max_length=9)\n    price = models.CharField(max_length="x")\n',
    );
    await inWindow(host, app.dir, async (bench) => {
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
    });
    await leavesNothing(app);
  });

  it('keeps the settings of the old server as defaults, under the ones of VS Code', async () => {
    const app = await django();
    app.django.settings('CONCURRENT_THREADING = False', 'CONCURRENT_RANDOM_DELAY = True');
    app.django.manage('migrate');
    await inWindow(host, app.dir, async (bench) => {
      await bench.run('Run Concurrent Server');
      await bench.status(`127.0.0.1:${app.port} · 2 processes`).waitFor();
      await bench.status('Delay 0–333 ms').waitFor();
      await bench.run('Concurrent Server: Stop');
      await leavesNothing(app);
      // Settings are in force when the bar shows one of them.
      const written = { port: app.port, mode: 'thread', python: testPython() };
      writeSettings(app, { ...written, 'randomDelay.enabled': true, 'randomDelay.max': 8 });
      await bench.status('Delay 0–8 ms').waitFor();
      writeSettings(app, { ...written, 'randomDelay.enabled': false });
      await bench.status('Delay off').waitFor();
      await bench.run('Run Concurrent Server');
      await bench.status('1 process, 32 threads').waitFor();
      await bench.status('Delay off').waitFor();
      await bench.run('Concurrent Server: Stop');
      await leavesNothing(app);
      writeSettings(app, { ...written, python: '/nowhere/python', 'randomDelay.enabled': true });
      await bench.status('Delay 0–333 ms').waitFor();
      await bench.run('Run Concurrent Server');
      await bench.notification('There is no Python /nowhere/python.').waitFor();
    });
  });
});

/** What is used of the Python extension, which can't be downloaded everywhere: it names the interpreter of a setting. */
const PYTHON_EXTENSION: SmallExtension = {
  name: 'python',
  publisher: 'ms-python',
  contributes: { configuration: { properties: { 'python.defaultInterpreterPath': { type: 'string' } } } },
  main: `const { workspace } = require('vscode');
exports.activate = () => ({ environments: { getActiveEnvironmentPath(folder) {
  const path = workspace.getConfiguration('python', folder).get('defaultInterpreterPath');
  return path ? { id: path, path } : { id: 'DEFAULT_PYTHON', path: 'python' };
} } });`,
};
