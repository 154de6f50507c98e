/** The transform in Node's loaders, with programs as people write them, on each Node at hand. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { typescriptLoaders } from '../support/typescript-loaders.ts';

const packages = typescriptLoaders();
const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'race-loaders-')));
after(() => fs.rmSync(folder, { recursive: true, force: true }));
fs.symlinkSync(packages, path.join(folder, 'node_modules'), 'junction');
const hooks = path.join(folder, 'workers', 'races', 'hooks.js');
const races = 'src/engine/workers/node/races';
buildSync({
  entryPoints: {
    hooks: 'test/fixtures/races/recording-hooks.ts',
    'hooks-thread': `${races}/hooks-thread.ts`,
    marker: `${races}/marker.ts`,
  },
  outdir: path.dirname(hooks),
  format: 'cjs',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
});

interface Program {
  name: string;
  /** Contents by name; the first is the main module. */
  files: Record<string, string>;
  /** Flags of the app's own, before ours. */
  flags?: string[];
  env?: Record<string, string>;
  /** Name of the function, file and line of each site; all must be passed. */
  sites: string[];
  /** Only on Nodes that have this. */
  needs?: 'types' | 'transform';
  /** Run in a thread, as workers in thread mode. */
  thread?: true;
}

const PLAIN = '{}';
const MODULE = '{"type":"module"}';
const DEP_CJS = 'exports.dep = async () => {\n  await 1;\n};\n';
const DEP_ESM = 'export const dep = async () => {\n  await 1;\n};\n';
const DEP_TS = 'export async function dep(a: number): Promise<void> {\n  await a;\n}\n';
const MAIN_TS = (specifier: string): string =>
  `import { dep } from '${specifier}';\ninterface A {\n  b: number;\n}\nasync function main(a: A): Promise<void> {\n  await dep(a.b);\n  console.log('done');\n}\nvoid main({ b: 1 });\n`;
const TS_SITES = ['dep dep.ts:2', 'main main.ts:6'];
const TS_CONFIG = (options: object, more: object = {}): string =>
  JSON.stringify({ compilerOptions: { target: 'es2022', types: [], ...options }, ...more });
const COMMONJS = { module: 'commonjs', inlineSourceMap: true };
const NODENEXT = { module: 'nodenext', moduleResolution: 'nodenext', inlineSourceMap: true };
/** In the style of Nest. */
const DECORATED = `
function Controller(path: string): ClassDecorator { return (target) => { Object.assign(target, { path }); }; }
function Post(path: string): MethodDecorator { return (_target, _name, descriptor) => { Object.assign(descriptor.value as object, { path }); }; }
function Body(): ParameterDecorator { return () => {}; }
@Controller('coupons')
class Coupons {
  constructor(private readonly store: Map<string, number>) {}
  @Post('apply')
  async apply(@Body() code: string): Promise<number> {
    const left = await Promise.resolve(this.store.get(code)!);
    return left;
  }
}
new Coupons(new Map([['A', 1]])).apply('A').then((left) => console.log(left === 1 && 'done'));
`;
const DECORATED_SITES = [' main.ts:14', 'Coupons.apply main.ts:10'];

