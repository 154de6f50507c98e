/** Which app of a folder is taken, and what is said about those that are not. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { type FoundApp, findApp } from '../../../src/engine/app/find-app.ts';
import { type Files, folderOf } from './folders.ts';

const SERVER = "require('node:http').createServer(() => {}).listen(process.env.PORT);";
const PAGE = "document.querySelector('#app').textContent = 'hello';";

async function find(
  files: Files,
  { old = [], entry }: { old?: string[]; entry?: string } = {},
): Promise<FoundApp> {
  const folder = await folderOf(files, old);
  const app = await findApp(entry, folder);
  return { ...app, entry: relative(folder, app.entry), cwd: relative(folder, app.cwd) };
}

function relative(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll('\\', '/');
}

function scripts(texts: Record<string, string>, more: object = {}): object {
  return { scripts: texts, ...more };
}

describe('of what is in a folder, this is taken:', () => {
  const TABLE: Array<[what: string, files: Files, taken: string, old?: string[]]> = [
    [
      'dev before start:dev',
      { 'package.json': scripts({ 'start:dev': 'node b.js', dev: 'node a.js' }), 'a.js': '', 'b.js': '' },
      'a.js',
    ],
    [
      'start:dev before serve',
      { 'package.json': scripts({ serve: 'node b.js', 'start:dev': 'node a.js' }), 'a.js': '', 'b.js': '' },
      'a.js',
    ],
    [
      'serve before start',
      { 'package.json': scripts({ start: 'node b.js', serve: 'node a.js' }), 'a.js': '', 'b.js': '' },
      'a.js',
    ],
    [
      'start before main',
      { 'package.json': scripts({ start: 'node b.js' }, { main: 'a.js' }), 'a.js': '', 'b.js': '' },
      'b.js',
    ],
    [
      'dev of a source before the main of a build',
      {
        'package.json': scripts({ dev: 'node --watch src/index.js' }, { main: 'dist/index.js' }),
        'dist/index.js': SERVER,
        'src/index.js': SERVER,
      },
      'src/index.js',
    ],
    [
      'a source before a main that is older',
      {
        'package.json': scripts({ dev: 'tsc -w' }, { main: 'dist/index.js' }),
        'dist/index.js': SERVER,
        'src/index.js': SERVER,
      },
      'src/index.js',
      ['dist/index.js'],
    ],
    [
      'the same in lib',
      { 'package.json': { main: './lib/server' }, 'lib/server.js': SERVER, 'src/server.ts': SERVER },
      'src/server.ts',
      ['lib/server.js'],
    ],
    [
      'a main that is newer than its source',
      { 'package.json': { main: 'dist/run.js' }, 'dist/run.js': SERVER, 'src/index.js': SERVER },
      'dist/run.js',
      ['src/index.js'],
    ],
    [
      'a main in lib without any other source',
      { 'package.json': { main: 'lib/run.js' }, 'lib/run.js': SERVER, 'gulpfile.js': '' },
      'lib/run.js',
      ['lib/run.js'],
    ],
    [
      'an old main, if there is nothing else',
      { 'package.json': { main: 'dist/run.js' }, 'dist/run.js': SERVER, 'src/lib.ts': '' },
      'dist/run.js',
      ['dist/run.js'],
    ],
    [
      "SvelteKit's build by adapter-node",
      {
        'package.json': scripts(
          { dev: 'vite dev' },
          { devDependencies: { '@sveltejs/kit': '2', '@sveltejs/adapter-node': '5', vite: '8' } },
        ),
        'build/index.js': '',
        'src/app.ts': PAGE,
      },
      'build/index.js',
    ],
    [
      "Nuxt's build",
      {
        'package.json': scripts({ dev: 'nuxt dev' }, { dependencies: { nuxt: '4' } }),
        '.output/server/index.mjs': '',
      },
      '.output/server/index.mjs',
    ],
    [
      "Astro's build",
      {
        'package.json': scripts({ dev: 'astro dev' }, { dependencies: { astro: '7', '@astrojs/node': '9' } }),
        'dist/server/entry.mjs': '',
      },
      'dist/server/entry.mjs',
    ],
    [
      "Nest's build",
      {
        'package.json': scripts(
          { start: 'nest start', 'start:prod': 'node dist/main' },
          { dependencies: { '@nestjs/core': '11' } },
        ),
        'dist/main.js': '',
      },
      'dist/main.js',
    ],
    [
      'a dev script before a build that stands there',
      {
        'package.json': scripts(
          { dev: 'node server.js' },
          { dependencies: { '@sveltejs/adapter-node': '5' } },
        ),
        'server.js': '',
        'build/index.js': '',
      },
      'server.js',
    ],
    [
      'a server beside a front end, if start runs it',
      {
        'package.json': scripts({ dev: 'vite', start: 'node server.js' }),
        'server.js': SERVER,
        'src/main.js': PAGE,
      },
      'server.js',
    ],
    [
      'a main that is a server beside a front end',
      { 'package.json': scripts({ dev: 'vite' }, { main: 'api.js' }), 'api.js': SERVER, 'src/main.js': PAGE },
      'api.js',
    ],
    [
      'a manage.py beside a front end',
      { 'manage.py': '', 'package.json': scripts({ dev: 'vite', start: 'vite' }), 'src/main.js': PAGE },
      'manage.py',
    ],
    [
      'a manage.py beside a script that builds',
      {
        'manage.py': '',
        'package.json': scripts({ dev: 'node esbuild.mjs --watch' }),
        'esbuild.mjs': 'build()',
      },
      'manage.py',
    ],
    [
      'a manage.py beside the main of npm init',
      { 'manage.py': '', 'package.json': { main: 'webpack.entry.js' }, 'webpack.entry.js': PAGE },
      'manage.py',
    ],
    [
      'a script that is a server before manage.py',
      { 'manage.py': '', 'package.json': scripts({ dev: 'node web/run.js' }), 'web/run.js': SERVER },
      'web/run.js',
    ],
    [
      'a Python app beside a front end',
      { 'app.py': 'app = Flask(__name__)', 'package.json': scripts({ dev: 'vite' }), 'src/main.js': PAGE },
      'app.py',
    ],
    ['the one file that is a server', { 'index.js': 'module.exports = 1', 'app.js': SERVER }, 'app.js'],
    [
      'a file that no page loads',
      { 'index.html': '<script src="app.js"></script>', 'app.js': PAGE, 'main.js': SERVER },
      'main.js',
    ],
    [
      'a server that has the name of a script in public',
      { 'public/index.html': '<script src="/app.js"></script>', 'public/app.js': PAGE, 'app.js': 'run()' },
      'app.js',
    ],
    [
      'server.js of a project that has Vite and no script',
      { 'package.json': { devDependencies: { vite: '8' } }, 'server.js': SERVER, 'src/main.js': PAGE },
      'server.js',
    ],
  ];
  for (const [what, files, taken, old = []] of TABLE) {
    it(what, async () => {
      assert.equal((await find(files, { old })).entry, taken);
    });
  }
});

describe('the app that is taken', () => {
  it('has the others beside it that could be meant', async () => {
    const app = await find({
      'manage.py': '',
      'package.json': scripts({ dev: 'node server.js' }),
      'server.js': SERVER,
    });
    assert.equal(app.entry, 'server.js');
    assert.deepEqual(app.others, ['manage.py']);
    const python = await find({ 'server.js': SERVER, 'app.py': 'app = Flask(__name__)' });
    assert.deepEqual(python.others, ['app.py']);
    const two = await find({
      'package.json': scripts({ dev: 'node a.js', start: 'node b.js' }),
      'a.js': SERVER,
      'b.js': SERVER,
    });
    assert.deepEqual(two.others, ['b.js']);
  });

  it('does not have its own build or its own parts as others', async () => {
    const app = await find({
      'package.json': scripts({ dev: 'node src/www.js', start: 'node dist/www.js' }, { main: 'src/app.js' }),
      'src/www.js': "require('./app').listen(1)",
      'src/app.js': 'module.exports = express()',
      'dist/www.js': SERVER,
    });
    assert.equal(app.entry, 'src/www.js');
    assert.deepEqual(app.others, []);
  });

  it('has a warning if it is an old build', async () => {
    const files = {
      'package.json': scripts({ start: 'node dist/www.js' }),
      'dist/www.js': SERVER,
      'src/lib.ts': '',
    };
    const app = await find(files, { old: ['dist/www.js'] });
    assert.match(app.warning ?? '', /dist.www\.js is older than src.lib\.ts/);
    assert.equal((await find(files, { old: ['src/lib.ts'] })).warning, undefined);
  });
});

describe('a folder as the entry', () => {
  it('is the project in it, which runs there', async () => {
    const app = await find(
      {
        'apps/api/package.json': scripts({ dev: 'node src/run.js' }),
        'apps/api/src/run.js': '',
        'server.js': '',
      },
      { entry: 'apps/api' },
    );
    assert.equal(app.entry, 'apps/api/src/run.js');
    assert.equal(app.cwd, 'apps/api');
  });

  it('that is no project runs where the command was called', async () => {
    const app = await find({ 'lib/server.js': '' }, { entry: 'lib' });
    assert.equal(app.entry, 'lib/server.js');
    assert.equal(app.cwd, '');
  });

  it('with a manage.py runs in it', async () => {
    const app = await find({ 'site/manage.py': '' }, { entry: 'site' });
    assert.deepEqual([app.kind, app.entry, app.cwd], ['python', 'site/manage.py', 'site']);
  });
});

it('a build that is taken since `nest start` has no runner says what would run the source', async () => {
  const files = {
    'package.json': scripts(
      { 'start:dev': 'nest start --watch', 'start:prod': 'node dist/main' },
      { type: 'module' },
    ),
    'dist/main.js': SERVER,
  };
  const { entry, warning } = await find(files);
  assert.equal(entry, 'dist/main.js');
  assert.match(
    warning ?? '',
    /^scripts\.start:dev "nest start --watch": .*npm i -D @swc-node\/register @swc\/core$/,
  );
});
