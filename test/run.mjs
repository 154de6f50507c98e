/**
 * Builds and runs the tests: `node test/run.mjs [part of a path …]`. Everything runs on the machine's own Node, which
 * is what users have, and then on the pinned one, if that is another version.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { testPython } from './python-env.mjs';

const root = path.join(path.dirname(new URL(import.meta.url).pathname), '..');
process.chdir(root);
const filters = process.argv.slice(2);
const sources = fs
  .readdirSync('test', { recursive: true })
  .map((name) => path.join('test', String(name)))
  .filter(
    (name) =>
      name.endsWith('.test.ts') &&
      !name.startsWith(path.join('test', 'vscode')) &&
      filters.every((filter) => name.includes(filter)),
  )
  .sort();
if (sources.length === 0) {
  console.error(`No test matches ${filters.join(' ') || 'test/**/*.test.ts'}.`);
  process.exit(1);
}

const python = pythonEnvironment();

fs.rmSync('out', { recursive: true, force: true });
await build({
  entryPoints: sources,
  outdir: 'out',
  outbase: '.',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
const built = sources.map((name) => path.join('out', name.replace(/\.ts$/, '.mjs')));

const nodes = new Map();
for (const node of [machineNode(), pinnedNode()]) {
  if (node === undefined) continue;
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (stdout && !nodes.has(stdout.trim())) nodes.set(stdout.trim(), node);
}

let failed = false;
for (const [version, node] of nodes) {
  console.log(`\nTests on Node ${version}`);
  const reporter = ['--test-reporter=dot', '--test-reporter-destination=stderr'];
  const args = [
    '--enable-source-maps',
    '--test',
    '--test-concurrency=2',
    '--test-timeout=150000',
    ...reporter,
  ];
  const spec = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  const { status, stdout } = spawnSync(node, [...args, ...spec, ...built], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...python, FORCE_COLOR: '0' },
  });
  // The whole listing only where something failed; else its closing lines.
  const closing = stdout.lastIndexOf('\nℹ tests ');
  console.log(status === 0 && closing >= 0 ? stdout.slice(closing) : stdout);
  if (status !== 0) failed = true;
}
process.exitCode = failed ? 1 : 0;

/** What tests find their Python by (test/support/python.ts); where there is none, they fail with the reason. */
function pythonEnvironment() {
  if (!sources.some((name) => fs.readFileSync(name, 'utf8').match(/python|wsgi/))) return {};
  try {
    return { CONCURRENT_SERVER_TEST_PYTHON: testPython() };
  } catch (error) {
    return { CONCURRENT_SERVER_TEST_PYTHON_MISSING: error.message };
  }
}

/** The Node of this machine: the one that runs npm, or the first on the path that is not a package's. */
function machineNode() {
  if (process.env.npm_node_execpath) return process.env.npm_node_execpath;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => path.join(folder, name))
    .find((file) => fs.existsSync(file));
}

function pinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const file = path.join('node_modules', 'node', 'bin', name);
  return fs.existsSync(file) ? path.resolve(file) : undefined;
}
