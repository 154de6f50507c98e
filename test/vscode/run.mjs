/** Builds and runs the tests in a real VS Code: `node test/vscode/run.mjs [part of a path …]`. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

process.chdir(path.join(path.dirname(new URL(import.meta.url).pathname), '..', '..'));
packageExtension();
const filters = process.argv.slice(2);
const sources = fs
  .readdirSync('test/vscode')
  .filter((name) => name.endsWith('.test.ts') && filters.every((filter) => name.includes(filter)))
  .map((name) => `test/vscode/${name}`);
const outdir = 'out-vscode';
fs.rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: sources,
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
const node = path.resolve('node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
const built = fs.readdirSync(outdir).map((name) => path.join(outdir, name));
const { status } = spawnSync(node, ['--enable-source-maps', '--test', '--test-concurrency=1', ...built], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;

/** The tests use what a user would install. */
function packageExtension() {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'package'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0 && !/WARN/i.test(stdout + stderr)) return;
  console.error(stdout, stderr);
  throw new Error('Packaging the extension failed, or warned.');
}
