import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ServerError } from '../../../src/protocol/errors.ts';
import { parseConfig } from '../../../src/protocol/validate/config.ts';

const CWD = path.resolve('/apps/shop');
const SURROUNDINGS = { cwd: CWD, cores: 8, seed: 7 };

function localReply(input: unknown): ServerError {
  try {
    parseConfig(input, SURROUNDINGS);
  } catch (error) {
    assert.ok(error instanceof ServerError);
    return error;
  }
  return assert.fail(`accepted ${JSON.stringify(input)}`);
}

describe('a configuration', () => {
  it('without any field has the defaults', () => {
    assert.deepEqual(parseConfig({}, SURROUNDINGS), {
      entry: undefined,
      cwd: CWD,
      addr: '127.0.0.1',
      port: 8000,
      takeOver: false,
      mode: 'thread',
      workers: 4,
      maxWorkers: 8,
      maxRequestsPerWorker: 0,
      affinity: 'none',
      randomDelay: { enabled: false, min: 0, max: 333, routes: [] },
      overlap: { size: 0, maxMs: 150, routes: [] },
      seed: 7,
      allowedHosts: [],
      args: [],
      nodeArgs: [],
      node: undefined,
      python: undefined,
      processes: 1,
      threads: 32,
      given: [],
      env: {},
      envFile: undefined,
      stopTimeoutMs: 2000,
      reload: { enabled: true, watch: [], browser: false, debounceMs: 50, waitMs: 30_000, late: 'refuse' },
      editorLink: 'vscode://file',
    });
  });

  it('keeps the given values', () => {
    const given = {
      entry: 'app.js',
      cwd: path.resolve('/elsewhere'),
      addr: '::1',
      port: 0,
      takeOver: true,
      mode: 'fork',
      workers: 2,
      maxWorkers: 2,
      maxRequestsPerWorker: 1,
      affinity: 'client',
      randomDelay: { enabled: true, min: 5, max: 6, routes: ['POST /cart/**', '/{a,b}', '**'] },
      overlap: { size: 2, maxMs: 10, routes: ['/x'] },
      seed: 0xffff_ffff,
      allowedHosts: ['my.test', '.my.test', '192.168.1.2'],
      args: ['--port', ''],
      nodeArgs: ['--inspect=0'],
      node: '/usr/bin/node',
      python: '.venv',
      processes: 2,
      threads: 8,
      env: { A: '', B: 'x' },
      envFile: '.env',
      stopTimeoutMs: 0,
      reload: { enabled: false, watch: ['views/**'], browser: true, debounceMs: 10, waitMs: 0, late: 'old' },
      editorLink: 'editor://open',
    };
    const config = { ...given, given: ['addr', 'port', 'mode', 'randomDelay'] };
    assert.deepEqual(parseConfig(given, SURROUNDINGS), config);
  });

  it('has one worker per core, between 2 and 4, for auto', () => {
    for (const [cores, workers] of [
      [1, 2],
      [3, 3],
      [64, 4],
    ] as const) {
      const config = parseConfig({ workers: 'auto' }, { ...SURROUNDINGS, cores });
      assert.equal(config.workers, workers);
      assert.equal(config.maxWorkers, workers * 2);
    }
  });

  it('always allows at least the number of workers that are kept', () => {
    assert.equal(parseConfig({ workers: 64 }, SURROUNDINGS).maxWorkers, 64);
  });

  it('widens the default delay to include the given end', () => {
    assert.deepEqual(parseConfig({ randomDelay: { min: 500 } }, SURROUNDINGS).randomDelay.max, 500);
  });

  it('cannot be reached through the prototype of its variables', () => {
    const { env } = parseConfig(JSON.parse('{"env":{"__proto__":"x"}}'), SURROUNDINGS);
    assert.deepEqual(Object.keys(env), ['__proto__']);
    assert.equal(Object.getPrototypeOf(env), Object.prototype);
  });

  const refused: Array<[input: unknown, message: RegExp]> = [
    [3, /^the configuration: an object, but got 3\.$/],
    [null, /an object, but got null/],
    [[], /an object/],
    [{ wrokers: 3 }, /^wrokers: no such field; there are .*workers/],
    [{ workers: 0 }, /^workers: a whole number from 1 to 64, or auto, but got 0\.$/],
    [{ workers: 65 }, /from 1 to 64/],
    [{ workers: 1.5 }, /whole number/],
    [{ workers: '4' }, /whole number.* got "4"/],
    [{ workers: Number.NaN }, /whole number/],
    [{ workers: 4, maxWorkers: 3 }, /^maxWorkers: at least the number of workers, which is 4, but got 3/],
    [{ port: 65_536 }, /^port: a whole number from 0 to 65535/],
    [{ port: -1 }, /^port/],
    [{ addr: 'not an address' }, /^addr: an IP address or a host name/],
    [{ addr: '300.1.1.1' }, /^addr/],
    [{ addr: '*' }, /^addr/],
    [{ addr: 'a..b' }, /^addr/],
    [{ addr: '' }, /^addr/],
    [{ cwd: 'relative' }, /^cwd: an absolute path/],
    [{ mode: 'process' }, /^mode: one of thread, fork, but got "process"/],
    [{ affinity: true }, /^affinity: one of none, client/],
    [{ maxRequestsPerWorker: -1 }, /^maxRequestsPerWorker/],
    [{ randomDelay: true }, /^randomDelay: an object/],
    [{ randomDelay: { enabled: 'yes' } }, /^randomDelay\.enabled: true or false/],
    [{ randomDelay: { min: 9, max: 3 } }, /^randomDelay\.min: at most max, which is 3, but got 9/],
    [{ randomDelay: { max: 60_001 } }, /^randomDelay\.max/],
    [{ randomDelay: { typo: 1 } }, /^randomDelay\.typo: no such field/],
    [{ randomDelay: { routes: '/a' } }, /^randomDelay\.routes: a list/],
    [{ randomDelay: { routes: ['cart/**'] } }, /path glob such as .*, but got "cart\/\*\*"/],
    [{ randomDelay: { routes: ['POST'] } }, /path glob/],
    [{ overlap: { size: 1 } }, /^overlap\.size: 0 \(off\), or a whole number from 2/],
    [{ overlap: { routes: [''] } }, /^overlap\.routes/],
    [{ seed: 2 ** 32 }, /^seed: a whole number from 0 to 4294967295/],
    [{ allowedHosts: ['http://my.test'] }, /^allowedHosts: a host name/],
    [{ args: ['a\0b'] }, /^args/],
    [{ nodeArgs: [''] }, /^nodeArgs/],
    [{ env: { A: 1 } }, /^env\.A: a text, but got 1/],
    [{ envFile: '' }, /^envFile/],
    [{ stopTimeoutMs: 60_001 }, /^stopTimeoutMs/],
    [{ reload: false }, /^reload: an object/],
    [{ reload: { enabled: 1 } }, /^reload\.enabled: true or false/],
    [{ reload: { watch: ['/**'] } }, /^reload\.watch: a file, a folder or a glob/],
    [{ reload: { watch: ['!'] } }, /^reload\.watch: a file, a folder or a glob/],
    [{ reload: { watch: ['/'] } }, /^reload\.watch: a file, a folder or a glob/],
    [{ reload: { waitMs: 600_001 } }, /^reload\.waitMs: a whole number from 0 to 600000/],
    [{ reload: { late: 'maybe' } }, /^reload\.late: one of refuse, old, but got "maybe"/],
  ];
  for (const [input, message] of refused) {
    it(`is refused with the name of the error, for ${JSON.stringify(input)}`, () => {
      const error = localReply(input);
      assert.equal(error.code, 'BAD_CONFIG');
      assert.match(error.message, message);
    });
  }

  it('is refused with the name that its writer knows', () => {
    const label = (setting: string): string => `--${setting}`;
    assert.throws(
      () => parseConfig({ port: 'x' }, SURROUNDINGS, label),
      /^ServerError: --port: a whole number/,
    );
  });
});
