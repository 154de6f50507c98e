/** Requests per second: hello world, and requests that each need 5 ms of CPU. */
import { spawn } from 'node:child_process';
import { HOST } from '../connection.mjs';
import { atLeastTimes, units } from '../figures.mjs';

const QUIET = ['thread-quiet', 'fork-quiet'];

export const hello = {
  name: 'hello',
  method:
    'Closed loop over 32 keep-alive connections: each sends its next request when the answer is complete. ' +
    'The same load warms up all subjects first.',
  async run(bench) {
    const names = bench.running();
    const load = { target: '/', connections: 32 };
    await bench.rounds(1, names, (name) =>
      bench.load(name, 'throughput', { ...load, seconds: bench.quick ? 0.6 : 1.2 }),
    );
    const seconds = bench.quick ? 0.8 : 1.5;
    const samples = await bench.rounds(bench.quick ? 3 : 5, names, (name) =>
      perSecond(bench, name, { ...load, seconds }),
    );
    const figures = [
      {
        title: 'hello world, 32 connections',
        samples,
        unit: units.perSecond,
        against: 'ratio',
        targets: [
          atLeastTimes(0.8, ['bare'], '≥ 0.8 of bare'),
          atLeastTimes(3, ['env-worker', 'env-process'], '≥ 3 times env-runner (the faster of its two)'),
        ],
      },
    ];
    if (!bench.quick && (await runWrk(['--version'])) !== undefined) {
      const wrk = await bench.rounds(2, names, async (name) => {
        const { port } = bench.servers.get(name);
        const words = await runWrk(['-t1', '-c32', '-d1s', `http://${HOST}:${port}/`]);
        return Number(/Requests\/sec:\s+([\d.]+)/.exec(words)?.[1]);
      });
      figures.push({
        title: 'the same with wrk, as a cross-check',
        samples: wrk,
        unit: units.perSecond,
        against: 'ratio',
        targets: [],
      });
    }
    return figures;
  },
};

export const cpu = {
  name: 'cpu',
  method:
    'Each request runs a loop a fixed number of times, calibrated once per run to 5 ms on a free core; closed loop as above.',
  async run(bench) {
    const names = bench.running(QUIET);
    const figures = [];
    const sizes = bench.quick ? [32] : [32, 16, 4];
    for (const connections of sizes) {
      const load = { target: '/cpu', connections };
      if (connections === 32)
        await bench.rounds(1, names, (name) => perSecond(bench, name, { ...load, seconds: 0.5 }));
      const main = connections === 32;
      const rounds = main ? (bench.quick ? 2 : 3) : 2;
      const seconds = main && !bench.quick ? 2 : 1;
      figures.push({
        title: `5 ms of CPU per request, ${connections} connections`,
        samples: await bench.rounds(rounds, names, (name) => perSecond(bench, name, { ...load, seconds })),
        unit: units.perSecond,
        against: 'ratio',
        targets: main
          ? [
              atLeastTimes(1.8, ['bare'], '≥ 1.8 times bare'),
              atLeastTimes(0.97, ['cluster'], '≥ 0.97 of node:cluster'),
            ]
          : [],
      });
    }
    return figures;
  },
};

async function perSecond(bench, name, load) {
  return (await bench.load(name, 'throughput', load)).perSecond;
}

/** The output of wrk, or undefined if it is not installed. */
function runWrk(argv) {
  return new Promise((resolve) => {
    let words = '';
    const child = spawn('wrk', argv, { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.on('data', (text) => {
      words += text;
    });
    child.once('error', () => resolve(undefined));
    child.once('close', () => resolve(words));
  });
}
