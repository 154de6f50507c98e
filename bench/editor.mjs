/** The costs of the extension in a real VS Code, for docs/benchmarks.md. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { median } from './stats.mjs';

/** Target, in words, and whether a figure reaches it. */
const ROWS = [
  ['`activate()`, median of windows', '≤ 10 ms', ({ activationMs }) => median(activationMs), 10, 'ms'],
  [
    'processes started before a command runs',
    '0',
    ({ childrenBeforeCommand }) => childrenBeforeCommand,
    0,
    '',
  ],
  ['`extension.js`, minified', '≤ 60 kB', ({ extensionKb }) => extensionKb, 60, 'kB'],
  ['the packaged `.vsix`', '≤ 1 MB', ({ vsixKb }) => vsixKb, 1000, 'kB'],
];

/** Runs test/vscode/measure.ts and gives a section of the report. */
export async function editorSection() {
  execFileSync('npm', ['run', '-s', 'package'], { stdio: 'ignore', shell: process.platform === 'win32' });
  const outfile = 'out-vscode/measure.mjs';
  await build({
    entryPoints: ['test/vscode/measure.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  const node = resolve('node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const figures = JSON.parse(
    execFileSync(node, [outfile], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const rows = ROWS.map(([what, target, read, most, unit]) => {
    const value = read(figures);
    const shown = `${Number.isInteger(value) ? value : value.toFixed(1)} ${unit}`.trim();
    return `| ${what} | ${target} | ${shown}, ${value <= most ? 'reached' : 'NOT reached'} |`;
  });
  const { idleCpu, seenCpu, hiddenCpu, perSecond, loadingMs } = figures;
  return `## In VS Code

| the extension, in VS Code's own server | target | |
| --- | --- | --- |
${rows.join('\n')}

CPU of the extension host in percent of one core, with ${perSecond} requests per second on its server: ${seenCpu} with
the view open, ${hiddenCpu} with it closed; ${idleCpu} with the view open and no requests. Loading the code takes
${median(loadingMs)} ms before \`activate()\` is called.
`;
}
