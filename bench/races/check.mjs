/** Checks the cases themselves, without the finder: serial orders repeat, and only racy cases leave their outcomes. */
import { readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CASES } from './cases.mjs';
import { here, install, runFolder } from './install.mjs';
import { readScenario } from './scenario.mjs';
import { endOnSignals, services } from './services.mjs';
import { groupOf, outcomeOf, trial } from './trial.mjs';

const HELP = `Usage: node bench/races/check.mjs [options]

  --only NAMES   cases, separated by commas
  --tries N      tries of a racy case until its race shows; a correct one gets a fifth (300)
  --more N       further tries after the first hit, to count hits (15)
  --show         print the first outcome that no serial order has
  --help`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    tries: { type: 'string', default: '300' },
    more: { type: 'string', default: '15' },
    show: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** All orders of the members; a few of them beyond four. */
function ordersOf(members) {
  if (members.length === 0) return [[]];
  const last = members.at(-1);
  const all = ordersOf(members.slice(0, -1)).flatMap((order) =>
    members.map((_, at) => [...order.slice(0, at), last, ...order.slice(at)]),
  );
  return all.slice(0, 24);
}

/** A request that is sent `@after` another one follows it in serial orders as well. */
const keepsAfter = (group, order) =>
  order.every((index, at) => {
    const before = group[index].after?.split(' ')[0];
    return !before || !order.slice(at).some((later) => group[later].name === before);
  });

/** Copies are interchangeable, so orders that differ only in them are one. */
function distinctOrders(group, members) {
  const orders = new Map();
  for (const order of ordersOf(members).filter((candidate) => keepsAfter(group, candidate)))
    orders.set(order.map((index) => group.indexOf(group[index])).join(), order);
  return [...orders.values()];
}

function flat(value, path = '', into = {}) {
  if (value !== null && typeof value === 'object')
    for (const [key, inner] of Object.entries(value)) flat(inner, `${path}.${key}`, into);
  else into[path] = value;
  return into;
}

/** Paths whose values differ between two runs of one order: ids, dates and the like. */
function varying(first, second) {
  const [a, b] = [flat(first), flat(second)];
  if (Object.keys(a).join() !== Object.keys(b).join()) return undefined;
  return Object.keys(a).filter((path) => a[path] !== b[path]);
}

const keyOf = (outcome, masked) =>
  JSON.stringify(Object.entries(flat(outcome)).filter(([path]) => !masked.has(path)));

/** What serial orders of these members of the group come to, each order cold and warm. */
async function serialOutcomes(bench, scenario, members) {
  const group = groupOf(scenario);
  const masked = new Set();
  const outcomes = [];
  for (const order of distinctOrders(group, members)) {
    const runs = [];
    for (const warm of [false, true])
      runs.push(outcomeOf(await trial(bench, scenario, { order, warm }), group, members));
    const paths = varying(...runs);
    if (!paths)
      throw new Error(
        `order ${order} differs from itself:\n${runs.map((run) => JSON.stringify(run)).join('\n')}`,
      );
    for (const path of paths) masked.add(path);
    outcomes.push(...runs);
  }
  const keys = new Set(outcomes.map((outcome) => keyOf(outcome, masked)));
  return { masked, keys, first: outcomes[0], has: (outcome) => keys.has(keyOf(outcome, masked)) };
}

const turnedAway = ({ status }) => [409, 423, 429].includes(status);

async function check(bench, scenario) {
  const { subject } = bench;
  const group = groupOf(scenario);
  const everyone = group.map((_, index) => index);
  const serial = await serialOutcomes(bench, scenario, everyone);
  const bad = serial.first.setup.find(({ status }) => status >= 400);
  if (bad) throw new Error(`setup answers ${JSON.stringify(bad)}`);
  const smaller = new Map();
  let busy = 0;

  /** An outcome is serial, or it is that of the requests that were not turned away. */
  async function isSerial(seen) {
    if (serial.has(outcomeOf(seen, group))) return true;
    const members = everyone.filter((index) => !turnedAway(seen.seen[index]));
    if (members.length === group.length) return false;
    const key = members.join();
    if (!smaller.has(key)) smaller.set(key, await serialOutcomes(bench, scenario, members));
    if (!smaller.get(key).has(outcomeOf(seen, group, members))) return false;
    busy++;
    return true;
  }

  const most = Math.ceil(Number(options.tries) / (subject.racy ? 1 : 5));
  let tried = 0;
  let hits = 0;
  let firstHit;
  for (let end = most; tried < end; tried++) {
    const seen = await trial(bench, scenario, { warm: tried % 2 === 1, apart: tried % 4 > 1 });
    if (await isSerial(seen)) continue;
    hits++;
    if (firstHit === undefined) {
      firstHit = tried + 1;
      end = Math.min(most, firstHit + Number(options.more));
      if (options.show || !subject.racy)
        console.log(`${JSON.stringify(outcomeOf(seen, group))}\n${seen.said}`);
    }
  }
  const notes = [
    `${serial.keys.size} serial outcomes`,
    ...(serial.masked.size ? [`${serial.masked.size} masked`] : []),
    ...(busy ? [`${busy} busy`] : []),
  ].join(', ');
  if (subject.racy)
    return { ok: hits > 0, line: `hit at try ${firstHit ?? '-'}, ${hits} of ${tried} (${notes})` };
  return { ok: hits === 0, line: `${hits} of ${tried} outside (${notes})` };
}

async function main() {
  if (options.help) return console.log(HELP);
  const wanted = options.only?.split(',');
  const installed = await install();
  const runs = await runFolder(installed);
  process.on('exit', () => rmSync(runs, { recursive: true, force: true }));
  const started = services();
  try {
    for (const subject of CASES.filter(({ name }) => !wanted || wanted.includes(name))) {
      const head = `${subject.racy ? 'racy   ' : 'correct'} ${subject.name.padEnd(26)}`;
      const [major, minor] = process.versions.node.split('.').map(Number);
      const [needMajor, needMinor] = subject.minNode ?? [0, 0];
      if (major < needMajor || (major === needMajor && minor < needMinor)) {
        console.log(`${head} skipped: needs Node ${needMajor}.${needMinor}`);
        continue;
      }
      const { missing, variables } = await started.environment(subject);
      if (missing) {
        console.log(`${head} skipped: ${missing}`);
        continue;
      }
      const scenario = readScenario(readFileSync(join(here, 'cases', subject.name, 'race.http'), 'utf8'));
      const bench = { subject, env: variables, installed, folder: join(runs, subject.name) };
      try {
        const { ok, line } = await check(bench, scenario);
        console.log(`${head} ${ok ? 'ok ' : 'BAD'} ${line}`);
        if (!ok) process.exitCode = 1;
      } catch (error) {
        console.log(`${head} BAD ${error.message}`);
        process.exitCode = 1;
      }
    }
  } finally {
    await started.stop();
    await rm(runs, { recursive: true, force: true });
  }
}

endOnSignals();
await main();
