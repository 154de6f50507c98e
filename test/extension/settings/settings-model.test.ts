import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseStartMessage } from '../../../src/cli/arguments/parse-arguments.ts';
import {
  changeOf,
  parseRange,
  parseRoutes,
  parseSettings,
  type Settings,
  type WrittenSettings,
  withChosen,
} from '../../../src/extension/settings/settings-model.ts';
import { type ServerConfig, toWritten } from '../../../src/protocol/config.ts';

const location = { folder: '/home/me/shop', cores: 2, seed: 9 };
const parse = (written: WrittenSettings) => parseSettings(written, location);

const SYSTEM = {
  cwd: '/elsewhere',
  cores: 8,
  seed: 1,
  exists: () => false,
  folder: (name: string) => name,
  program: (name: string) => name,
  hasChannel: true,
};

/** The configuration that a server makes of the message with these settings. */
function sent({ config }: Settings): ServerConfig {
  const message: unknown = JSON.parse(JSON.stringify({ type: 'start', config: toWritten(config) }));
  return parseStartMessage(message, SYSTEM);
}

describe('settings', () => {
  it('reach the server as they are', () => {
    const settings = parse({
      mode: 'fork',
      workers: 3,
      maxWorkers: 5,
      maxRequestsPerWorker: 7,
      affinity: 'client',
      addr: '::1',
      port: 9000,
      entry: 'src/app.js',
      cwd: 'packages/web',
      args: ['--flag', 'x y'],
      nodeArgs: ['--conditions=dev'],
      envFile: '.env',
      allowedHosts: ['.my.test'],
      'randomDelay.enabled': true,
      'randomDelay.min': 5,
      'randomDelay.max': 50,
      'randomDelay.routes': ['POST /cart/**'],
      'randomDelay.seed': 42,
      'overlap.size': 2,
      'overlap.maxMs': 80,
      'overlap.routes': ['/api/{a,b}'],
      'reload.enabled': false,
      'reload.watch': ['views/**'],
      'reload.browser': true,
      'reload.waitTimeout': 5000,
      'reload.late': 'old',
      python: '.venv',
      processes: 2,
      threads: 8,
      stopTimeout: 500,
    });
    assert.deepEqual(sent(settings), settings.config);
  });

  it('that the user did not set may get defaults of the app; set ones may not', () => {
    const givenBy = (settings: Settings): string[] => {
      const read = sent(settings);
      const { addr, port, randomDelay, mode } = settings.config;
      assert.deepEqual([addr, port, randomDelay, mode], [read.addr, read.port, read.randomDelay, read.mode]);
      return read.given;
    };
    assert.deepEqual(givenBy(parse({})), []);
    assert.deepEqual(givenBy(parse({ addr: 'my.test' })), ['addr']);
    assert.deepEqual(givenBy(parse({ port: 9000 })), ['port']);
    assert.deepEqual(givenBy(parse({ 'randomDelay.min': 5 })), []);
    assert.deepEqual(givenBy(parse({ 'randomDelay.enabled': false, mode: 'thread' })), [
      'mode',
      'randomDelay',
    ]);
    assert.deepEqual(givenBy(withChosen(parse({}), { port: 9001 })), ['port']);
  });

  it('that are empty or null count as not set', () => {
    const { config, runtime, seeded } = parse({
      entry: '',
      cwd: '',
      runtime: '',
      maxWorkers: null,
      'randomDelay.seed': null,
    });
    assert.deepEqual(
      [config.entry, config.cwd, runtime, config.maxWorkers, seeded],
      [undefined, '/home/me/shop', undefined, 4, false],
    );
  });

  it('may name the workspace folder anywhere', () => {
    const { config } = parse({ args: [`\${workspaceFolder}/x`], env: { HERE: `\${workspaceFolder}` } });
    assert.deepEqual([config.args, config.env], [['/home/me/shop/x'], { HERE: '/home/me/shop' }]);
  });

  for (const [written, sentence] of [
    [{ mode: 'threads' }, /^concurrentServer\.mode: .*thread.*"threads"/],
    [{ port: 70_000 }, /^concurrentServer\.port: .*65535.*70000/],
    [{ workers: 'many' }, /^concurrentServer\.workers: .*auto.*"many"/],
    [
      { 'randomDelay.min': 400, 'randomDelay.max': 333 },
      /^concurrentServer\.randomDelay\.min: .*max.*333.*400/,
    ],
    [{ 'randomDelay.seed': 'x' }, /^concurrentServer\.randomDelay\.seed: .*"x"/],
    [{ 'reload.waitTimeout': -1 }, /^concurrentServer\.reload\.waitTimeout: .*-1/],
    [{ 'reload.late': 'new' }, /^concurrentServer\.reload\.late: .*refuse, old.*"new"/],
    [{ stopTimeout: -1 }, /^concurrentServer\.stopTimeout: .*-1/],
    [{ runtime: 7 }, /^concurrentServer\.runtime: .*7/],
    [{ autoStart: 'yes' }, /^concurrentServer\.autoStart: .*"yes"/],
    [{ cwd: 3 }, /^concurrentServer\.cwd: .*3/],
  ] as Array<[WrittenSettings, RegExp]>) {
    const [[name, value] = ['', '']] = Object.entries(written);
    it(`refuse ${name} = ${JSON.stringify(value)} by name, with what is allowed`, () => {
      assert.throws(() => parse(written), { code: 'BAD_CONFIG', message: sentence });
    });
  }
});

describe('a change of the settings', () => {
  it('is sent to the running server, or named in full if it needs a restart', () => {
    const before = parse({});
    const after = parse({
      workers: 3,
      'randomDelay.enabled': true,
      'reload.enabled': false,
      affinity: 'client',
      stopTimeout: 10,
      runtime: '/n',
    });
    const { live, restart } = changeOf(before, after);
    const { randomDelay, reload } = after.config;
    assert.deepEqual(live, { workers: 3, maxWorkers: 6, affinity: 'client', randomDelay, reload });
    assert.deepEqual(restart, ['concurrentServer.runtime', 'concurrentServer.stopTimeout']);
  });

  it('that changes nothing asks for nothing', () => {
    assert.deepEqual(changeOf(parse({}), parse({})), { live: undefined, restart: [] });
  });
});

describe('what is typed', () => {
  it('is a range', () => {
    assert.deepEqual(parseRange('50-200'), { min: 50, max: 200 });
    assert.deepEqual(parseRange(' 100 ms'), { min: 0, max: 100 });
    for (const wrong of ['', '-', '200-50', '1-60001', 'a-b', '1-2-3'])
      assert.equal(parseRange(wrong), undefined, wrong);
  });

  it('is a list of routes', () => {
    assert.deepEqual(parseRoutes('POST /cart/*, /api/{a,b} ,'), ['POST /cart/*', '/api/{a,b}']);
    assert.deepEqual(parseRoutes(' '), []);
  });
});
