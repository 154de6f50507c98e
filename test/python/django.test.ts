/** A stock Django project, served without changes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { MODES } from '../../src/protocol/config.ts';
import { ask } from '../contract/http-client.ts';
import { type Cli, type CliOptions, startCli } from '../support/cli.ts';
import { testPython } from '../support/python.ts';
import { makeProject, type Project } from './project.ts';

let project: Project;
before(() => {
  project = makeProject();
  project.manage('migrate');
  const create =
    'from django.contrib.auth.models import User; User.objects.create_superuser("ann", "", "pass")';
  project.manage('shell', '-c', create);
});
after(() => project.remove());

async function serve(args: string[], options: CliOptions = {}): Promise<Cli> {
  const cli = startCli(['--python', testPython(), ...args], { cwd: project.folder, ...options });
  await cli.waitFor((event) => event.type === 'worker' && event.state === 'idle');
  return cli;
}

for (const mode of MODES) {
  describe(`a Django project with ${mode} workers`, () => {
    let cli: Cli;
    before(async () => {
      cli = await serve(['--mode', mode]);
    });
    after(() => cli.stop());

    it('is found by its manage.py, and its views, streams and files are served', async () => {
      assert.equal(path.basename((await cli.ready).entry), 'manage.py');
      assert.equal((await ask(`${cli.url}/hello`)).text, 'hello');
      assert.equal((await ask(`${cli.url}/stream`)).text, 'one,two');
      assert.match((await ask(`${cli.url}/file`)).text, /def file\(request\)/);
    });

    it('has its static files while DEBUG is set', async () => {
      const { status, text } = await ask(`${cli.url}/static/admin/css/base.css`);
      assert.equal(status, 200);
      assert.match(text, /DJANGO Admin styles/i);
    });

    it('keeps sessions in its database, over all workers', async () => {
      const first = await ask(`${cli.url}/page`);
      const cookie = String(first.headers['set-cookie']).split(';')[0]!;
      assert.equal(first.text, '<h1>Visit 1</h1>');
      for (const visit of [2, 3, 4]) {
        const { text } = await ask(`${cli.url}/page`, { headers: { cookie } });
        assert.equal(text, `<h1>Visit ${visit}</h1>`);
      }
    });

    it('lets a person into its admin, by a form with a token', async () => {
      const form = await ask(`${cli.url}/admin/login/`);
      const csrf = /csrftoken=([^;]+)/.exec(String(form.headers['set-cookie']))?.[1] ?? '';
      const token = /csrfmiddlewaretoken" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
      const body = new URLSearchParams({
        csrfmiddlewaretoken: token,
        username: 'ann',
        password: 'pass',
        next: '/admin/',
      });
      const headers = { cookie: `csrftoken=${csrf}`, 'content-type': 'application/x-www-form-urlencoded' };
      const entered = await ask(`${cli.url}/admin/login/`, {
        method: 'POST',
        headers,
        body: body.toString(),
      });
      assert.deepEqual([entered.status, entered.headers.location], [302, '/admin/']);
      const session = /sessionid=([^;]+)/.exec(String(entered.headers['set-cookie']))?.[1] ?? '';
      const page = await ask(`${cli.url}/admin/`, { headers: { cookie: `sessionid=${session}` } });
      assert.match(page.text, /Site administration/);
    });

    it('shows its own page for an exception, and says so in its output', async () => {
      const { status, text } = await ask(`${cli.url}/broken`, { headers: { accept: 'text/html' } });
      assert.equal(status, 500);
      assert.match(text, /ValueError[\s\S]*broken on purpose[\s\S]*Django Version/);
      const log = await cli.waitFor((e) => e.type === 'log' && e.text.includes('broken on purpose'));
      assert.ok(log.type === 'log' && log.request !== undefined && log.worker !== undefined);
    });

    it('has its output attributed to the request', async () => {
      const from = cli.events.length;
      await ask(`${cli.url}/speak`);
      const log = await cli.waitFor((e) => e.type === 'log' && e.text.includes('output of /speak'), {
        from,
      });
      const asked = await cli.waitFor((e) => e.type === 'request' && e.target === '/speak', { from });
      assert.ok(log.type === 'log' && asked.type === 'request');
      assert.deepEqual([log.request, log.worker, log.source], [asked.id, asked.worker, 'stdout']);
    });
  });
}

describe('the messages of runserver at its start', () => {
  it('are logged: unapplied migrations and system checks', async () => {
    const other = makeProject();
    other.settings(
      "X_FRAME_OPTIONS = 'DENY'",
      'SILENCED_SYSTEM_CHECKS = []',
      "TEMPLATES[0]['OPTIONS']['context_processors'] = []",
    );
    const cli = startCli(['--python', testPython()], { cwd: other.folder });
    await cli.waitFor((e) => e.type === 'log' && e.text.includes('unapplied migration'));
    await cli.waitFor((e) => e.type === 'log' && e.text.includes('admin.E402'));
    await cli.stop();
    other.remove();
  });

  for (const mode of MODES) {
    it(`reach a driver with ${mode} workers, with the line of the model or setting`, async () => {
      const other = makeProject();
      other.settings("MIDDLEWARE.remove('django.contrib.sessions.middleware.SessionMiddleware')");
      const model = [
        'class Item(models.Model):',
        '    name = models.TextField()',
        '    price = models.CharField(max_length="x")',
      ];
      other.write('shop/models.py', ['from django.db import models', ...model, ''].join('\n'));
      const cli = startCli(['--python', testPython(), '--mode', mode], { cwd: other.folder });
      const { diagnostics } = await cli.waitForType('diagnostics');
      const log = diagnostics.map(({ level, text, file, line }) => {
        const where = file === undefined ? [] : [path.relative(other.folder, file), line];
        return [level, text.split(/[:.]? /)[0], ...where];
      });
      const settings = fs.readFileSync(path.join(other.folder, 'mysite/settings.py'), 'utf8').split('\n');
      const middleware = settings.findIndex((line) => line.startsWith('MIDDLEWARE =')) + 1;
      // Django's checks have no order.
      assert.deepEqual(log.sort(), [
        ['error', 'admin.E410', 'mysite/settings.py', middleware],
        ['error', 'fields.E121', 'shop/models.py', 4],
        ['warning', 'You'],
      ]);
      await cli.stop();
      other.remove();
    });
  }

  it('a project that does not start is reported with file and line, and the server stays', async () => {
    const other = makeProject();
    other.write('shop/views.py', 'def hello(request)\n    return 1\n');
    for (const mode of MODES) {
      const cli = startCli(['--python', testPython(), '--mode', mode], { cwd: other.folder });
      const { error } = await cli.waitForType('error');
      assert.equal(error.code, 'APP_FAILED_TO_START');
      assert.match(error.message, /SyntaxError/);
      const { status, text } = await ask(cli.url);
      assert.equal(status, 500);
      assert.match(text, /shop\/views\.py", line 1/);
      await cli.stop();
    }
    other.remove();
  });
});

describe('the settings of the 2009 server', () => {
  it('are defaults, and any given setting wins', async () => {
    const other = makeProject();
    other.settings(
      'CONCURRENT_THREADING = False',
      'CONCURRENT_RANDOM_DELAY = True',
      "RUNSERVER_DEFAULT_ADDR = '127.0.0.2'",
    );
    const cli = startCli(['--python', testPython()], { cwd: other.folder });
    const ready = await cli.ready;
    assert.equal(ready.mode, 'fork');
    assert.match(ready.url, /127\.0\.0\.2/);
    const status = await cli.ask({ type: 'status' });
    assert.equal(status.type === 'status' && status.randomDelay.enabled, true);
    await cli.stop();
    const given = startCli(['--python', testPython(), '--mode', 'thread'], { cwd: other.folder });
    assert.equal((await given.ready).mode, 'thread');
    await given.stop();
    other.remove();
  });

  it('manage.py runconcurrentserver serves the project in the foreground, and its signals and exit code are the server’s', async () => {
    const other = makeProject();
    other.settings("INSTALLED_APPS += ['django_concurrent_test_server']");
    const env = { ...process.env, PYTHONPATH: path.resolve('dist/python') };
    const words = ['manage.py', 'runconcurrentserver', '0', '--mode', 'fork', '--no-color'];
    const child = spawn(testPython(), words, {
      cwd: other.folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    while (!/http:\/\/\S+\//.test(text))
      await once(child.stdout, 'data', { signal: AbortSignal.timeout(20_000) });
    const url = /http:\/\/\S+\//.exec(text)![0];
    assert.equal((await ask(`${url}hello`)).text, 'hello');
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    other.remove();
  });
});
