/** The search for the Python app, and for the Python that runs it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { choiceText, findApp } from '../../src/engine/app/find-app.ts';
import { findInterpreter } from '../../src/engine/app/python-interpreter.ts';
import { withOldSettings } from '../../src/engine/app/python-settings.ts';
import { parseConfig } from '../../src/protocol/validate/config.ts';
import { ask } from '../contract/http-client.ts';
import { startCli } from '../support/cli.ts';
import { testPython } from '../support/python.ts';

const made: string[] = [];
after(() => {
  for (const folder of made) fs.rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files. */
function folderOf(files: Record<string, string>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'entry-'));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

async function found(files: Record<string, string>, entry?: string): Promise<string> {
  const folder = folderOf(files);
  const app = await findApp(entry, folder, { env: {} });
  return `${app.kind} ${path.isAbsolute(app.entry) ? path.relative(folder, app.entry) : app.entry}`;
}

const APP = 'app = object()\n';
const FLASK = 'from flask import Flask\ndef create_app():\n    return Flask(__name__)\n';
const PACKAGE = path.join('flaskr', '__init__.py');

describe('the app of a folder', () => {
  const FOLDERS: Array<[what: string, files: Record<string, string>, found: string]> = [
    ['a manage.py', { 'manage.py': '' }, 'python manage.py'],
    [
      'a manage.py beside a package.json for styles',
      { 'manage.py': '', 'package.json': '{"scripts":{"build":"sass"}}' },
      'python manage.py',
    ],
    [
      'a manage.py beside a package.json that runs a server',
      { 'manage.py': '', 'server.js': '', 'package.json': '{"scripts":{"start":"node server.js"}}' },
      'node server.js',
    ],
    ['a Node app beside a Python file', { 'server.js': '', 'app.py': APP }, 'node server.js'],
    ['an app.py', { 'app.py': APP }, 'python app.py'],
    ['a factory', { 'main.py': 'def create_app():\n    pass\n' }, 'python main.py'],
    [
      'FastAPI as it is taught',
      { 'app/main.py': 'app = FastAPI()\n', 'app/__init__.py': '' },
      'python app/main.py',
    ],
    [
      'a wsgi.py of a package',
      { 'site_/wsgi.py': 'application = 1\n', 'app.py': APP },
      'python site_/wsgi.py',
    ],
    [
      'a main.py that is no app beside an app.py',
      { 'main.py': 'print(1)\n', 'app.py': APP },
      'python app.py',
    ],
    [
      'a package with a factory, as in Flask’s tutorial',
      { 'flaskr/__init__.py': FLASK },
      `python ${PACKAGE}`,
    ],
    [
      'a package in src',
      { 'src/shop/__init__.py': FLASK },
      `python ${path.join('src', 'shop', '__init__.py')}`,
    ],
    [
      'a module of a package',
      { 'shop/__init__.py': '', 'shop/main.py': 'app = FastAPI()\n' },
      `python ${path.join('shop', 'main.py')}`,
    ],
    ['a single file of any name', { 'hello.py': FLASK, 'helpers.py': 'x = 1\n' }, 'python hello.py'],
    [
      'a file that runs the app of a package',
      { 'run.py': 'from shop import create_app\ncreate_app().run()\n', 'shop/__init__.py': FLASK },
      'python run.py',
    ],
    [
      'an app beside its tests',
      { 'web.py': FLASK, 'test_web.py': FLASK, 'tests/app.py': APP },
      'python web.py',
    ],
    [
      'a manage.py of Flask',
      { 'manage.py': 'from flask.cli import FlaskGroup\n', 'shop/__init__.py': FLASK },
      `python ${path.join('shop', '__init__.py')}`,
    ],
    [
      'what FLASK_APP names in .flaskenv',
      { '.flaskenv': 'FLASK_APP=flaskr\n', 'flaskr/__init__.py': FLASK, 'app.py': APP },
      `python ${PACKAGE}`,
    ],
    [
      'what FLASK_APP names in .env, before .flaskenv',
      {
        '.flaskenv': 'FLASK_APP=flaskr\n',
        '.env': 'FLASK_APP="hello"\n',
        'flaskr/__init__.py': FLASK,
        'hello.py': FLASK,
      },
      'python hello.py',
    ],
    [
      'a factory with arguments in FLASK_APP',
      { '.flaskenv': `FLASK_APP="flaskr:create_app('dev')"\n`, 'flaskr/__init__.py': FLASK },
      "python flaskr:create_app('dev')",
    ],
    [
      'what FLASK_APP names, beside files of Node',
      { '.flaskenv': 'FLASK_APP=hello.py\n', 'hello.py': FLASK, 'index.js': '' },
      'python hello.py',
    ],
    [
      'the entrypoint of FastAPI',
      { 'pyproject.toml': '[tool.fastapi]\nentrypoint = "shop.web:service" # ours\n', 'shop/web.py': '' },
      'python shop.web:service',
    ],
    [
      'a script of the project',
      {
        'pyproject.toml': '[project.scripts]\n"shop" = "shop.cli:main"\n',
        'src/shop/__init__.py': '',
        'src/shop/cli.py': 'import uvicorn\ndef main():\n    uvicorn.run("shop.web:api")\n',
      },
      `python ${path.join('src', 'shop', 'cli.py:main()')}`,
    ],
    [
      'an app that poetry’s scripts name',
      {
        'pyproject.toml': "[tool.poetry.scripts]\nserve = 'shop:app'\nlint = 'shop.lint:main'\n",
        'shop.py': APP,
        'shop/lint.py': '',
      },
      'python shop.py:app',
    ],
  ];
  for (const [what, files, expected] of FOLDERS) {
    it(`is found: ${what}`, async () => assert.equal(await found(files), expected));
  }

  it('may be named: a file, a module, a factory, a folder with a manage.py', async () => {
    const files = { 'shop.py': APP, 'pkg/web.py': APP, 'back/manage.py': '' };
    assert.equal(await found(files, 'shop.py'), 'python shop.py');
    assert.equal(await found(files, 'shop.py:app'), 'python shop.py:app');
    assert.equal(await found(files, 'shop:create_app()'), 'python shop:create_app()');
    assert.equal(await found(files, 'pkg.web'), `python ${path.join('pkg', 'web.py')}`);
    assert.equal(await found(files, 'back'), `python ${path.join('back', 'manage.py')}`);
  });

  it('may be named: a package, one in src, a factory with arguments, a folder with an app', async () => {
    const files = {
      'flaskr/__init__.py': FLASK,
      'src/shop/__init__.py': '',
      'src/shop/web.py': FLASK,
      'src/shop/__main__.py': 'import uvicorn\nuvicorn.run("shop.web:app")\n',
      'back/hello.py': FLASK,
    };
    assert.equal(await found(files, 'flaskr'), `python ${PACKAGE}`);
    assert.equal(await found(files, './flaskr/'), `python ${PACKAGE}`);
    assert.equal(await found(files, 'shop.web'), `python ${path.join('src', 'shop', 'web.py')}`);
    assert.equal(await found(files, 'shop'), `python ${path.join('src', 'shop', '__main__.py')}`);
    assert.equal(
      await found(files, "flaskr:create_app('a:b.py', debug=True)"),
      "python flaskr:create_app('a:b.py', debug=True)",
    );
    assert.equal(await found(files, 'flaskr/__init__.py:create_app()'), `python ${PACKAGE}:create_app()`);
    assert.equal(await found(files, 'back'), `python ${path.join('back', 'hello.py')}`);
  });

  it('is what FLASK_APP names among the variables, if that is of this folder', async () => {
    const folder = folderOf({ 'hello.py': FLASK, 'app.py': APP });
    const app = await findApp(undefined, folder, { env: { FLASK_APP: 'hello' } });
    assert.deepEqual([path.relative(folder, app.entry), app.from], ['hello.py', 'FLASK_APP']);
    assert.equal(choiceText(app, folder), 'Runs hello.py (FLASK_APP).');
    const foreign = await findApp(undefined, folder, { env: { FLASK_APP: 'another_project' } });
    assert.equal(path.relative(folder, foreign.entry), 'app.py');
  });

  it('is the likeliest if several fit, and the others are named', async () => {
    const folder = folderOf({ 'app.py': APP, 'server.py': APP, 'shop/__init__.py': FLASK });
    const app = await findApp(undefined, folder, { env: {} });
    assert.deepEqual(app.others, ['server.py', path.join('shop', '__init__.py')]);
    assert.equal(choiceText(app, folder), undefined);
  });

  it('is not found if there is none, and the error lists everything that was tried', async () => {
    await assert.rejects(found({}), {
      code: 'NO_APP',
      message: /No app found in .*server\.js.*manage\.py or app\.py/,
    });
  });
});

