/**
 * Writes what is made from the table of settings (src/protocol/settings): `npm run settings`. With `--check` it writes
 * nothing and fails if a file is not as it should be.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

process.chdir(path.join(import.meta.dirname, '..'));

// The oldest Node we support does not read TypeScript.
const outfile = path.join('node_modules', '.cache', 'settings-files.mjs');
await build({
  entryPoints: ['scripts/settings/files.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const { SETTINGS_FILES } = await import(pathToFileURL(outfile).href);

const isCheck = process.argv.includes('--check');
for (const [name, textOf] of Object.entries(SETTINGS_FILES)) {
  const before = fs.readFileSync(name, 'utf8');
  const after = textOf(before);
  if (after === before) continue;
  if (isCheck) {
    console.error(`${name} is not as the table of settings says. Run: npm run settings`);
    process.exitCode = 1;
  } else {
    fs.writeFileSync(name, after);
    console.log(`${name} is written.`);
  }
}
