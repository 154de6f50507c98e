/** An app runs as the script of its package.json says, with the runner of its own node_modules. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startCli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { forEachMode } from './modes.ts';
import { Project } from './project.ts';

/** Each app answers with what it found when it started. */
const APP = `
  const found = { runners: globalThis.runners, mode: process.env.MODE, file: process.env.FROM_FILE, argv: process.argv.slice(2) };
  require('node:http').createServer((req, res) => res.end(JSON.stringify(found))).listen(process.env.PORT);`;
const MODULE = APP.replace("require('node:http')", '(await import("node:http"))');

const step = (name: string) => `(globalThis.runners ??= []).push(${JSON.stringify(name)});`;
/** A package that only notes that it was loaded. */
const runner = (folder: string, exports: Record<string, string>, bin?: Record<string, string>) => {
  const files: Record<string, string> = {
    [`node_modules/${folder}/package.json`]: JSON.stringify({ name: folder, version: '1.0.0', exports, bin }),
  };
  for (const [subpath, file] of Object.entries(exports)) {
    files[`node_modules/${folder}/${file}`] = step(`${folder}${subpath.slice(1)}`);
  }
  return files;
};
const HOOKS = 'export async function resolve(specifier, context, next) { return next(specifier, context); }';

const PACKAGES = {
  ...runner('tsx', { '.': './loader.mjs' }),
  ...runner('ts-node', {
    './register': './register.js',
    './register/transpile-only': './quick.js',
    './esm': './esm.mjs',
  }),
  'node_modules/ts-node/esm.mjs': HOOKS,
  ...runner('@swc-node/register', { '.': './index.js', './esm-register': './esm.mjs' }),
  ...runner('@babel/register', { '.': './index.js' }),
  'node_modules/@babel/register/index.js': `${step('@babel/register')}
    module.exports = ({ extensions }) => { ${'(globalThis.runners ??= []).push(...extensions);'} };`,
  ...runner('sucrase', { './register': './register.js' }),
  'node_modules/serves/package.json': JSON.stringify({ name: 'serves', bin: { 'serve-it': './cli.js' } }),
  'node_modules/serves/cli.js': `#!/usr/bin/env node\n${APP}`,
};

interface Found {
  runners?: string[];
  mode?: string;
  file?: string;
  argv: string[];
}

forEachMode((_start, mode) => {
  const project = new Project({
    ...PACKAGES,
    'a.js': APP,
    'm/package.json': '{"type":"module"}',
    'm/a.js': MODULE,
    'dev.env': 'FROM_FILE=yes',
    'nodemon.json': '{ "exec": "node a.js from-config", "watch": ["src"] }',
  });

  /** Starts in the project's folder with this script. */
  async function run(scripts: Record<string, string>, args: readonly string[] = [], env = {}) {
    const dependencies = { serves: '1.0.0' };
    project.save('package.json', JSON.stringify({ name: 'p', version: '1.2.3', scripts, dependencies }));
    const cli = startCli(['--mode', mode, '--workers', '1', ...args], { cwd: project.folder, env });
    const { script } = await cli.ready;
    const { text } = await ask(cli.url);
    await cli.stop();
    return { ...(JSON.parse(text) as Found), script };
  }

  for (const [script, runners] of [
    ['tsx watch a.js', ['tsx']],
    ['ts-node a.js', ['ts-node/register']],
    ['ts-node-dev --respawn --transpile-only a.js', ['ts-node/register/transpile-only']],
    ['ts-node --esm m/a.js', ['ts-node/register']],
    ['swc-node a.js', ['@swc-node/register']],
    ['swc-node m/a.js', ['@swc-node/register/esm-register']],
    ['babel-node -x .js,.ts a.js', ['@babel/register', '.js', '.ts']],
    ['sucrase-node a.js', ['sucrase/register']],
  ] as const) {
    it(`${script}: the runner is loaded before the app`, async () => {
      assert.deepEqual((await run({ dev: script })).runners, runners);
    });
  }

  it('variables, files of variables, flags and arguments are those of the script', async () => {
    const { mode, file, argv, script } = await run(
      { dev: 'MODE=dev node --env-file=dev.env --inspect a.js --port 3 "a b"' },
      ['--', 'more'],
    );
    assert.deepEqual(
      { mode, file, argv },
      { mode: 'dev', file: 'yes', argv: ['--port', '3', 'a b', 'more'] },
    );
    const taken = ['MODE=dev', 'dev.env', '3 arguments'];
    assert.deepEqual(script, { from: 'scripts.dev', taken, notTaken: ['--inspect'] });
  });

  it('a script wins over the surrounding variables', async () => {
    assert.equal((await run({ dev: 'MODE=dev node a.js' }, [], { MODE: 'outside' })).mode, 'dev');
  });

  it('a file that is named runs as the script that runs it, with the arguments that are given', async () => {
    const { mode, argv } = await run({ dev: 'node b.js', start: 'MODE=x node a.js one' }, [
      'a.js',
      '--',
      'two',
    ]);
    assert.deepEqual({ mode, argv }, { mode: 'x', argv: ['two'] });
  });

  it("nodemon's configuration says what runs", async () => {
    const { argv, script } = await run({ dev: 'nodemon --config nodemon.json' });
    assert.deepEqual(argv, ['from-config']);
    assert.deepEqual(script?.notTaken, ["nodemon's watch"]);
  });

  it("a package's command runs with its arguments", async () => {
    const { argv, script } = await run({ start: 'serve-it db.json -p 3' });
    assert.deepEqual(argv, ['db.json', '-p', '3']);
    assert.deepEqual(script?.taken, ['serve-it', '3 arguments']);
  });

  it('a flag that a thread refuses is used in a process, unless a mode is chosen', async () => {
    const { script } = await run({ dev: 'node --expose-gc a.js' });
    const expected =
      mode === 'fork'
        ? { taken: ['--expose-gc'], notTaken: [] }
        : { taken: ['node'], notTaken: ['--expose-gc'] };
    assert.deepEqual({ taken: script?.taken, notTaken: script?.notTaken }, expected);
  });

  it('without a chosen mode, such a flag moves the app to processes', async () => {
    project.save('package.json', JSON.stringify({ scripts: { dev: 'node --expose-gc a.js' } }));
    const cli = startCli(['--workers', '1'], { cwd: project.folder });
    const ready = await cli.ready;
    assert.equal(ready.mode, 'fork');
    assert.deepEqual(ready.script?.taken, ['--expose-gc', 'processes (--expose-gc)']);
    await cli.stop();
  });

  it('a limit of the heap holds in a thread as well', async () => {
    assert.deepEqual((await run({ dev: 'node --max-old-space-size=200 a.js' })).script?.notTaken, []);
  });

  it('a command that is not installed is named', async () => {
    project.save('package.json', JSON.stringify({ main: 'a.js', scripts: { start: 'not-there serve' } }));
    const cli = startCli(['--mode', mode], { cwd: project.folder });
    const { error } = await cli.waitForType('error');
    assert.match(error.message, /not-there, which is not installed/);
    await cli.waitForExit();
  });
});