const programs: Program[] = [
  {
    name: 'CommonJS that imports an ES module',
    files: {
      'main.js':
        "const { dep } = require('./dep.js');\nasync function main() {\n  await dep();\n  const { late } = await import('./late.mjs');\n  await late();\n  console.log('done');\n}\nmain();\n",
      'dep.js': DEP_CJS,
      'late.mjs': 'export async function late() {\n  await 1;\n}\n',
      'package.json': PLAIN,
    },
    sites: ['dep dep.js:2', 'late late.mjs:2', 'main main.js:3', 'main main.js:4', 'main main.js:5'],
  },
  {
    name: 'an ES module that imports CommonJS, compiled and not',
    files: {
      'main.js':
        "import { dep } from './dep.cjs';\nimport { compiled } from './compiled.cjs';\nimport './empty.js';\nawait dep();\nawait compiled();\nconsole.log('done');\n",
      'dep.cjs': DEP_CJS,
      'compiled.cjs':
        '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nvar two = require("./two.cjs");\nObject.defineProperty(exports, "compiled", { enumerable: true, get: function () { return two.compiled; } });\n',
      'two.cjs': 'exports.compiled = async () => {\n  await 1;\n};\n',
      'empty.js': '',
      'package.json': MODULE,
    },
    sites: ['compiled two.cjs:2', 'dep dep.cjs:2'],
  },
  {
    name: 'an ES module that only its syntax tells',
    files: {
      'main.js':
        "import { dep } from './dep.js';\nconst main = async () => {\n  await dep();\n  console.log('done');\n};\nawait main();\n",
      'dep.js': DEP_ESM,
      'package.json': PLAIN,
    },
    sites: ['dep dep.js:2', 'main main.js:3'],
  },
  {
    name: 'CommonJS that requires an ES module',
    files: {
      'main.cjs': "require('./dep.mjs').dep().then(() => console.log('done'));\n",
      'dep.mjs': DEP_ESM,
      'package.json': PLAIN,
    },
    sites: [' main.cjs:1', 'dep dep.mjs:2'],
  },
  {
    name: 'a script with a shebang, and compiled code with a map beside it',
    files: {
      'main.js':
        "#!/usr/bin/env node\n'use strict';\nconst { dep } = require('./dist/dep.js');\n(async function main() {\n  await dep();\n  console.log('done');\n})();\n",
      'dist/dep.js': 'exports.dep = async () => { await 1; };\n//# sourceMappingURL=dep.js.map\n',
      'dist/dep.js.map': JSON.stringify({
        version: 3,
        sourceRoot: '../src',
        sources: ['dep.ts'],
        names: [],
        mappings: 'AAOA',
      }),
      'package.json': PLAIN,
    },
    sites: ['dep dep.ts:8', 'main main.js:5'],
  },
  ...['types' as const, undefined].map((needs) => ({
    name: `a package and a file without marks${needs ? ', TypeScript' : ''}`,
    files: {
      [needs ? 'main.ts' : 'main.js']:
        "const { dep } = require('dep');\nasync function main() {\n  await dep();\n  console.log('done');\n}\nmain();\n",
      'node_modules/dep/index.js': DEP_CJS,
      'package.json': '{"type":"commonjs"}',
    },
    sites: [`main main.${needs ? 'ts' : 'js'}:3`],
    ...(needs && { needs }),
  })),
  {
    name: 'CommonJS in a thread',
    files: {
      'main.js': "require('./dep.js').dep().then(() => console.log('done'));\n",
      'dep.js': DEP_CJS,
      'package.json': PLAIN,
    },
    sites: [' main.js:1', 'dep dep.js:2'],
    thread: true,
  },
  {
    name: 'an ES module in a thread',
    files: {
      'main.mjs': "import { dep } from './dep.mjs';\nawait dep();\nconsole.log('done');\n",
      'dep.mjs': DEP_ESM,
    },
    sites: ['dep dep.mjs:2'],
    thread: true,
  },
  {
    name: 'CommonJS in TypeScript by tsx',
    flags: ['--import', 'tsx'],
    files: { 'main.ts': MAIN_TS('./dep'), 'dep.ts': DEP_TS, 'package.json': PLAIN },
    sites: TS_SITES,
  },
  {
    name: 'CommonJS in TypeScript by tsx/cjs',
    flags: ['--require', 'tsx/cjs'],
    files: { 'main.ts': MAIN_TS('./dep'), 'dep.ts': DEP_TS, 'package.json': PLAIN },
    sites: TS_SITES,
  },
  {
    name: 'ES modules in TypeScript by tsx',
    flags: ['--import', 'tsx'],
    files: { 'main.ts': MAIN_TS('./dep.ts'), 'dep.ts': DEP_TS, 'package.json': MODULE },
    sites: TS_SITES,
  },
  {
    name: 'ES modules with CommonJS by tsx',
    flags: ['--import', 'tsx'],
    files: {
      'main.js':
        "import { dep } from './dep.cjs';\nconst main = async () => {\n  await dep();\n  console.log('done');\n};\nawait main();\n",
      'dep.cjs': DEP_CJS,
      'package.json': MODULE,
    },
    sites: ['dep dep.cjs:2', 'main main.js:3'],
  },
  {
    name: 'CommonJS in TypeScript by ts-node',
    flags: ['--require', 'ts-node/register'],
    env: { TS_NODE_PROJECT: 'tsconfig.json' },
    files: {
      'main.ts': MAIN_TS('./dep'),
      'dep.ts': DEP_TS,
      'package.json': PLAIN,
      'tsconfig.json': TS_CONFIG(COMMONJS),
    },
    sites: TS_SITES,
  },
  ...['es2022', 'es2016'].map((target) => ({
    name: `decorators by ts-node for ${target}`,
    flags: ['--require', 'ts-node/register'],
    env: { TS_NODE_PROJECT: 'tsconfig.json', TS_NODE_TRANSPILE_ONLY: '1' },
    files: {
      'main.ts': DECORATED,
      'package.json': PLAIN,
      'tsconfig.json': TS_CONFIG({ ...COMMONJS, target, experimentalDecorators: true }),
    },
    sites: DECORATED_SITES,
  })),
  {
    name: 'ES modules in TypeScript by ts-node/esm',
    flags: ['--no-warnings', '--loader', 'ts-node/esm'],
    env: { TS_NODE_PROJECT: 'tsconfig.json' },
    files: {
      'main.ts': MAIN_TS('./dep.js'),
      'dep.ts': DEP_TS,
      'package.json': MODULE,
      'tsconfig.json': TS_CONFIG(NODENEXT),
    },
    sites: TS_SITES,
  },
  {
    name: 'CommonJS in TypeScript by SWC',
    flags: ['--require', '@swc-node/register'],
    files: {
      'main.ts': MAIN_TS('./dep'),
      'dep.ts': DEP_TS,
      'package.json': PLAIN,
      'tsconfig.json': TS_CONFIG(COMMONJS),
    },
    sites: TS_SITES,
  },
  {
    name: 'decorators by SWC',
    flags: ['--require', '@swc-node/register'],
    files: {
      'main.ts': DECORATED,
      'package.json': PLAIN,
      'tsconfig.json': TS_CONFIG({ ...COMMONJS, experimentalDecorators: true }),
    },
    sites: DECORATED_SITES,
  },
  {
    name: 'ES modules in TypeScript by SWC',
    flags: ['--import', '@swc-node/register/esm-register'],
    files: {
      'main.ts': MAIN_TS('./dep.js'),
      'dep.ts': DEP_TS,
      'package.json': MODULE,
      'tsconfig.json': TS_CONFIG(NODENEXT),
    },
    sites: TS_SITES,
  },
  {
    name: "ES modules in TypeScript by Node's own loader",
    files: { 'main.ts': MAIN_TS('./dep.ts'), 'dep.ts': DEP_TS, 'package.json': MODULE },
    sites: TS_SITES,
    needs: 'types',
  },
  {
    name: "TypeScript by Node's own loader, with a package that does not say which",
    files: { 'main.ts': MAIN_TS('./dep.ts'), 'dep.ts': DEP_TS, 'package.json': PLAIN },
    sites: TS_SITES,
    needs: 'types',
  },
  {
    name: "CommonJS in TypeScript by Node's own loader",
    files: {
      'main.cts':
        "const { dep } = require('./dep.cts');\nasync function main(a: number): Promise<void> {\n  await dep(a);\n  console.log('done');\n}\nmain(1);\n",
      'dep.cts': 'exports.dep = async (a: number) => {\n  await a;\n};\n',
      'package.json': PLAIN,
    },
    sites: ['dep dep.cts:2', 'main main.cts:3'],
    needs: 'types',
  },
  {
    name: "an enum by Node's own loader",
    flags: ['--no-warnings', '--experimental-transform-types'],
    files: {
      'main.ts':
        "enum A {\n  B = 1,\n}\nasync function main(a: A): Promise<void> {\n  await a;\n  console.log('done');\n}\nexport default main(A.B);\n",
      'package.json': MODULE,
    },
    sites: ['main main.ts:5'],
    needs: 'transform',
  },
];

