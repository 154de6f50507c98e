/** The costs of reload while there are no saves, and after many saves. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSecondsOf, memoryOf, treeOf } from '../process-tree.mjs';
import { startSubject, stopSubject } from '../running.mjs';
import { median, repeated } from '../stats.mjs';
import { root } from '../subjects.mjs';
import { RELOADERS, saveApp } from './subjects.mjs';

const MODULES = 2_000;
/** Long, because the kernel counts a process's time in hundredths of a second. */
const WATCHED_MS = 20_000;
/** Without it, the memory of a process rises until V8's young generation has its full size, whatever is kept. */
const SMALL_YOUNG_GENERATION = '--max-semi-space-size=1';

/** The cost of watching an app of many modules without saves, in a paragraph. */
export async function watchingCost(node) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-watch-'));
  const names = Array.from({ length: MODULES }, (_, at) => `parts/${Math.floor(at / 20)}/m${at}.js`);
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), `module.exports = ${JSON.stringify(name)};\n`);
  }
  const text = (version) => `${names.map((name) => `require('./${name}');`).join('\n')}
require('node:http').createServer((request, response) => response.end('${version}')).listen(3000);`;
  const file = saveApp({ text }, folder, 'v');
  const cost = async (...options) => {
    const subject = { argv: (given) => [...RELOADERS.thread.argv({ ...given, file }), ...options] };
    const running = await startSubject('thread', { node, workers: 2, env: {}, subject });
    // Until everything is loaded and watched.
    await delay(3_000);
    const tree = treeOf(running.child.pid);
    const before = cpuSecondsOf(tree);
    await delay(WATCHED_MS);
    const figures = {
      cpu: ((cpuSecondsOf(tree) - before) / WATCHED_MS) * 100_000,
      rss: memoryOf(tree).rss / 1e6,
    };
    await stopSubject(running);
    return figures;
  };
  // An idle V8 collects in steps of 12 MB, at times of its choice, so the memory of a single pair means little.
  const pairs = await repeated(5, async () => {
    const [on, off] = await Promise.all([cost(), cost('--no-reload')]);
    return { on, off };
  });
  rmSync(folder, { recursive: true, force: true });
  const rss = median(pairs.map(({ on, off }) => on.rss - off.rss));
  const cpu = median(pairs.map(({ on, off }) => on.cpu - off.cpu));
  return `Watching ${MODULES} loaded modules without saves costs ${cpu.toFixed(1)} % of a core (target: not measurable, ${verdict(
    cpu < 0.5,
  )}) and ${rss.toFixed(1)} MB (target: ≤ 20 MB, ${verdict(rss <= 20)}) above \`--no-reload\`.
`;
}

/** The growth of a server's memory over many reloads, compared with Node's own threads, as a table. */
export async function memoryGrowth(node, reloads) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-growth-'));
  const file = saveApp({ text: () => 'require("node:http").createServer().listen(0);' }, folder, '');
  const server = (mode) => [
    join(root, 'dist', 'cli.js'),
    ...[file, '0', '--json', '--quiet', '--workers', '2', '--mode', mode, '--cwd', folder],
  ];
  const subjects = {
    'two workers in threads': server('thread'),
    [`two workers in threads, \`${SMALL_YOUNG_GENERATION}\``]: [SMALL_YOUNG_GENERATION, ...server('thread')],
    'two workers in processes': server('fork'),
    [`two workers in processes, \`${SMALL_YOUNG_GENERATION}\``]: [SMALL_YOUNG_GENERATION, ...server('fork')],
    'node, two bare `worker_threads` started and ended each time': [
      join(root, 'bench', 'apps', 'threads.js'),
      file,
    ],
  };
  const early = Math.floor(reloads / 4);
  const rows = [];
  for (const [name, argv] of Object.entries(subjects)) {
    const [before, after] = await memoryAfter(node, argv, [early, reloads]);
    const growth = ((after - before) * 1000) / (reloads - early);
    rows.push(`| ${name} | ${before.toFixed(0)} MB | ${after.toFixed(0)} MB | ${growth.toFixed(0)} kB |`);
  }
  rmSync(folder, { recursive: true, force: true });
  return `| resident memory of the process that has the workers | after ${early} reloads | after ${reloads} | growth per reload |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

/** Resident memory of a process, in MB, after this many restarts by command. */
async function memoryAfter(node, argv, counts) {
  const child = spawn(node, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const events = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const until = async (fits) => {
    for (;;) {
      const { value } = await events.next();
      if (fits(JSON.parse(value))) return;
    }
  };
  await until(({ type, state }) => type === 'worker' && state === 'idle');
  const memory = [];
  for (let number = 1; number <= Math.max(...counts); number++) {
    child.stdin.write('{"type":"restart"}\n');
    await until(({ type, state }) => type === 'reload' && state === 'done');
    if (counts.includes(number)) memory.push(await settledMemory(child.pid));
  }
  child.stdin.end('{"type":"stop"}\n');
  await until(({ type }) => type === 'stopped');
  return memory;
}

/** MB, once the workers of the previous reload have exited. */
async function settledMemory(pid) {
  await delay(2_000);
  return memoryOf([pid]).rss / 1e6;
}

function verdict(reached) {
  return reached ? 'reached' : 'NOT reached';
}
