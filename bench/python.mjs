/**
 * The Python section of the benchmark: a Django project under this server and its peers, side by side. `node
 * bench/python.mjs [--quick]` prints it; a full `npm run bench` puts it into the report.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testPython } from '../scripts/python-env.mjs';
import { startClient } from './bench.mjs';
import { machineNode } from './machine.mjs';
import { isAlive, treeOf } from './process-tree.mjs';
import { PYTHON_RELOADERS, PYTHON_SUBJECTS, project } from './python-subjects.mjs';
import { STALE_MS, saveUnderLoad } from './reload/saving.mjs';
import { freePort } from './running.mjs';
import { median } from './stats.mjs';

const CONNECTIONS = 16;
const START_MS = 20_000;
const STOP_MS = 6_000;
/** Clock ticks of /proc (proc(5)); 100 on every Linux. */
const TICKS_PER_SECOND = 100;

/** The targets: subject, scenario, multiple, peer. */
const TARGETS = [
  ['fork', 'hello', 'runserver', 10],
  ['fork', 'hello', 'sync', 1],
  ['thread', 'hello', 'waitress', 1.2],
  ['fork', 'cpu', 'runserver', 1.9],
  ['fork', 'cpu', 'sync', 0.97],
];

export async function pythonSection({ node, quick }) {
  const python = testPython();
  const client = startClient(node);
  const running = [];
  try {
    for (const name of Object.keys(PYTHON_SUBJECTS))
      running.push(await start(name, { node, python, client }));
    const figures = {};
    for (const [scenario, target] of [
      ['hello', '/'],
      ['cpu', '/cpu'],
    ]) {
      const seconds = quick ? 1 : 1.5;
      await rounds(1, running, (subject) => load(client, subject, target, 1));
      figures[scenario] = await rounds(quick ? 3 : 5, running, (subject) =>
        load(client, subject, target, seconds),
      );
    }
    await Promise.all(running.splice(0).map(stop));
    return `${report(figures)}\n${await reloads({ node, python, client, saves: quick ? 5 : 20 })}`;
  } finally {
    client.stop();
    await Promise.all(running.map(stop));
  }
}

