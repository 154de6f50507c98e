/** How long a quick request takes: alone, in a page beside a slow one, and while a worker is always blocked. */
import { atMost, atMostAboveBare, units } from '../figures.mjs';

const QUIET = ['thread-quiet', 'fork-quiet'];
const CONNECTIONS = 6;

export const latency = {
  name: 'latency',
  method:
    'One connection, one request after the other, in short slices. Each slice uses another subject. The difference to ' +
    'bare is taken slice by slice.',
  async run(bench) {
    const names = bench.running();
    const slice = { warm: 20, requests: bench.quick ? 200 : 300 };
    await bench.rounds(1, names, (name) => bench.load(name, 'latency', { warm: 200, requests: 500 }));
    return [
      {
        title: 'hello world at 1 connection, p50',
        samples: await bench.rounds(
          bench.quick ? 8 : 20,
          names,
          async (name) => (await bench.load(name, 'latency', slice)).p50,
        ),
        unit: units.ms,
        against: 'difference',
        targets: [atMostAboveBare(0.25, '≤ 0.25 ms above bare')],
      },
    ];
  },
};

export const page = {
  name: 'page',
  method:
    `A browser-like client with ${CONNECTIONS} open keep-alive connections. The first request keeps its worker busy for 1 s (on ` +
    'another connection each round). 30 quick ones follow on the other connections, as these get free. Time until the ' +
    '30 are done. env-runner only with its threads.',
  async run(bench) {
    const names = bench.running([...QUIET, 'env-process']);
    const rounds = bench.quick ? 3 : 20;
    const load = { connections: CONNECTIONS, quick: 30, blockMs: 1000 };
    const within = (values) => values.filter((value) => value <= 100).length;
    return [
      {
        title: 'page load: 30 quick requests beside one of 1 s',
        samples: await bench.rounds(
          rounds,
          names,
          async (name, round) => (await bench.load(name, 'pageLoad', { ...load, blocker: round })).quickMs,
        ),
        unit: units.ms,
        more: (values) =>
          `max ${units.ms(Math.max(...values))}, ${within(values)} of ${values.length} ≤ 100 ms`,
        targets: [
          {
            words: `≤ 100 ms in ${rounds} of ${rounds} rounds`,
            judge(figure, name) {
              const values = figure.samples[name] ?? [];
              if (values.length === 0) return undefined;
              return { got: `${within(values)} of ${rounds}`, reached: within(values) === rounds };
            },
          },
        ],
      },
    ];
  },
};

export const blocked = {
  name: 'blocked',
  method:
    `One connection always has an open request that blocks its worker for 500 ms. Meanwhile ${CONNECTIONS} other connections ` +
    'send a quick request every 10 ms. The figure is the longest one of a round, from the moment it was due.',
  async run(bench) {
    const names = bench.running(QUIET);
    const load = { connections: CONNECTIONS, blockMs: 500, everyMs: 10, seconds: bench.quick ? 1.2 : 2.5 };
    const results = await bench.rounds(bench.quick ? 1 : 3, names, (name) =>
      bench.load(name, 'besideBlocked', load),
    );
    const pick = (key) =>
      Object.fromEntries(
        Object.entries(results).map(([name, rounds]) => [name, rounds.map((round) => round[key])]),
      );
    return [
      {
        title: 'quick requests while one worker is always blocked, max',
        samples: pick('max'),
        unit: units.ms,
        more: (values) => `worst ${units.ms(Math.max(...values))}`,
        targets: [atMost(50, '≤ 50 ms')],
      },
      { title: '… p99', samples: pick('p99'), unit: units.ms, targets: [] },
      { title: '… p50', samples: pick('p50'), unit: units.ms, targets: [] },
    ];
  },
};
