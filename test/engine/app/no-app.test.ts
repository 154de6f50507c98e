/** What is said about a folder that has no app of its own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FRONT_ENDS } from '../../../src/common/front-ends.ts';
import { findApp } from '../../../src/engine/app/find-app.ts';
import { type NoAppDetails, ServerError } from '../../../src/protocol/errors.ts';
import { type Files, folderOf } from './folders.ts';

const SERVER = "require('node:http').createServer(() => {}).listen(process.env.PORT);";
const PAGE = "document.querySelector('#app').textContent = 'hello';";

async function refused(files: Files): Promise<ServerError & { facts: NoAppDetails }> {
  const error: unknown = await findApp(undefined, await folderOf(files)).then(
    ({ entry }) => assert.fail(`found ${entry}`),
    (error: unknown) => error,
  );
  assert.ok(error instanceof ServerError);
  assert.equal(error.code, 'NO_APP');
  return Object.assign(error, { facts: error.details as unknown as NoAppDetails });
}

describe('a front end is named, and none of its files is taken:', () => {
  const SCRIPTS = FRONT_ENDS.flatMap(({ name, commands }) =>
    commands.map((command): [string, string] => [name, command.replace('*', '.')]),
  );
  for (const [name, script] of SCRIPTS) {
    it(`${name} by "${script}"`, async () => {
      const manifest = { main: 'src/main.js', scripts: { dev: script, build: 'vite build' } };
      const { facts, message } = await refused({
        'package.json': manifest,
        'src/main.js': PAGE,
        'src/index.ts': PAGE,
        'app.js': PAGE,
      });
      assert.equal(facts.frontEnd?.name, name);
      assert.match(message, new RegExp(`^This is an? ${name} project: \`npm run dev\` serves it\\.$`));
    });
  }

  for (const { name, packages } of FRONT_ENDS) {
    for (const dependency of packages) {
      it(`${name} by its package ${dependency}`, async () => {
        const manifest = { devDependencies: { [dependency]: '1' }, scripts: { build: 'x' } };
        const { facts, message } = await refused({ 'package.json': manifest, 'src/main.js': PAGE });
        assert.equal(facts.frontEnd?.name, name);
        assert.match(message, new RegExp(`^This is an? ${name} project\\.$`));
      });
    }
  }

  const WRITTEN: Array<[name: string, scripts: Record<string, string>, packages?: string[]]> = [
    ['Vite', { dev: 'vite --host --port 3000' }],
    ['Vite', { dev: 'cross-env NODE_ENV=development vite' }],
    ['Vite', { dev: 'NODE_OPTIONS="--max-old-space-size=4096" vite dev' }],
    ['Vite', { dev: 'npx vite@latest' }],
    ['Vite', { dev: 'tsc -b && vite' }],
    ['Vite', { dev: 'npm run serve:web', 'serve:web': 'vite' }],
    ['Vite', { dev: 'pnpm web', web: 'vite' }],
    ['Vite', { dev: 'run-p dev:*', 'dev:css': 'sass -w a b', 'dev:web': 'vite' }],
    ['Vite', { dev: 'concurrently "vite" "tsc -w"' }],
    ['Vite', { dev: 'concurrently -n a,b "npm:css" "npm:web"', css: 'sass', web: 'vite' }],
    ['Vite', { dev: 'node node_modules/vite/bin/vite.js' }],
    ['Vite', { dev: 'dotenv -e .env.local -- vite' }],
    ['Vite', { dev: 'env-cmd -f .env.dev vite' }],
    ['Vite', { start: 'vite' }],
    ['Next.js', { dev: 'next dev --turbopack', start: 'next start' }],
    ['Next.js', { dev: 'next -p 3001' }],
    ['SvelteKit', { dev: 'vite dev' }, ['@sveltejs/kit', 'vite']],
    ['React Router', { dev: 'vite' }, ['@react-router/dev', 'vite']],
    ['Astro', { dev: 'astro dev --open' }, ['astro', 'vite']],
    ['Angular', { start: 'ng serve', watch: 'ng build --watch' }],
    ['Create React App', { start: 'react-scripts start' }],
    ['Parcel', { start: 'parcel src/index.html' }],
    ['webpack', { start: 'webpack serve --mode development' }],
    ['Expo', { start: 'expo start', web: 'expo start --web' }],
  ];
  for (const [name, scripts, packages = []] of WRITTEN) {
    it(`${name} by ${JSON.stringify(scripts)}`, async () => {
      const dependencies = Object.fromEntries(packages.map((one) => [one, '1']));
      const manifest = { scripts, dependencies };
      const { facts } = await refused({
        'package.json': manifest,
        'src/main.js': PAGE,
        'src/index.js': PAGE,
      });
      assert.equal(facts.frontEnd?.name, name);
    });
  }

  it('by the command of its package manager', async () => {
    const manifest = { scripts: { start: 'vite' } };
    const files = { 'package.json': manifest, 'index.html': '' };
    assert.equal((await refused({ ...files, 'package-lock.json': {} })).facts.frontEnd?.command, 'npm start');
    assert.equal((await refused({ ...files, 'pnpm-lock.yaml': '' })).facts.frontEnd?.command, 'pnpm start');
    assert.equal((await refused({ ...files, 'yarn.lock': '' })).facts.frontEnd?.command, 'yarn start');
    assert.equal((await refused({ ...files, 'bun.lock': '' })).facts.frontEnd?.command, 'bun run start');
  });

  it('with the way to its API', async () => {
    const manifest = { scripts: { dev: 'vite' } };
    const alone = await refused({ 'package.json': manifest });
    assert.equal(
      alone.hint,
      'Run Concurrent Server in the folder of its API, and let Vite pass requests on to it: server.proxy in vite.config.',
    );
    const beside = await refused({
      'package.json': manifest,
      'server/package.json': { main: 'index.js' },
      'server/index.js': SERVER,
    });
    assert.match(beside.hint ?? '', /^Run its API by `concurrent-server server`, and let Vite/);
    assert.deepEqual(beside.facts.workspaces, [{ path: 'server', name: 'server', entry: 'server' }]);
  });
});

describe('beside a front end', () => {
  it('a server that another script runs is named', async () => {
    const scripts = {
      start: 'react-scripts start',
      server: 'nodemon server/index.js',
      serve: 'serve -s build',
    };
    const { hint, facts } = await refused({ 'package.json': { scripts }, 'server/index.js': SERVER });
    assert.match(hint ?? '', /^Run its API by `concurrent-server server\/index\.js`/);
    assert.equal(facts.frontEnd?.name, 'Create React App');
    assert.deepEqual(facts.workspaces, [
      { path: 'server/index.js', name: 'index.js', entry: 'server/index.js' },
    ]);
  });

  it('the front ends of a monorepo without a server are named', async () => {
    const { message } = await refused({
      'package.json': { workspaces: ['apps/*'], scripts: { dev: 'turbo run dev' } },
      'apps/web/package.json': { scripts: { dev: 'next dev' } },
      'apps/docs/package.json': { scripts: { dev: 'astro dev' } },
    });
    assert.match(message, /no workspace has a server; .*\(apps\/docs: Astro, apps\/web: Next\.js\)/);
  });
});

describe('a folder without an app', () => {
  it('gets a sentence about what was looked at, one about what to do, and the list as facts', async () => {
    const manifest = { main: 'dist/app.js', scripts: { dev: 'docker compose up' } };
    const { message, hint, facts } = await refused({ 'package.json': manifest, 'code.js': '' });
    assert.match(message, /^No app found in \S+: scripts\.dev "docker compose up" can't be run here/);
    assert.match(message, /no server\.js, app\.js, index\.js, main\.js, manage\.py or app\.py/);
    assert.match(hint ?? '', /concurrent-server path\/to\/server\.js, manage\.py or module:app/);
    assert.ok(facts.looked.includes('main "dist/app.js" (no such file)'), facts.looked.join('\n'));
    assert.ok(!/\n/.test(message + hint));
  });

  it('that is a page alone has no app, even if its script is called app.js', async () => {
    const page = '<script src="/app.js" defer></script>';
    const { facts, message } = await refused({ 'index.html': page, 'app.js': PAGE });
    assert.match(message, /the files that index\.html loads run in the browser/);
    assert.ok(facts.looked.some((line) => line.includes('index.html')));
  });

  it('has the folders that have one', async () => {
    const { hint, facts } = await refused({
      'frontend/package.json': { scripts: { dev: 'vite' } },
      'backend/manage.py': '',
    });
    assert.match(hint ?? '', /concurrent-server backend$/);
    assert.deepEqual(
      facts.workspaces?.map(({ path }) => path),
      ['backend'],
    );
  });
});
