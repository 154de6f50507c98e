/** `npm run bench`: every subject, every scenario, side by side; see --help. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Bench, startClient } from './bench.mjs';
import { editorSection } from './editor.mjs';
import { describeMachine, machineNode, nodeVersion } from './machine.mjs';
import { pythonSection } from './python.mjs';
import { reloadSection } from './reload/section.mjs';
import { asText, document, figureTable, targetTable } from './report.mjs';
import { stopAll, stopOnSignals } from './running.mjs';
import { memory, startup } from './scenarios/resources.mjs';
import { cpu, hello } from './scenarios/throughput.mjs';
import { blocked, latency, page } from './scenarios/waiting.mjs';
import { SUBJECTS, versionOf } from './subjects.mjs';

// If it is set, Node 20 reads all those certificates at each start, in 0.09 s; the figures must show only the subjects.
delete process.env.NODE_EXTRA_CA_CERTS;

// The scenarios that need the machine to themselves come first, while nothing else runs.
const SCENARIOS = [startup, memory, hello, latency, cpu, page, blocked];
const here = dirname(fileURLToPath(import.meta.url));

const HELP = `Usage: node bench/run.mjs [options]

  --quick             fewer and shorter rounds, for development
  --only LIST         scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}
  --subjects LIST     ${Object.keys(SUBJECTS).join(', ')}
  --node PATH         the Node that runs subjects and client (the first on the path outside node_modules)
  --out FILE          write the report there (a full run writes docs/benchmarks.md)
  --help

  node bench/run.mjs --quick --only hello,latency --subjects bare,thread,fork,cluster`;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    subjects: { type: 'string' },
    node: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function chosen(list, all, what) {
  if (list === undefined) return all;
  const names = list.split(',');
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new Error(`No ${what} is called ${unknown.join(', ')}; there are ${all.join(', ')}.`);
  return all.filter((name) => names.includes(name));
}

/** The command that repeats this run, without the path of the report. */
function commandLine() {
  const { quick, only, subjects } = options;
  const given = [
    quick ? '--quick' : '',
    only ? `--only ${only}` : '',
    subjects ? `--subjects ${subjects}` : '',
  ];
  const words = given.filter((word) => word !== '').join(' ');
  return `npm run bench${words === '' ? '' : ` -- ${words}`}`;
}

async function main() {
  const names = chosen(options.subjects, Object.keys(SUBJECTS), 'subject');
  const only = chosen(
    options.only,
    SCENARIOS.map(({ name }) => name),
    'scenario',
  );
  const scenarios = SCENARIOS.filter(({ name }) => only.includes(name));
  const full = !options.quick && options.only === undefined && options.subjects === undefined;
  const out = options.out ?? (full ? join(here, '..', 'docs', 'benchmarks.md') : undefined);
  const node = options.node ?? machineNode();
  const machine = describeMachine();
  const loops = execFileSync(node, [join(here, 'calibrate.mjs')], { encoding: 'utf8' }).trim();
  const startedAt = performance.now();
  console.error(
    `${machine.hardware}; Node ${nodeVersion(node)}; 5 ms of CPU is ${loops} loops; load ${machine.load}`,
  );

  const client = startClient(node);
  const bench = new Bench({ names, quick: options.quick, node, env: { BENCH_CPU_LOOPS: loops }, client });
  const figures = [];
  try {
    for (const scenario of scenarios) {
      if (!scenario.alone && bench.servers.size === 0) await bench.startServers();
      const startedAt = performance.now();
      figures.push(...(await scenario.run(bench)));
      console.error(`  ${scenario.name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    }
  } finally {
    client.stop();
    await bench.stopServers();
  }

  const width = process.stdout.isTTY ? process.stdout.columns : 240;
  console.log(
    `\n${asText(figureTable(figures, names), width)}\n\n${asText(targetTable(figures, names), width)}`,
  );
  if (out === undefined) return;
  const facts = {
    ...machine,
    command: commandLine(),
    date: new Date().toISOString().slice(0, 10),
    minutes: ((performance.now() - startedAt) / 60_000).toFixed(1),
    node: nodeVersion(node),
    peers: `Peers: PM2 ${versionOf('pm2')}, env-runner ${versionOf('env-runner')}.`,
  };
  const sections = full
    ? [() => reloadSection({ node }), () => pythonSection({ node, quick: false }), editorSection]
    : [];
  let text = document({ figures, names, scenarios, notes: bench.notes, facts });
  writeFileSync(resolve(out), text);
  // Keeps the results so far, in case the next section fails.
  for (const section of sections) {
    text += `\n${await section()}`;
    writeFileSync(resolve(out), text);
  }
  console.log(`\nWritten to ${relative(process.cwd(), resolve(out))}`);
}

stopOnSignals();

if (options.help) console.log(HELP);
else {
  try {
    await main();
  } catch (error) {
    await stopAll();
    console.error(error.message);
    process.exitCode = 1;
  }
}
