/** The costs of a subject apart from its requests: time to the first answer, memory, CPU while idle. */
import { setTimeout as delay } from 'node:timers/promises';
import { atMost, atMostAboveBare, units } from '../figures.mjs';
import { canReadProcesses, cpuSecondsOf, memoryOf, treeOf } from '../process-tree.mjs';
import { rootPid, startSubject, stopSubject } from '../running.mjs';
import { oursAmong } from '../subjects.mjs';

const QUIET = ['thread-quiet', 'fork-quiet'];
const measured = (bench) => bench.names.filter((name) => !QUIET.includes(name));

export const startup = {
  name: 'startup',
  alone: true,
  method:
    'Time from spawning the command to its first complete 200; the client asks every millisecond. PM2 also starts its daemon.',
  async run(bench) {
    return [
      {
        title: 'command to first answer',
        samples: await bench.rounds(bench.quick ? 3 : 10, measured(bench), async (name) => {
          const running = await startSubject(name, { node: bench.node, workers: 4, env: bench.env });
          await stopSubject(running);
          return running.firstAnswerMs;
        }),
        unit: units.ms,
        against: 'difference',
        targets: [atMostAboveBare(200, "≤ bare's + 200 ms")],
      },
    ];
  },
};

export const memory = {
  name: 'memory',
  alone: true,
  method:
    'Sum over the process tree after 400 hello-world requests, when it is stable; MB of 10⁶ bytes. Resident (Rss) counts ' +
    'shared memory in each process. Proportional (Pss) divides it among the processes, including the Node processes of ' +
    'the benchmark. Per further worker: (8 workers − 4 workers) / 4. CPU while idle: over 2 s without requests, in ' +
    'percent of one core.',
  async run(bench) {
    if (!canReadProcesses) {
      bench.note('memory and idle CPU are measured on Linux only');
      return [];
    }
    const names = measured(bench);
    const four = await bench.rounds(1, names, (name) => footprint(bench, name, 4));
    const scaling = names.filter(
      (name) => name === 'cluster' || name === 'pm2' || oursAmong([name]).length > 0,
    );
    const eight = await bench.rounds(1, scaling, (name) => footprint(bench, name, 8));
    const pick = (key) =>
      Object.fromEntries(names.map((name) => [name, four[name].map((value) => value[key])]));
    const further = (key) =>
      Object.fromEntries(
        scaling.map((name) => [name, eight[name].map((value, i) => (value[key] - four[name][i][key]) / 4)]),
      );
    const thread = (name) => name === 'thread';
    return [
      {
        title: 'memory of four workers, resident',
        samples: pick('rss'),
        unit: units.megabytes,
        targets: [atMost(150e6, '≤ 150 MB (threads)', thread)],
      },
      { title: '… proportional', samples: pick('pss'), unit: units.megabytes, targets: [] },
      {
        title: 'memory of a further worker, resident',
        samples: further('rss'),
        unit: units.megabytes,
        targets: [atMost(15e6, '≤ 15 MB (threads)', thread)],
      },
      { title: '… proportional', samples: further('pss'), unit: units.megabytes, targets: [] },
      { title: 'CPU while idle', samples: pick('idlePercent'), unit: units.percent, targets: [] },
    ];
  },
};

async function footprint(bench, name, workers) {
  const running = await startSubject(name, { node: bench.node, workers, env: bench.env });
  try {
    await settled(running);
    const request = { port: running.port, target: '/', connections: 32, seconds: 5, atMost: 400 };
    await bench.client.run('throughput', request);
    const { rss, pss } = await settled(running);
    const before = cpuSecondsOf(treeOf(rootPid(running)));
    await delay(2000);
    const idlePercent = ((cpuSecondsOf(treeOf(rootPid(running))) - before) / 2) * 100;
    return { rss, pss, idlePercent };
  } finally {
    await stopSubject(running);
  }
}

/** The tree's memory, once it and the number of processes have stayed within 1 % for half a second; 10 s at most. */
async function settled(running) {
  let last = memoryOf(treeOf(rootPid(running)));
  let steady = 0;
  for (let i = 0; i < 100 && steady < 5; i++) {
    await delay(100);
    const now = memoryOf(treeOf(rootPid(running)));
    steady = Math.abs(now.rss - last.rss) < last.rss * 0.01 ? steady + 1 : 0;
    if (steady === 0) last = now;
  }
  return memoryOf(treeOf(rootPid(running)));
}
