/** The tests in a real VS Code: its own server and a browser, or with a version, a desktop one. */
import { spawnSync } from 'node:child_process';
import { buildTests, lanes, pinnedNode, runTests, testFiles } from '../runner.mjs';
import { findChromium, installVscode, VSCODE_PACKAGE } from './install.mjs';

/** Named in host.ts as well. */
const DESKTOP_VARIABLE = 'TEST_VSCODE_DESKTOP';

export function vscodeFiles(filters) {
  return testFiles('test/vscode', filters);
}

/**
 * Runs them on what a user would install. Without `desktop`, a version, in VS Code's server and a browser.
 * `env` has what the tests find their Python by.
 */
export async function testVscode(files, { desktop, env } = {}) {
  const title =
    desktop === undefined ? `In VS Code (${VSCODE_PACKAGE} and Chromium)` : `In VS Code ${desktop}`;
  const node = pinnedNode();
  try {
    if (node === undefined) throw new Error('VS Code needs the Node of package.json: npm install.');
    if (desktop === undefined) {
      installVscode();
      findChromium();
    }
    packageExtension();
  } catch (error) {
    console.error(`\n${error.message}`);
    return { passed: false, line: `${title}: did not run: ${error.message.split('\n', 1)[0]}` };
  }
  // What runs in one process shares a host (common.ts).
  const built = await buildTests(lanes(files, 'vscode'), 'out-vscode', 'node24');
  const host = desktop === undefined ? {} : { [DESKTOP_VARIABLE]: desktop };
  return runTests(title, node, built, { env: { ...env, ...host }, timeoutMs: 600_000 });
}

function packageExtension() {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'package'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0 && !/WARN/i.test(stdout + stderr)) return;
  throw new Error(`Packaging the extension failed, or warned.\n${stdout}${stderr}`);
}