describe('the Python of a folder', () => {
  const name = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
  const folder = folderOf({
    [`.venv/${name}`]: '',
    [`other/${name}`]: '',
    [`conda/${name}`]: '',
    '.git/x': '',
  });
  const inside = (environment: string): string => path.join(folder, environment, name);

  it('is the configured one, else the activated one, else that of .venv, else conda’s, else the one on the path', async () => {
    const active = { VIRTUAL_ENV: path.join(folder, 'other'), CONDA_PREFIX: path.join(folder, 'conda') };
    assert.equal((await findInterpreter('python3.12', folder, active)).command, 'python3.12');
    assert.equal((await findInterpreter('conda', folder, active)).command, inside('conda'));
    assert.equal((await findInterpreter(undefined, folder, active)).command, inside('other'));
    const conda = { CONDA_PREFIX: active.CONDA_PREFIX };
    assert.equal((await findInterpreter(undefined, folder, conda)).command, inside('.venv'));
    const bare = folderOf({ '.git/x': '' });
    assert.equal((await findInterpreter(undefined, bare, conda)).command, inside('conda'));
    assert.match((await findInterpreter(undefined, bare, {})).command, /^python3?$/);
  });

  it('is found above the folder, as far as its repository goes', async () => {
    fs.mkdirSync(path.join(folder, 'back'));
    assert.equal((await findInterpreter(undefined, path.join(folder, 'back'), {})).command, inside('.venv'));
  });

  it('that is missing, or lacks Django, is reported in one sentence with the command to run; no address is bound', async () => {
    const project = folderOf({ 'manage.py': '' });
    const none = startCli(['--python', 'no-such-python'], { cwd: project, json: false });
    assert.equal((await none.waitForExit()).code, 1);
    assert.match(none.stderr + none.stdout, /There is no Python no-such-python\.[\s\S]*--python/);
    // A virtual environment has no Django of its own.
    const bare = path.join(project, 'bare');
    const { execFileSync } = await import('node:child_process');
    execFileSync(testPython(), ['-m', 'venv', '--without-pip', bare]);
    const lacking = startCli(['--python', bare], { cwd: project, json: false });
    assert.equal((await lacking.waitForExit()).code, 1);
    assert.match(lacking.stderr + lacking.stdout, /Django is not installed in [\s\S]*-m pip install django/);
  });
});

