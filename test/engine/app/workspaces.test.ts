/** Monorepos: which workspaces have a server, and where the scripts of the root lead. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { findApp } from '../../../src/engine/app/find-app.ts';
import { workspacesOf } from '../../../src/engine/app/script-workspaces.ts';
import { packagesOfYaml } from '../../../src/engine/app/workspaces.ts';
import { type NoAppDetails, ServerError } from '../../../src/protocol/errors.ts';
import { type Files, folderOf } from './folders.ts';

const SERVER = "import { serve } from '@hono/node-server';\nserve({ fetch: app.fetch, port: 3000 });";

/** A server, a library and a front end. */
const PARTS: Files = {
  'apps/api/package.json': { name: '@acme/api', scripts: { dev: 'node src/index.js' } },
  'apps/api/src/index.js': SERVER,
  'packages/lib/package.json': { name: '@acme/lib', main: 'index.js', scripts: { dev: 'tsup --watch' } },
  'packages/lib/index.js': 'export const add = (a, b) => a + b;',
  'apps/web/package.json': { name: 'web', scripts: { dev: 'vite' } },
  'apps/web/src/main.js': "document.title = 'web';",
};
const SECOND: Files = {
  'apps/admin/package.json': { name: 'admin', main: 'server.js' },
  'apps/admin/server.js': 'http.createServer().listen(1)',
};
const WORKSPACES = { workspaces: ['apps/*', 'packages/*'] };

async function find(files: Files): Promise<string> {
  const folder = await folderOf(files);
  const app = await findApp(undefined, folder);
  const [entry, cwd] = [app.entry, app.cwd].map((one) => path.relative(folder, one).replaceAll('\\', '/'));
  return `${entry} in ${cwd}`;
}

async function refused(files: Files): Promise<ServerError> {
  const error: unknown = await find(files).then(assert.fail, (error: unknown) => error);
  assert.ok(error instanceof ServerError, String(error));
  return error;
}

describe('the one workspace that has a server is found', () => {
  const ROOTS: Array<[what: string, files: Files]> = [
    ['npm', { 'package.json': WORKSPACES }],
    [
      "yarn's other form",
      { 'package.json': { workspaces: { packages: ['apps/*', 'packages/**'], nohoist: [] } } },
    ],
    [
      'pnpm',
      {
        'pnpm-workspace.yaml':
          'packages:\n  - "apps/*"\n  # libraries\n  - packages/* # all\n\ncatalog:\n  a: 1\n',
      },
    ],
    ['lerna', { 'lerna.json': { packages: ['apps/*'] }, 'package.json': {} }],
    ['nx', { 'nx.json': {}, 'package.json': {} }],
    [
      'an exception',
      {
        'package.json': { workspaces: ['apps/*', 'old/*', '!old/*'] },
        'old/x/package.json': {},
        'old/x/server.js': SERVER,
      },
    ],
  ];
  for (const [what, root] of ROOTS) {
    it(`by what ${what} declares`, async () => {
      assert.equal(await find({ ...root, ...PARTS }), 'apps/api/src/index.js in apps/api');
    });
  }

  for (const dev of [
    'npm run dev -w @acme/api',
    'npm run dev --workspace=apps/api',
    'npm -w api run dev',
    'npm run dev --workspaces',
    'npm --prefix apps/api run dev',
    'pnpm --filter api dev',
    'pnpm --filter=@acme/api... run dev',
    'pnpm -r dev',
    'pnpm -C apps/api dev',
    'yarn workspace @acme/api dev',
    'yarn workspaces foreach -A run dev',
    'turbo run dev',
    'turbo dev --filter=api',
    'npx turbo run dev --parallel',
    'nx serve api',
    'nx run api:serve',
    'nx run-many -t serve',
    'lerna run dev --scope @acme/api',
    'cd apps/api && npm run dev',
    'concurrently "npm run dev -w web" "npm run dev -w @acme/api"',
  ]) {
    it(`by scripts.dev "${dev}", beside files of the root's tools`, async () => {
      const root = { 'package.json': { ...WORKSPACES, scripts: { dev } }, 'index.js': '' };
      assert.equal(await find({ ...root, ...PARTS }), 'apps/api/src/index.js in apps/api');
    });
  }

  it('also by a script that names one of two', async () => {
    const scripts = { dev: 'npm run dev -w admin' };
    const root = { 'package.json': { ...WORKSPACES, scripts } };
    assert.equal(await find({ ...root, ...PARTS, ...SECOND }), 'apps/admin/server.js in apps/admin');
  });

  it('also in a folder that nothing declares, if a script names it', async () => {
    const scripts = { dev: 'concurrently "cd client && npm start" "cd server && npm run dev"' };
    assert.equal(
      await find({
        'package.json': { scripts },
        'client/package.json': { scripts: { start: 'react-scripts start' } },
        'server/package.json': { scripts: { dev: 'node index.js' } },
        'server/index.js': SERVER,
      }),
      'server/index.js in server',
    );
  });
});

