/** Builds and runs test files, for all test scripts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';

/** Variables that a machine may set for every program, and that would change the result. */
const NEUTRAL = {
  // Some sandboxes forbid Python to keep its bytecode, which it does on any user's machine.
  PYTHONDONTWRITEBYTECODE: '',
  // No test connects to the outside. Node 20 reads all certificates at each start: 0.09 s of 0.12 s.
  NODE_EXTRA_CA_CERTS: '',
};

/** Test files below a folder whose path contains all of the filters. */
export function testFiles(folder, filters, except = () => false) {
  return fs
    .readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((name) => name.endsWith('.test.ts') && !except(name))
    .filter((name) => filters.every((filter) => name.includes(filter)))
    .sort();
}

/**
 * Two files for two processes, which import the others: for tests that are faster than the start of a process. A file
 * takes about as long as it has lines, so the longest come first, each to the process with the fewest lines.
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
 * Runs them, two files at a time, and at the same time, one by one, those with a word of `quiet` in their path: they
 * wait and hardly compute. Shows the whole listing only if a test failed.
 * @returns the lines of the summary, and whether all passed
 */
export async function runTests(title, node, built, { env = {}, timeoutMs = 150_000, quiet = [] } = {}) {
  console.log(`\n${title}`);
  const startedAt = performance.now();
  const isQuiet = (file) => quiet.some((word) => file.includes(word));
  // A third file at a time is 10 % faster, but too much for tests with a time limit.
  const pools = [
    { files: built.filter((file) => !isQuiet(file)), concurrency: 2 },
    { files: built.filter(isQuiet), concurrency: 1 },
  ].filter(({ files }) => files.length > 0);
  const runs = await Promise.all(
    pools.map((pool) => runFiles(node, { ...pool, timeoutMs, env: { ...process.env, ...NEUTRAL, ...env } })),
  );
  for (const { passed, listing } of runs) if (!passed) console.log(listing);
  const count = (what) =>
    runs
      .map(({ listing }) => Number(new RegExp(`^ℹ ${what} (\\d+)$`, 'm').exec(listing)?.[1] ?? 0))
      .reduce((sum, number) => sum + number);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const skipped = skippedIn(runs.map(({ listing }) => listing).join('\n'));
  const numbers = `${count('pass')} passed, ${count('fail') + count('cancelled')} failed, ${skipped.number} skipped`;
  return {
    passed: runs.every(({ passed }) => passed),
    line: [`${title}: ${numbers}, ${seconds} s`, ...skipped.lines].join('\n'),
  };
}

/** The skipped tests and suites in a listing: their number, and for each reason a line with their names. */
export function skippedIn(listing) {
  const names = new Map();
  let number = 0;
  for (const [, name, reason] of listing.matchAll(/^\s*﹣ (.+) \([\d.]+ms\) # (.+)$/gm)) {
    number++;
    const why = reason === 'SKIP' ? 'without a reason' : reason;
    names.set(why, (names.get(why) ?? new Set()).add(name));
  }
  const lines = [...names].map(([reason, of]) => `  skipped (${reason}): ${[...of].join('; ')}`);
  return { number, lines };
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

/** The Node that package.json pins, which VS Code's server needs; undefined if it is not installed. */
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