describe('the settings of the 2009 server', () => {
  it('count if nothing was given, and only if they are valid', () => {
    const surroundings = { cwd: path.resolve('/'), cores: 2, seed: 1 };
    const old = {
      CONCURRENT_THREADING: false,
      CONCURRENT_RANDOM_DELAY: true,
      RUNSERVER_DEFAULT_PORT: '9000',
    };
    const free = withOldSettings(parseConfig({}, surroundings), { ...old, RUNSERVER_DEFAULT_ADDR: '::1' });
    assert.deepEqual(
      [free.mode, free.randomDelay.enabled, free.port, free.addr],
      ['fork', true, 9000, '::1'],
    );
    const given = { mode: 'thread', port: 1, randomDelay: { enabled: false }, addr: '127.0.0.1' };
    const kept = withOldSettings(parseConfig(given, surroundings), { ...old, RUNSERVER_DEFAULT_ADDR: '::1' });
    assert.deepEqual(
      [kept.mode, kept.randomDelay.enabled, kept.port, kept.addr],
      ['thread', false, 1, '127.0.0.1'],
    );
    const odd = withOldSettings(parseConfig({}, surroundings), {
      CONCURRENT_THREADING: 1,
      RUNSERVER_DEFAULT_PORT: 'x',
    });
    assert.deepEqual([odd.mode, odd.port], ['thread', 8000]);
  });
});

describe('an app of a framework', () => {
  const APPS: Array<[name: string, file: string, text: string, entry: string[]]> = [
    [
      'Flask',
      'app.py',
      'from flask import Flask\napp = Flask(__name__)\n@app.get("/")\ndef index():\n    return "served"\n',
      [],
    ],
    [
      'a Flask factory',
      'shop.py',
      'from flask import Flask\ndef create_app():\n    app = Flask(__name__)\n    app.get("/")(lambda: "served")\n    return app\n',
      ['shop:create_app()'],
    ],
    [
      'FastAPI',
      'main.py',
      'from fastapi import FastAPI\nfrom fastapi.responses import PlainTextResponse as P\napp = FastAPI()\n@app.get("/")\nasync def index():\n    return P("served")\n',
      [],
    ],
  ];
  for (const [name, file, text, entry] of APPS) {
    for (const mode of ['thread', 'fork']) {
      it(`${name} is served by ${mode} workers`, async () => {
        const cwd = folderOf({ [file]: text });
        const cli = startCli([...entry, '--python', testPython(), '--mode', mode], { cwd });
        await cli.ready;
        assert.equal((await ask(cli.url)).text, 'served');
        await cli.stop();
      });
    }
  }
});
