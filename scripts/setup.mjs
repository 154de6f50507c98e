/** Installs the packages of package-lock.json into node_modules if they are missing or out of date. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const installed = path.join(root, 'node_modules', '.package-lock.json');
const lock = path.join(root, 'package-lock.json');

if (!fs.existsSync(installed) || fs.statSync(installed).mtimeMs < fs.statSync(lock).mtimeMs) {
  console.error('Installing the packages of package-lock.json into node_modules …');
  // Not `npm ci`: it refuses a lock file that lacks optional packages of other systems, which some registries lack.
  const npm = process.env.npm_execpath;
  const [file, args] = npm ? [process.execPath, [npm]] : ['npm', []];
  const { status } = spawnSync(
    file,
    [...args, 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: npm === undefined && process.platform === 'win32',
    },
  );
  if (status !== 0) {
    console.error('npm install failed; see above. This project can not be built without the npm registry.');
    process.exit(1);
  }
  fs.utimesSync(installed, new Date(), new Date());
}
