/** Preloads finish before the app starts, and the app is still the main module. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startCli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { forEachMode } from './modes.ts';
import { Project } from './project.ts';

/** Each app answers with the state at the evaluation of its module. */
const SEEN = `JSON.stringify({
  steps: globalThis.steps ?? [],
  runs: (globalThis.runs = (globalThis.runs ?? 0) + 1),
  argv: process.argv.slice(1),
  execArgv: process.execArgv,
})`;
const COMMONJS = `
  const seen = ${SEEN};
  const main = [require.main === module, process.mainModule === module, require.main?.filename];
  require('node:http').createServer((req, res) => res.end(JSON.stringify({ ...JSON.parse(seen), main }))).listen(3000);`;
const MODULE = `
  import http from 'node:http';
  const seen = ${SEEN};
  const main = import.meta.main ?? 'unknown';
  http.createServer((req, res) => res.end(JSON.stringify({ ...JSON.parse(seen), main }))).listen(3000);`;
const TYPED = `
  import http from 'node:http';
  const text: string = 'typed';
  http.createServer((req, res) => res.end(text)).listen(3000);`;

/** Removes types, as the loaders for TypeScript do. */
const LOADER = `
  import { readFile } from 'node:fs/promises';
  export async function load(url, context, next) {
    if (!url.endsWith('typed.mts')) return next(url, context);
    const source = await readFile(new URL(url), 'utf8');
    return { format: 'module', shortCircuit: true, source: source.replaceAll(': string', '') };
  }`;

const step = (name: string) => `(globalThis.steps ??= []).push(${JSON.stringify(name)});`;

interface Seen {
  steps: string[];
  runs: number;
  argv: string[];
  execArgv: string[];
  main: unknown;
}

forEachMode((start, mode) => {
  const project = new Project({
    'app.cjs': COMMONJS,
    'app.mjs': MODULE,
    'typed.mts': TYPED,
    'main-only.cjs': `
      const app = require('node:http').createServer((req, res) => res.end('served'));
      if (require.main === module) app.listen(3000);`,
    'exports.cjs': `const steps = String(globalThis.steps); module.exports = (req, res) => res.end(steps);`,
    'exports.mjs': `const steps = String(globalThis.steps); export default (req, res) => res.end(steps);`,
    'counts.cjs': `
      const runs = (globalThis.runs = (globalThis.runs ?? 0) + 1);
      const main = require.main === module;
      module.exports = (req, res) => res.end(\`\${runs} \${main}\`);`,
    'required.cjs': step('required'),
    'at-once.mjs': step('at once'),
    // Longer than any turn of an event loop, like a secret store or a tracer that connects.
    'slow.mjs': `await new Promise((resolve) => setTimeout(resolve, 300)); ${step('slow')}`,
    'throws.mjs': `await null; throw new Error('no secrets today');`,
    'loader.mjs': LOADER,
    'registers.mjs': `import { register } from 'node:module'; register('./loader.mjs', import.meta.url);`,
    'registers.cjs': `require('node:module').register('./loader.mjs', require('node:url').pathToFileURL(__filename));`,
    'traces.cjs': `
      const http = require('node:http');
      const { createServer } = http;
      http.createServer = (listener) => createServer((req, res) => {
        res.setHeader('x-traced', String(require('node:worker_threads').isMainThread));
        listener(req, res);
      });`,
  });
  const { folder } = project;
  const flag = (name: string) => `--node-arg=${name}`;

  async function textOf(app: string, flags: string[], env: Record<string, string> = {}): Promise<string> {
    const cli = await start(project.file(app), ['--workers', '1', ...flags.map(flag)], { cwd: folder, env });
    const { text } = await ask(cli.url);
    await cli.stop();
    return text;
  }
  const seenBy = async (...how: Parameters<typeof textOf>) => JSON.parse(await textOf(...how)) as Seen;

  for (const app of ['app.cjs', 'app.mjs']) {
    for (const [what, flags, steps] of [
      ['awaits', ['--import=./slow.mjs'], ['slow']],
      ['does not await', ['--import=./at-once.mjs'], ['at once']],
      ['comes after another', ['--import=./slow.mjs', '--import=./at-once.mjs'], ['slow', 'at once']],
      ['comes after --require', ['--import=./slow.mjs', '--require=./required.cjs'], ['required', 'slow']],
      ['is two words', ['--require', './required.cjs', '--import', './slow.mjs'], ['required', 'slow']],
    ] as const) {
      it(`${app} starts after an --import that ${what}, as the main module, once`, async () => {
        const seen = await seenBy(app, [...flags]);
        assert.deepEqual(seen.steps, steps);
        assert.equal(seen.runs, 1);
        assert.deepEqual(seen.argv, [project.file(app)]);
        assert.deepEqual(seen.execArgv, flags);
        if (app === 'app.cjs') assert.deepEqual(seen.main, [true, true, project.file(app)]);
        else assert.ok([true, 'unknown'].includes(seen.main as boolean));
      });
    }

    it(`${app} starts after an --import of NODE_OPTIONS`, async () => {
      const slow = pathToFileURL(project.file('slow.mjs')).href;
      const seen = await seenBy(app, ['--import=./at-once.mjs'], { NODE_OPTIONS: `--import "${slow}"` });
      assert.deepEqual(seen.steps, ['slow', 'at once']);
      assert.deepEqual(seen.execArgv, ['--import=./at-once.mjs']);
    });
  }

  it('an app that listens only as the main module listens after an --import', async () => {
    assert.equal(await textOf('main-only.cjs', ['--import=./slow.mjs']), 'served');
  });

  for (const app of ['exports.cjs', 'exports.mjs']) {
    it(`the export of ${app} is served, after an --import that awaits`, async () => {
      assert.equal(await textOf(app, ['--import=./slow.mjs']), 'slow');
    });
  }

  it('an app that is a link is loaded once, even if Node keeps links', {
    skip: process.platform === 'win32' && 'links need a right of their own',
  }, async () => {
    fs.symlinkSync(project.file('counts.cjs'), project.file('link.cjs'));
    assert.equal(await textOf('link.cjs', []), '1 true');
    assert.equal(await textOf('link.cjs', ['--preserve-symlinks-main']), '1 true');
  });

  for (const how of ['--import=./registers.mjs', '--require=./registers.cjs', '--loader=./loader.mjs']) {
    it(`a loader by ${how} loads the app`, async () => {
      assert.equal(await textOf('typed.mts', [how, '--no-warnings']), 'typed');
    });
  }

  it("a preloaded tracer wraps the app's calls, and runs in the main thread", async () => {
    const cli = await start(project.file('app.cjs'), ['--workers', '1', flag('--require=./traces.cjs')], {
      cwd: folder,
    });
    assert.equal((await ask(cli.url)).headers['x-traced'], 'true');
    await cli.stop();
  });

  it('a preload that throws is reported as the reason why the app does not start', async () => {
    const cli = startCli([project.file('app.cjs'), '--mode', mode, flag('--import=./throws.mjs')], {
      cwd: folder,
    });
    const { error } = await cli.waitForType('error');
    assert.match(error.message, /no secrets today/);
    await cli.stop();
  });
});
