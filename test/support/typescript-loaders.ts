/** Loaders that people run TypeScript with, for tests that need the real ones. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** ts-node and SWC's loader need a TypeScript with the API of old, so they are in a folder of their own. */
const PACKAGES = [
  'tsx@4.23.15',
  'ts-node@10.9.2',
  '@swc-node/register@1.12.1',
  '@swc/core@1.16.22',
  'typescript@5.9.3',
];

/** Installs them if they are missing. @returns the folder `node_modules` with all of them */
export function typescriptLoaders(): string {
  const folder = path.resolve('.loaders-test');
  // Written last, so that an interrupted installation is repeated.
  const marker = path.join(folder, 'installed');
  const wanted = PACKAGES.join(' ');
  if (!fs.existsSync(marker) || fs.readFileSync(marker, 'utf8') !== wanted) {
    console.error('Installing tsx, ts-node and @swc-node/register into .loaders-test, about 60 MB …');
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
    const { npm_execpath: script } = process.env;
    const [npm, first] = script ? [process.execPath, [script]] : ['npm', []];
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { status } = spawnSync(npm, [...first, 'install', ...options, ...PACKAGES], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: !script && process.platform === 'win32',
    });
    if (status !== 0) throw new Error(`npm install failed in ${folder}; see above.`);
    fs.writeFileSync(marker, wanted);
  }
  return path.join(folder, 'node_modules');
}
