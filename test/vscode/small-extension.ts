/** Small extensions for the tests of how this one works with others. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface SmallExtension {
  name: string;
  publisher: string;
  contributes?: object;
  /** The source of its only file. */
  main: string;
}

/** Writes it into a folder. */
export function writeExtension({ main, ...manifest }: SmallExtension, dir: string): void {
  const rest = {
    version: '0.0.1',
    engines: { vscode: '^1.118.0' },
    main: 'main.js',
    activationEvents: ['*'],
  };
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ ...manifest, ...rest }));
  fs.writeFileSync(path.join(dir, 'main.js'), main);
}

/** Packs it; returns the path of the .vsix. */
export function packExtension(extension: SmallExtension): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'extension-'));
  writeExtension(extension, dir);
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
