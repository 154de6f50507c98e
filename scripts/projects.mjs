/**
 * Runs real projects under this server and compares them with their own command: `npm run projects [-- name …]`; see
 * `--help`. The parts are in scripts/projects.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

process.chdir(path.join(import.meta.dirname, '..'));

// The oldest Node we support does not read TypeScript.
const outfile = path.join('node_modules', '.cache', 'projects.mjs');
await build({
  entryPoints: ['scripts/projects/command.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(outfile).href);
process.exitCode = await main(process.argv.slice(2));