/** The project is copied, because saves change it. */
async function reloads({ node, python, client, saves }) {
  const rows = [];
  for (const [name, subject] of Object.entries(PYTHON_RELOADERS)) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-django-'));
    cpSync(project, folder, { recursive: true });
    const urls = join(folder, 'bench_site', 'urls.py');
    const source = readFileSync(urls, 'utf8');
    const running = await start(name, { node, python, client, subject, cwd: folder });
    try {
      const app = {
        port: running.port,
        save: (version) => writeFileSync(urls, source.replace('Hello, world!', version)),
        saveBroken: () => writeFileSync(urls, `${source}\nbroken = = 1\n`),
      };
      rows.push({ name, subject, ...(await saveUnderLoad(app, saves)) });
    } finally {
      await stop(running);
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return reloadReport(rows, saves);
}

function reloadReport(rows, saves) {
  const [peer] = rows;
  const times = (values) => {
    const known = values.filter((value) => value !== undefined);
    if (known.length === 0) return 'never';
    return `${Math.round(median(known))} ms${known.length < values.length ? ` (${values.length - known.length} never)` : ''}`;
  };
  const lines = rows.map(({ subject: { label, ours }, samples, stale, newMs, badMs, fixedMs }) => {
    const failed = samples.filter(({ status }) => status !== 200).length;
    const verdict = (reached) => (ours ? `, ${reached ? 'reached' : 'NOT reached'}` : '');
    const quick = median(newMs) <= median(peer.newMs);
    return `| ${label} | ${failed} of ${samples.length}${verdict(failed === 0)} | ${stale}${verdict(stale === 0)} | ${times(newMs)}${verdict(quick)} | ${times(badMs)} | ${times(fixedMs)} |`;
  });
  return `${saves} saves of its urls.py under 100 requests per second. *Stale*: sent more than ${STALE_MS} ms after the save was on disk, and
answered by the old code. Times are medians.

| | failed answers | stale answers | save to first new answer | bad save to its error page | fix to first new answer |
| --- | --- | --- | --- | --- | --- |
| target | 0 | 0 | ≤ runserver's | | |
${lines.join('\n')}
`;
}

async function start(name, { node, python, client, subject = PYTHON_SUBJECTS[name], cwd = project }) {
  const port = await freePort();
  const [file, ...argv] = subject.argv({ node, python, port });
  const child = spawn(file, argv, { cwd, stdio: 'ignore', detached: true });
  const deadline = performance.now() + START_MS;
  for (;;) {
    const one = { port, target: '/', connections: 1, seconds: 0.05, closes: true };
    const { answered } = await client.run('visitors', one);
    if (answered > 0) return { name, port, child, closes: subject.closes ?? false };
    if (performance.now() > deadline) throw new Error(`${name} did not answer within ${START_MS / 1000} s`);
  }
}

async function stop({ child }) {
  const tree = treeOf(child.pid);
  child.kill('SIGTERM');
  const deadline = performance.now() + STOP_MS;
  while (tree.some(isAlive) && performance.now() < deadline)
    await new Promise((done) => setTimeout(done, 20));
  for (const pid of tree.filter(isAlive)) process.kill(pid, 'SIGKILL');
}

/** In turns, each starting with another subject, so that a slow moment of the machine affects all alike. */
async function rounds(count, running, measure) {
  const samples = Object.fromEntries(running.map(({ name }) => [name, []]));
  for (let round = 0; round < count; round++) {
    const first = round % running.length;
    for (const subject of [...running.slice(first), ...running.slice(0, first)])
      samples[subject.name].push(await measure(subject));
  }
  return samples;
}

async function load(client, { port, child, closes }, target, seconds) {
  const before = cpuSeconds(child.pid);
  const { answered, perSecond, failed } = await client.run('visitors', {
    port,
    target,
    connections: CONNECTIONS,
    seconds,
    closes,
  });
  const cpu = cpuSeconds(child.pid) - before;
  return { perSecond, failed, cpuMs: answered === 0 ? Number.NaN : (cpu / answered) * 1000 };
}

/** CPU time of a subject's processes; only if there is /proc. */
function cpuSeconds(pid) {
  try {
    return treeOf(pid).reduce((sum, each) => {
      const fields = readFileSync(`/proc/${each}/stat`, 'utf8').split(') ')[1].split(' ');
      return sum + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    }, 0);
  } catch {
    return Number.NaN;
  }
}

function report(figures) {
  const names = Object.keys(PYTHON_SUBJECTS);
  const row = (cells) => `| ${cells.join(' | ')} |`;
  const lines = [
    '## Python',
    '',
    'A Django project of two views, as under `manage.py runserver` (DEBUG, the usual middlewares), 16 connections.',
    '',
    row(['subject', 'hello', 'CPU per request', '5 ms of CPU per view', 'answers other than 200']),
    row(['---', '---', '---', '---', '---']),
  ];
  for (const name of names) {
    const [hello, cpu] = [figures.hello[name], figures.cpu[name]];
    const failed = [...hello, ...cpu].reduce((sum, { failed }) => sum + failed, 0);
    lines.push(
      row([
        PYTHON_SUBJECTS[name].label,
        `${median(hello.map(({ perSecond }) => perSecond)).toFixed(0)}/s`,
        `${median(hello.map(({ cpuMs }) => cpuMs)).toFixed(2)} ms`,
        `${median(cpu.map(({ perSecond }) => perSecond)).toFixed(0)}/s`,
        String(failed),
      ]),
    );
  }
  lines.push('', row(['target', 'result']), row(['---', '---']));
  for (const [subject, scenario, peer, least] of TARGETS) {
    const got = median(
      figures[scenario][subject].map(
        ({ perSecond }, at) => perSecond / figures[scenario][peer][at].perSecond,
      ),
    );
    const verdict = got >= least ? 'reached' : 'NOT reached';
    lines.push(row([`${scenario}, ${subject}: ≥ ${least} of ${peer}`, `${got.toFixed(2)}, ${verdict}`]));
  }
  return `${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await pythonSection({ node: machineNode(), quick: process.argv.includes('--quick') }));
}
