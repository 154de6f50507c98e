/** Runs the finder over one case, and keeps the result in the cache: an interrupted run goes on where it was. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { copyCase, here } from './install.mjs';

const dist = join(here, '..', '..', 'dist');

function addTo(hash, path) {
  if (statSync(path).isDirectory())
    for (const name of readdirSync(path).sort()) {
      hash.update(name);
      addTo(hash, join(path, name));
    }
  else hash.update(readFileSync(path));
}

/** Changes with the build, the case and the Node: results of another one do not count. */
function keyOf(subject, seed) {
  const hash = createHash('sha256').update(JSON.stringify([subject.args, seed, process.version]));
  for (const path of [join(dist, 'cli.js'), join(dist, 'workers'), join(here, 'cases', subject.name)])
    addTo(hash, path);
  return hash.digest('hex').slice(0, 24);
}

/** What is kept of a finding; `pauses` after minimising. */
const kept = ({ kind, severity, token, sentence, replays, schedule }) => ({
  kind,
  severity,
  token,
  sentence,
  replays,
  pauses: schedule.pauses.length,
});

/**
 * Runs `races race.http --json` in a fresh copy of the case. `firstMs` is the time from the command to the first error
 * or warning; the other times are in ms as well.
 */
async function measure(bench, seed) {
  const { subject, env, installed, folder } = bench;
  await copyCase(subject.name, folder);
  const args = ['races', 'race.http', '--json', '--seed', String(seed), ...(subject.args ?? [])];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(dist, 'cli.js'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...env,
      PATH: [dirname(process.execPath), join(installed, 'node_modules', '.bin'), process.env.PATH].join(
        delimiter,
      ),
    },
  });
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
  });
  const endWithUs = () => child.kill();
  process.on('exit', endWithUs);
  const exited = new Promise((resolve) => child.once('close', resolve));
  // It ends by its budget; this only keeps a finder that hangs from stopping the whole bench.
  const limit = setTimeout(() => child.kill('SIGKILL'), 180_000);
  const result = { name: subject.name, seed, findings: [] };
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.type === 'finding' && event.finding.severity !== 'note')
      result.firstMs ??= Math.round(performance.now() - startedAt);
    if (event.type === 'error') result.error = event.error.message;
    if (event.type === 'races') {
      const { verdict, explored, coverage, masked, undecided, notes } = event;
      Object.assign(result, { verdict, explored, coverage, masked, undecided, notes });
      result.findings = event.findings.map(kept);
    }
  }
  result.code = await exited;
  clearTimeout(limit);
  process.off('exit', endWithUs);
  result.totalMs = Math.round(performance.now() - startedAt);
  if (result.verdict === undefined) result.said = said.slice(-2000);
  return result;
}

/** The result of this case with this seed: that of an earlier run, if nothing has changed since. */
export async function resultOf(bench, seed) {
  const results = join(bench.installed, 'results');
  const file = join(results, `${bench.subject.name}-${keyOf(bench.subject, seed)}.json`);
  const earlier = await readFile(file, 'utf8').catch(() => undefined);
  if (earlier) return JSON.parse(earlier);
  const result = await measure(bench, seed);
  await mkdir(results, { recursive: true });
  await writeFile(file, JSON.stringify(result, null, 1));
  return result;
}
