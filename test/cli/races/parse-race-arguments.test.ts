import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { System } from '../../../src/cli/arguments/parse-arguments.ts';
import { createRaceParser } from '../../../src/cli/races/options.ts';
import { parseRaceArguments, type RaceInvocation } from '../../../src/cli/races/parse-race-arguments.ts';
import type { ServerConfig } from '../../../src/protocol/config.ts';
import { badConfig, ServerError } from '../../../src/protocol/errors.ts';
import type { RaceOptions } from '../../../src/races/report-types.ts';

const CWD = path.resolve('/apps/shop');

const system: System = {
  cwd: CWD,
  cores: 4,
  seed: 99,
  exists: () => true,
  folder: (name) => path.resolve(CWD, name),
  program: (name) => {
    if (name === 'missing') throw badConfig('--node', name, 'a program');
    return `/bin/${name}`;
  },
  hasChannel: false,
};

function parse(...words: string[]): RaceInvocation {
  const invocation = parseRaceArguments(words, system);
  assert.ok(invocation !== 'help');
  return invocation;
}

describe('the command line of races', () => {
  it('needs only a scenario', () => {
    const { scenarios, config, options, json, writeTest, color, repeated } = parse('coupon.http');
    assert.deepEqual(scenarios, ['coupon.http']);
    assert.deepEqual(options, {
      budgetMs: 60_000,
      timeoutMs: 10_000,
      schedules: undefined,
      topology: 'both',
      seed: 99,
      shard: { index: 1, of: 1 },
      first: false,
      resets: [],
      states: [],
      yes: false,
      replay: undefined,
      inspect: false,
    } satisfies RaceOptions);
    assert.deepEqual([json, writeTest, color, repeated], [false, false, true, []]);
    assert.deepEqual(
      [config.entry, config.port, config.addr, config.reload.enabled, config.cwd],
      [undefined, 0, '127.0.0.1', false, CWD],
      'found as always, on a free port, not reloaded',
    );
  });

  const accepted: Array<[words: string[], expected: Partial<RaceOptions>]> = [
    [['--budget', '500ms'], { budgetMs: 500 }],
    [['--budget', '2m'], { budgetMs: 120_000 }],
    [['--budget', '1.5s'], { budgetMs: 1500 }],
    [['--timeout', '30s'], { timeoutMs: 30_000 }],
    [['--schedules', '12'], { schedules: 12 }],
    [['--topology', 'many'], { topology: 'many' }],
    [['--seed', '7'], { seed: 7 }],
    [['--shard', '2/4'], { shard: { index: 2, of: 4 } }],
    [['--first', '--yes'], { first: true, yes: true }],
    [['--reset', 'npm run seed', '--reset', 'b'], { resets: ['npm run seed', 'b'] }],
    [
      ['--state', 'data.sqlite', '--state', '/var/x'],
      { states: [path.join(CWD, 'data.sqlite'), path.resolve('/var/x')] },
    ],
    [['--replay', '1:one:warm:r0@query:redeem:redeem.js:1', '--inspect'], { inspect: true }],
    [['--cwd', 'api', '--state', 'a.db'], { states: [path.join(CWD, 'a.db')] }],
  ];
  for (const [words, expected] of accepted) {
    it(`takes ${words.join(' ')}`, () => {
      const { options } = parse('a.http', ...words);
      assert.deepEqual({ ...options, ...expected }, options);
    });
  }

  const configured: Array<[words: string[], expected: Partial<ServerConfig>]> = [
    [['--entry', 'app.js'], { entry: 'app.js' }],
    [['--mode', 'fork', '--node', 'node22'], { mode: 'fork', node: '/bin/node22' }],
    [['--node-arg=--conditions=dev'], { nodeArgs: ['--conditions=dev'] }],
    [['--python', '.venv'], { python: '.venv' }],
    [
      ['--env-file', '.env.test', '--cwd', 'api'],
      { envFile: path.join(CWD, '.env.test'), cwd: path.join(CWD, 'api') },
    ],
    [['--', '--port', '3', 'x'], { args: ['--port', '3', 'x'], port: 0 }],
  ];
  for (const [words, expected] of configured) {
    it(`starts the app as asked by ${words.join(' ')}`, () => {
      const { config } = parse('a.http', ...words);
      assert.deepEqual({ ...config, ...expected }, config);
    });
  }

  it('takes several scenarios, wherever they stand', () => {
    assert.deepEqual(parse('a.http', '--first', 'races/*.http').scenarios, ['a.http', 'races/*.http']);
  });

  it('knows what a replay needs as well, and what not', () => {
    const words = [
      '--entry',
      'app.js',
      '--reset',
      'npm run seed',
      '--node-arg=-r',
      '--budget',
      '5s',
      '--json',
      '--first',
    ];
    assert.deepEqual(parse('a.http', ...words, '--', 'x').repeated, [
      '--entry',
      'app.js',
      '--node-arg=-r',
      '--reset',
      'npm run seed',
      '--',
      'x',
    ]);
  });

  it('explains itself', () => assert.equal(parseRaceArguments(['--help'], system), 'help'));

  const refused: Array<[words: string[], message: RegExp, hint?: RegExp]> = [
    [[], /^There is no scenario to run\.$/, /coupon\.http/],
    [
      ['a.http', '--budget', '60'],
      /^--budget: a time up to a day, such as 500ms, 60s or 2m, but got "60"\.$/,
    ],
    [['a.http', '--budget', '0s'], /^--budget: /],
    [['a.http', '--budget', '25000m'], /^--budget: /],
    [['a.http', '--timeout', 'soon'], /^--timeout: /],
    [['a.http', '--schedules', '0'], /^--schedules: a whole number from 1 /],
    [['a.http', '--topology', 'two'], /^--topology: one of one, many, both, but got "two"\.$/],
    [['a.http', '--shard', '0/4'], /^--shard: K\/N, such as 2\/4/],
    [['a.http', '--shard', '5/4'], /^--shard: /],
    [['a.http', '--shard', '2'], /^--shard: /],
    [['a.http', '--seed', '-1'], /^--seed: /],
    [['a.http', '--reset', ' '], /^--reset: a command/],
    [['a.http', '--entry', ''], /^--entry: /],
    [['a.http', '--replay', 'nonsense'], /^--replay: The token .* A token has the form 1:one:/],
    [['a.http', '--inspect'], /^--inspect needs --replay TOKEN beside it\.$/],
    [['a.http', '--node', 'missing'], /^--node: /],
    [['a.http', '--mode', 'both'], /^--mode: one of thread, fork/],
    [['a.http', '--overlap', '2'], /^Unknown option '--overlap'\.$/, /^--overlap is an option of the server/],
    [['a.http', '--port', '2'], /^Unknown option '--port'\.$/, /free port/],
    [['a.http', '--bugdet', '2s'], /^Unknown option '--bugdet'\.$/, /--budget/],
    [['a.http', '--budget'], /argument missing/],
  ];
  for (const [words, message, hint] of refused) {
    it(`refuses ${words.join(' ') || 'nothing'}`, () => {
      assert.throws(
        () => parseRaceArguments(words, system),
        (error: unknown) => {
          assert.ok(error instanceof ServerError);
          assert.equal(error.code, 'BAD_CONFIG');
          assert.match(error.message, message);
          if (hint !== undefined) assert.match(error.hint ?? '', hint);
          return true;
        },
      );
    });
  }
});

describe('races --help', () => {
  const lines = createRaceParser().helpInformation().split('\n');

  it('fits one screen', () => {
    assert.ok(lines.length <= 45, `${lines.length} lines`);
    for (const line of lines) assert.ok(line.length <= 80, line);
  });

  it('names every option', () => {
    for (const { long } of createRaceParser().options)
      assert.ok(
        lines.some((line) => line.trim().startsWith(`${long} `)),
        long ?? '',
      );
  });
});
