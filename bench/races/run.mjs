/** `npm run bench:races`: the finder over all cases, compared with what is expected of it; see --help. */
import { rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CASES } from './cases.mjs';
import { here, install, runFolder } from './install.mjs';
import { resultOf } from './results.mjs';
import { endOnSignals, services } from './services.mjs';
import { judged, lineOf, page, totals } from './table.mjs';

const HELP = `Usage: npm run bench:races -- [options]

  --only NAMES   cases, separated by commas
  --repeat N     runs of each case, with different seeds (5; some cases 20)
  --seed N       the first seed (1)
  --page FILE    where the page goes (docs/benchmarks-races.md, only after a run of all cases)
  --help

Results are kept in the cache, by build, case and seed: an interrupted run goes on where it was.`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    repeat: { type: 'string' },
    seed: { type: 'string', default: '1' },
    page: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function chosen(names) {
  if (names === undefined) return CASES;
  const wanted = names.split(',');
  const unknown = wanted.filter((name) => !CASES.some((subject) => subject.name === name));
  if (unknown.length > 0) throw new Error(`No case is called ${unknown.join(', ')}.`);
  return CASES.filter(({ name }) => wanted.includes(name));
}

/** Why a case can't run on this machine, if it can't. */
function reason({ minNode: [major, minor] = [0, 0] }) {
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  const fits = haveMajor > major || (haveMajor === major && haveMinor >= minor);
  return fits ? undefined : `needs Node ${major}.${minor}`;
}

async function main() {
  if (options.help) return console.log(HELP);
  const subjects = chosen(options.only);
  const installed = await install();
  const runs = await runFolder(installed);
  process.on('exit', () => rmSync(runs, { recursive: true, force: true }));
  const started = services();
  const all = [];
  const skipped = [];
  try {
    for (const subject of subjects) {
      const { missing = reason(subject), variables } = await started.environment(subject);
      if (missing) {
        skipped.push(`${subject.name} (${missing})`);
        console.log(`skipped ${subject.name}: ${missing}`);
        continue;
      }
      const bench = { subject, env: variables, installed, folder: join(runs, subject.name) };
      const results = [];
      const repeat = Number(options.repeat ?? subject.repeat ?? 5);
      for (let n = 0; n < repeat; n++) results.push(await resultOf(bench, Number(options.seed) + n));
      const figures = judged(subject, results);
      all.push(figures);
      console.log(lineOf(figures));
    }
  } finally {
    await started.stop();
    await rm(runs, { recursive: true, force: true });
  }
  console.log();
  for (const [figure, measured, reach] of totals(all))
    console.log(`${figure}: ${measured} (to reach: ${reach})`);
  if (!all.every(({ ok }) => ok)) process.exitCode = 1;
  const machine = `${process.version}, ${cpus().length} cores (${cpus()[0].model}).`;
  const whole = subjects.length === CASES.length && options.repeat === undefined;
  const file = options.page ?? (whole ? join(here, '..', '..', 'docs', 'benchmarks-races.md') : undefined);
  if (file) await writeFile(file, page(all, { machine, skipped }));
}

endOnSignals();
await main();
