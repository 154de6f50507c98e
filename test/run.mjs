/**
 * Builds and runs the tests: `node test/run.mjs [part of a path …]`. First the engine on the pinned Node, if the
 * machine has another one: with Node apps only, while the Python environment and VS Code are installed. Then all tests
 * without an editor on the machine's own Node, which users have. Then the extension in a real VS Code.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pythonEnvironment } from '../scripts/python-env.mjs';
import { buildTests, lanes, pinnedNode, runTests, summarize, testFiles } from './runner.mjs';
import { prepareVscode, testVscode, vscodeFiles } from './vscode/run.mjs';

/** Folders whose tests start no server. */
const UNITS = ['common', 'engine', 'extension', 'protocol', 'races', 'scripts', 'wire'];
/** Each of their files runs in its own process: they end it, start others, or change Node's own functions. */
const APART = [
  path.join('test', 'engine', 'wire'),
  path.join('test', 'engine', 'workers', 'node', 'races'),
  path.join('test', 'races', 'loaders'),
];
/** Waits ten seconds for an idle worker to end. */
const QUIET = ['retire'];
/** Tests of code that depends on the version of Node: the units and the contract. */
const ENGINE = ['out-lanes', path.join('test', 'contract'), ...APART];

/** The tests that the run on a second Node omits. */
const ONLY_NODE = ', units and contract only, without Python apps, whose workers do not run on Node';

process.chdir(path.join(path.dirname(new URL(import.meta.url).pathname), '..'));
const filters = process.argv.slice(2);
const sources = testFiles('test', filters, (name) => name.startsWith(path.join('test', 'vscode')));
const inVscode = vscodeFiles(filters);
if (sources.length + inVscode.length === 0) {
  console.error(`No test matches ${filters.join(' ') || 'test/**/*.test.ts'}.`);
  process.exit(1);
}

// One after another, because both may need apt-get.
const python = pythonEnvironment([...sources, ...inVscode]);
const prepared = inVscode.length > 0 ? python.then(() => prepareVscode()) : undefined;
const results = [];
if (sources.length > 0) {
  const units = sources.filter(
    (name) =>
      UNITS.some((folder) => name.startsWith(path.join('test', folder))) &&
      !APART.some((part) => name.startsWith(part)),
  );
  const others = sources.filter((name) => !units.includes(name));
  const built = await buildTests([...others, ...lanes(units, 'units')], 'out', 'node20.19');
  const ofEngine = built.filter((name) => ENGINE.some((part) => name.includes(part)));
  const [machine, ...pinned] = nodes();
  for (const node of pinned)
    await test(node, ofEngine, { CONCURRENT_SERVER_TEST_SPEECHES: 'node' }, ONLY_NODE);
  await test(machine, built, await python);
}
if (inVscode.length > 0) results.push(await testVscode(inVscode, { prepared, env: await python }));
summarize(results);

async function test([version, node], files, env, note = '') {
  if (files.length > 0)
    results.push(await runTests(`Tests on Node ${version}${note}`, node, files, { env, quiet: QUIET }));
}

/** Version and file of the Nodes to test on, the machine's own first. */
function nodes() {
  const found = new Map();
  for (const node of [machineNode(), pinnedNode()]) {
    if (node === undefined) continue;
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    if (stdout && !found.has(stdout.trim())) found.set(stdout.trim(), node);
  }
  return found;
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
