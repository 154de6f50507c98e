/** Builds and runs test files; shared by everything that tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';

/** Variables that a machine may have for every program, and that change what is tested. */
const NOT_OURS = {
  // Sandboxes like to forbid what is on any user's machine: that Python keeps its bytecode.
  PYTHONDONTWRITEBYTECODE: '',
  // Nothing here speaks to the outside. Node 20 reads all certificates at each start: 0.09 s of 0.12 s.
  NODE_EXTRA_CA_CERTS: '',
};

/** Test files below a folder whose path has all of the filters. */
export function testFiles(folder, filters, except = () => false) {
  return fs
    .readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((name) => name.endsWith('.test.ts') && !except(name))
    .filter((name) => filters.every((filter) => name.includes(filter)))
    .sort();
}

/**
 * Two files for two processes, that import the others: for tests that cost less than a process does. A file takes about
 * as long as it has lines, so the longest come first, each to the process that has the fewest.
 */
export function lanes(files, name) {
  const folder = path.join('out-lanes', name);
  fs.rmSync(folder, { recursive: true, force: true });
  if (files.length === 0) return [];
  fs.mkdirSync(folder, { recursive: true });
  const both = [1, 2].map((at) => ({ file: path.join(folder, `${name}-${at}.ts`), lines: 0 }));
  const measured = files.map((file) => ({ file, lines: fs.readFileSync(file, 'utf8').split('\n').length }));
  for (const { file, lines } of measured.sort((a, b) => b.lines - a.lines)) {
    const lane = both[0].lines <= both[1].lines ? both[0] : both[1];
    lane.lines += lines;
    fs.appendFileSync(lane.file, `import '../../${file.replaceAll(path.sep, '/')}';\n`);
  }
  return both.filter(({ lines }) => lines > 0).map(({ file }) => file);
}

/** @returns the built files, in the order of the sources */
export async function buildTests(sources, outdir, target) {
  fs.rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: sources,
    outdir,
    outbase: '.',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target,
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return sources.map((name) => path.join(outdir, name.replace(/\.ts$/, '.mjs')));
}

/**
 * Runs them, two files at a time, and beside them, one at a time, those that have a word of `quiet` in their path: that
 * wait and hardly compute. The whole listing is shown only where something failed.
 * @returns a line of the summary, and whether all passed
 */
export async function runTests(title, node, built, { env = {}, timeoutMs = 150_000, quiet = [] } = {}) {
  console.log(`\n${title}`);
  const begun = performance.now();
  const isQuiet = (file) => quiet.some((word) => file.includes(word));
  // A third of any kind is 10 % quicker, and too much for what promises that something takes no longer than so long.
  const pools = [
    { files: built.filter((file) => !isQuiet(file)), concurrency: 2 },
    { files: built.filter(isQuiet), concurrency: 1 },
  ].filter(({ files }) => files.length > 0);
  const runs = await Promise.all(
    pools.map((pool) => runFiles(node, { ...pool, timeoutMs, env: { ...process.env, ...NOT_OURS, ...env } })),
  );
  for (const { passed, listing } of runs) if (!passed) console.log(listing);
  const count = (what) =>
    runs
      .map(({ listing }) => Number(new RegExp(`^ℹ ${what} (\\d+)$`, 'm').exec(listing)?.[1] ?? 0))
      .reduce((sum, number) => sum + number);
  const seconds = Math.round((performance.now() - begun) / 1000);
  const line = `${title}: ${count('pass')} passed, ${count('fail') + count('cancelled')} failed, ${seconds} s`;
  return { passed: runs.every(({ passed }) => passed), line };
}

/** Resolves with the listing of one run of Node's test runner, and whether all passed; the dots go to stderr. */
async function runFiles(node, { files, concurrency, timeoutMs, env }) {
  const args = [
    '--enable-source-maps',
    '--test',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${timeoutMs}`,
  ];
  const dots = ['--test-reporter=dot', '--test-reporter-destination=stderr'];
  const spec = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  const child = spawn(node, [...args, ...dots, ...spec, ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...env, FORCE_COLOR: '0' },
  });
  const [listing, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { passed: code === 0, listing };
}

/** The Node that package.json pins: what VS Code's server needs; undefined where it is not installed. */
export function pinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const file = path.join('node_modules', 'node', 'bin', name);
  return fs.existsSync(file) ? path.resolve(file) : undefined;
}

/** One line for each part that ran; the exit code says whether all of them passed. */
export function summarize(results) {
  console.log(`\n${results.map(({ line }) => line).join('\n')}`);
  process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
}