const IN_THREAD = `
const { Worker } = require('node:worker_threads');
new Worker(process.argv[1], { execArgv: JSON.parse(process.argv[2]) }).on('error', (error) => { throw error; });`;

const run = promisify(execFile);

async function check(node: string, program: Program): Promise<void> {
  const app = fs.mkdtempSync(path.join(folder, 'app-'));
  for (const [name, text] of Object.entries(program.files)) {
    fs.mkdirSync(path.dirname(path.join(app, name)), { recursive: true });
    fs.writeFileSync(path.join(app, name), text);
  }
  const entry = path.join(app, Object.keys(program.files)[0]!);
  const own = program.flags ?? [];
  const deferred = own.some((flag) => /^--(?:import|loader)$/.test(flag));
  const flags = [...own, deferred ? '--import' : '--require', hooks];
  const args = program.thread ? ['-e', IN_THREAD, entry, JSON.stringify(flags)] : [...flags, entry];
  const env = { ...process.env, ...program.env, RACES_ENTRY: entry, NODE_OPTIONS: '' };
  const trial = async (): Promise<void> => {
    const { stdout, stderr } = await run(node, args, { cwd: app, env });
    const printed = stdout.split('\n').filter((line) => line !== '');
    // What a thread prints by `console` may come after what it writes as it ends.
    const isReport = (line: string): boolean => line.startsWith('{');
    assert.deepEqual(
      printed.filter((line) => !isReport(line)),
      ['done'],
      `${stdout}\n${stderr}`,
    );
    const seen = JSON.parse(printed.find(isReport)!) as { sites: string[]; missed: string[] };
    assert.deepEqual(seen.sites.sort(), program.sites);
    assert.deepEqual(seen.missed, []);
    assert.doesNotMatch(stderr, /Experimental/);
  };
  await trial();
  const kept = fs.readdirSync(path.join(app, 'cache')).sort();
  assert.ok(kept.length > 0);
  if (own.length > 0) return;
  // Once more, with what the first one left.
  await trial();
  assert.deepEqual(fs.readdirSync(path.join(app, 'cache')).sort(), kept);
}

const pinned = path.resolve(
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);
for (const node of new Set([process.execPath, pinned])) {
  const ask = (text: string): string => execFileSync(node, ['-p', text], { encoding: 'utf8' }).trim();
  const has = {
    types: ask('process.features.typescript') === 'strip',
    transform: ask("process.allowedNodeEnvironmentFlags.has('--experimental-transform-types')") === 'true',
  };
  describe(`the transform on Node ${ask('process.version')}`, { concurrency: 2 }, () => {
    for (const program of programs) {
      const missing = program.needs && !has[program.needs];
      const skip = missing ? `this Node does not run such TypeScript` : false;
      it(`marks ${program.name}`, { skip }, () => check(node, program));
    }
  });
}
