/**
 * Runs the unit tests straight from the sources, without a build, on the Node that package.json pins:
 * `npm run test:unit [-- [--watch] [option of node --test …] [file or glob …]]`.
 */
import { spawn } from 'node:child_process';
import { pinnedNode } from '../test/runner.mjs';

const UNITS = [
  'test/{common,engine,extension,protocol,races,scripts,wire}/**/*.test.ts',
  'test/architecture.test.ts',
];

const node = pinnedNode();
if (node === undefined) {
  console.error('The pinned Node is not installed; run: npm install');
  process.exit(1);
}
const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('-'));
const files = args.filter((arg) => !arg.startsWith('-'));
const child = spawn(node, ['--test', ...options, ...(files.length > 0 ? files : UNITS)], {
  stdio: 'inherit',
  // Node would warn of every file that package.json does not say whether it is a module or a script.
  env: { ...process.env, NODE_OPTIONS: '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON' },
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
