/** Prepares a real VS Code for the tests, while other tests run: `node prepare.mjs [desktop]`. */
import { spawnSync } from 'node:child_process';
import { findChromium, installVscode } from './install.mjs';

try {
  if (process.argv[2] !== 'desktop') {
    installVscode();
    findChromium();
  }
  packageExtension();
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}

/** Packages the present build, so that nothing changes during the other tests. */
function packageExtension() {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'vsix'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0 && !/WARN/i.test(stdout + stderr)) return;
  throw new Error(`Packaging the extension failed, or warned.\n${stdout}${stderr}`);
}
