/** What a real VS Code to test in needs, run beside other tests: `node prepare.mjs [desktop]`. */
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

/** Of what was built, so that nothing changes below tests that run. */
function packageExtension() {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'vsix'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0 && !/WARN/i.test(stdout + stderr)) return;
  throw new Error(`Packaging the extension failed, or warned.\n${stdout}${stderr}`);
}
