/** The tests in a real VS Code: its own server and a browser, or with a version, a desktop one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { buildTests, lanes, pinnedNode, runTests, testFiles } from '../runner.mjs';
import { VSCODE_PACKAGE } from './install.mjs';

/** Named in host.ts as well. */
const DESKTOP_VARIABLE = 'TEST_VSCODE_DESKTOP';

export function vscodeFiles(filters) {
  return testFiles('test/vscode', filters);
}

/** Resolves with whether what they run in is there: VS Code, Chromium, and the extension as a user installs it. */
export function prepareVscode({ desktop } = {}) {
  const words = [
    path.join(import.meta.dirname, 'prepare.mjs'),
    ...(desktop === undefined ? [] : ['desktop']),
  ];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit'] });
  return once(child, 'close').then(([code]) => code === 0);
}

/**
 * Runs them on what a user would install. Without `desktop`, a version, in VS Code's server and a browser.
 * `env` has what the tests find their Python by.
 */
export async function testVscode(files, { prepared, desktop, env }) {
  const title =
    desktop === undefined ? `In VS Code (${VSCODE_PACKAGE} and Chromium)` : `In VS Code ${desktop}`;
  const node = pinnedNode();
  if (node === undefined || !(await prepared)) {
    const why = node === undefined ? 'it needs the Node of package.json: npm install' : 'see above';
    return { passed: false, line: `${title}: did not run; ${why}` };
  }
  // What runs in one process shares a host (common.ts).
  const built = await buildTests(lanes(files, 'vscode'), 'out-vscode', 'node24');
  const host = desktop === undefined ? {} : { [DESKTOP_VARIABLE]: desktop };
  return runTests(title, node, built, { env: { ...env, ...host }, timeoutMs: 600_000 });
}
