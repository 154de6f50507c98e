/**
 * Shows where the time is spent: runs one subject under load with `--cpu-prof` and prints, for each thread and process
 * that wrote a profile, the functions by self time. A process that dies by a signal writes none.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startClient } from './bench.mjs';
import { machineNode } from './machine.mjs';
import { startSubject, stopAll, stopOnSignals, stopSubject } from './running.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const LOADS = {
  hello: { job: 'throughput', args: { target: '/', connections: 32 } },
  latency: { job: 'throughput', args: { target: '/', connections: 1 } },
  cpu: { job: 'throughput', args: { target: '/cpu', connections: 32 } },
  blocked: { job: 'besideBlocked', args: { connections: 6, blockMs: 500, everyMs: 10 } },
};

const HELP = `Usage: node bench/profile.mjs [${Object.keys(LOADS).join('|')}] [options]

  --subject NAME   thread-quiet (default), thread, fork-quiet, fork, ...
  --seconds N      length of the load (5)
  --top N          functions per thread (25)
  --under          with each function, who calls it most
  --keep DIR       keep the .cpuprofile files there, for the browser's developer tools`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    subject: { type: 'string', default: 'thread-quiet' },
    seconds: { type: 'string', default: '5' },
    top: { type: 'string', default: '25' },
    under: { type: 'boolean', default: false },
    keep: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** Self time in ms by function, with its callers, from one profile. */
function selfTimes({ nodes, samples, timeDeltas }) {
  const parents = new Map();
  const byId = new Map();
  for (const node of nodes) {
    byId.set(node.id, node);
    for (const child of node.children ?? []) parents.set(child, node);
  }
  const found = new Map();
  samples.forEach((id, i) => {
    const node = byId.get(id);
    const where = place(node.callFrame);
    const entry = found.get(where) ?? { ms: 0, callers: new Map() };
    const ms = timeDeltas[i] / 1000;
    entry.ms += ms;
    const caller = parents.has(id) ? place(parents.get(id).callFrame) : '';
    entry.callers.set(caller, (entry.callers.get(caller) ?? 0) + ms);
    found.set(where, entry);
  });
  return [...found].map(([where, entry]) => ({ where, ...entry })).sort((a, b) => b.ms - a.ms);
}

function place({ functionName, url, lineNumber }) {
  const file = url.startsWith('node:') ? url : (url.split(/[\\/]/).pop() ?? '');
  return `${functionName || '(anonymous)'}${file === '' ? '' : `  ${file}:${lineNumber + 1}`}`;
}

function print(file, folder) {
  const times = selfTimes(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  const total = times.reduce((sum, { ms }) => sum + ms, 0);
  const idle = times.find(({ where }) => where === '(idle)')?.ms ?? 0;
  const busy = total - idle;
  // CPU.<date>.<time>.<pid>.<thread>.<sequence>.cpuprofile
  const [, , , pid, thread] = file.split('.');
  console.log(`\nprocess ${pid}, thread ${thread}: busy ${busy.toFixed(0)} ms of ${total.toFixed(0)} ms`);
  for (const { where, ms, callers } of times
    .filter(({ where }) => where !== '(idle)')
    .slice(0, Number(options.top))) {
    console.log(
      `  ${((ms / busy) * 100).toFixed(1).padStart(5)} %  ${ms.toFixed(0).padStart(6)} ms  ${where}`,
    );
    if (!options.under) continue;
    const [caller] = [...callers].sort((a, b) => b[1] - a[1]);
    console.log(`                     from ${caller[0]}`);
  }
}

async function main() {
  const load = LOADS[positionals[0] ?? 'hello'];
  if (load === undefined) throw new Error(`No load is called ${positionals[0]}.\n\n${HELP}`);
  const node = machineNode();
  const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'bench-profile-'));
  const loops = execFileSync(node, [join(here, 'calibrate.mjs')], { encoding: 'utf8' }).trim();
  const client = startClient(node);
  try {
    const running = await startSubject(options.subject, {
      node,
      workers: 4,
      env: { BENCH_CPU_LOOPS: loops },
      nodeArgv: ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-interval', '250'],
    });
    const args = { port: running.port, ...load.args, seconds: Number(options.seconds) };
    console.log(JSON.stringify(await client.run(load.job, args)));
    await stopSubject(running);
    const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
    if (files.length === 0) console.log('No process wrote a profile: it did not end by itself.');
    for (const file of files.sort()) print(file, folder);
  } finally {
    client.stop();
    await stopAll();
    if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

stopOnSignals();

if (options.help) console.log(HELP);
else await main();
