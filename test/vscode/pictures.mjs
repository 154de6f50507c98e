/** Takes the pictures of the README and the walkthrough from a real VS Code: `npm run pictures [folder]`. */

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';

process.chdir(path.join(path.dirname(new URL(import.meta.url).pathname), '..', '..'));
await build({
  entryPoints: ['test/vscode/pictures.ts'],
  outdir: 'out-vscode',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const { status } = spawnSync(process.execPath, ['out-vscode/pictures.mjs', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