describe('several workspaces with a server', () => {
  it('are named, each with its command, and none is taken', async () => {
    for (const scripts of [{}, { dev: 'turbo run dev' }]) {
      const error = await refused({ 'package.json': { ...WORKSPACES, scripts }, ...PARTS, ...SECOND });
      assert.equal(error.code, 'NO_APP');
      assert.equal(error.message, 'Several workspaces have a server: apps/admin, apps/api.');
      assert.match(error.hint ?? '', /concurrent-server apps\/admin .*concurrent-server apps\/api/);
      const { workspaces } = error.details as unknown as NoAppDetails;
      assert.deepEqual(workspaces, [
        { path: 'apps/admin', name: 'admin', entry: 'apps/admin' },
        { path: 'apps/api', name: '@acme/api', entry: 'apps/api' },
      ]);
    }
  });

  it('go before a file of the root that is an app by its name alone, and no server by its source', async () => {
    const root = { 'package.json': WORKSPACES, 'src/main.js': 'document.title = 1;' };
    await assert.rejects(find({ ...root, ...PARTS, ...SECOND }), { code: 'NO_APP' });
    assert.equal(await find({ ...root, ...PARTS, ...SECOND, 'src/main.js': SERVER }), 'src/main.js in ');
  });

  it('do not matter if the root has an app of its own', async () => {
    const root = { 'package.json': { ...WORKSPACES, scripts: { start: 'node run.js' } }, 'run.js': SERVER };
    assert.equal(await find({ ...root, ...PARTS, ...SECOND }), 'run.js in ');
  });
});

describe('a pnpm-workspace.yaml', () => {
  const TABLE: Array<[text: string, packages: string[]]> = [
    ['packages:\n  - a\n  - b/*\n', ['a', 'b/*']],
    ["packages:\n- 'a'\n- \"b\"\n- '!c'", ['a', 'b', '!c']],
    ['packages: [a, "b/*"]\nother: 1', ['a', 'b/*']],
    ['packages:\n  [\n    a,\n    b,\n  ]\n', ['a', 'b']],
    [
      '# packages:\nonly: 1\npackages: # these\r\n  - a # this\r\n\r\n  - "b#c"\r\nnext:\n  - d\n',
      ['a', 'b#c'],
    ],
    ['"packages":\n  - a', ['a']],
    ['only: 1', []],
    ['packages:\n', []],
    ['', []],
  ];
  for (const [text, packages] of TABLE) {
    it(`${JSON.stringify(text)} has ${packages.length} packages`, () => {
      assert.deepEqual(packagesOfYaml(text), packages);
    });
  }
});

describe('any text', () => {
  it('is read as a pnpm-workspace.yaml and as a script', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        packagesOfYaml(`${a}\npackages:${b}`);
        workspacesOf(a, { b });
      }),
    );
  });
});

describe('a script that stays in its own package', () => {
  for (const script of [
    'node server.js',
    'npm run build',
    'vite',
    'nodemon -w src index.js',
    'nx build api',
    'npm test',
  ]) {
    it(`"${script}" leads nowhere`, () => {
      assert.equal(workspacesOf(script, { build: 'tsc -p .' }), undefined);
    });
  }
});
