/** Runs the tests in a real VS Code: in its server and a browser, or in the desktop version that is named. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { buildTests, lanes, pinnedNode, runTests, testFiles } from '../runner.mjs';
import { VSCODE_PACKAGE } from './install.mjs';

/** Also in host.ts. */
const DESKTOP_VARIABLE = 'TEST_VSCODE_DESKTOP';

export function vscodeFiles(filters) {
  return testFiles('test/vscode', filters);
}

/** Resolves with whether VS Code, Chromium and the packaged extension are ready. */
export function prepareVscode({ desktop } = {}) {
  const words = [
    path.join(import.meta.dirname, 'prepare.mjs'),
    ...(desktop === undefined ? [] : ['desktop']),
  ];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit'] });
  return once(child, 'close').then(([code]) => code === 0);
}

/**
 * Runs the tests with the packaged extension. Without `desktop`, a version, they run in VS Code's server and a browser.
 * `env` contains the variables by which the tests find Python.
 */
export async function testVscode(files, { prepared, desktop, env }) {
  const title =
    desktop === undefined ? `In VS Code (${VSCODE_PACKAGE} and Chromium)` : `In VS Code ${desktop}`;
  const node = pinnedNode();
  if (node === undefined || !(await prepared)) {
    const why = node === undefined ? 'it needs the Node of package.json: npm install' : 'see above';
    return { passed: false, line: `${title}: did not run; ${why}` };
  }
  // The tests of one process share a VS Code (common.ts).
  const built = await buildTests(lanes(files, 'vscode'), 'out-vscode', 'node24');
  const host = desktop === undefined ? {} : { [DESKTOP_VARIABLE]: desktop };
  return runTests(title, node, built, { env: { ...env, ...host }, timeoutMs: 600_000 });
}
