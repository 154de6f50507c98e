/** Builds and runs test files; shared by everything that tests. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
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

/** Two files for two processes, that import the others by turns: for tests that cost less than a process does. */
export function lanes(files, name) {
  const folder = path.join('out-lanes', name);
  fs.rmSync(folder, { recursive: true, force: true });
  if (files.length === 0) return [];
  fs.mkdirSync(folder, { recursive: true });
  files.forEach((file, at) => {
    const lane = path.join(folder, `${name}-${(at % 2) + 1}.ts`);
    fs.appendFileSync(lane, `import '../../${file.replaceAll(path.sep, '/')}';\n`);
  });
  return fs.readdirSync(folder).map((lane) => path.join(folder, lane));
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

/** Runs them, with the whole listing only where something failed. @returns a line of the summary, and whether all passed */
export function runTests(title, node, built, { env = {}, timeoutMs = 150_000 } = {}) {
  console.log(`\n${title}`);
  // A third at a time is 10 % quicker, and too much for what promises that something takes no longer than so long.
  const args = ['--enable-source-maps', '--test', '--test-concurrency=2', `--test-timeout=${timeoutMs}`];
  const dots = ['--test-reporter=dot', '--test-reporter-destination=stderr'];
  const spec = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  const begun = performance.now();
  const { status, stdout } = spawnSync(node, [...args, ...dots, ...spec, ...built], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, FORCE_COLOR: '0', ...NOT_OURS, ...env },
  });
  const passed = status === 0;
  if (!passed) console.log(stdout);
  const count = (what) => Number(new RegExp(`^ℹ ${what} (\\d+)$`, 'm').exec(stdout)?.[1] ?? 0);
  const seconds = Math.round((performance.now() - begun) / 1000);
  const line = `${title}: ${count('pass')} passed, ${count('fail') + count('cancelled')} failed, ${seconds} s`;
  return { passed, line };
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
