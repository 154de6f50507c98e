/** Small extensions for the tests, to stand beside ours where it meets others. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Path of a .vsix. @param main source of its only file */
export function packagedExtension(
  manifest: { name: string; publisher: string; contributes?: object },
  main: string,
): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'extension-'));
  const rest = {
    version: '0.0.1',
    engines: { vscode: '^1.118.0' },
    main: 'main.js',
    activationEvents: ['*'],
  };
  fs.writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ ...manifest, ...rest }));
  fs.writeFileSync(path.join(dir, 'main.js'), main);
  const vsce = path.resolve('node_modules', '@vscode', 'vsce', 'vsce');
  const words = [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--allow-star-activation',
    '--skip-license',
  ];
  const made = spawnSync(process.execPath, [vsce, ...words, '--out', 'made.vsix'], {
    cwd: dir,
    encoding: 'utf8',
  });
  assert.equal(made.status, 0, made.stderr);
  return path.join(dir, 'made.vsix');
}
