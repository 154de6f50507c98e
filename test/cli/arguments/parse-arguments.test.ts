import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { createParser } from '../../../src/cli/arguments/options.ts';
import { type Invocation, parseArguments, type System } from '../../../src/cli/arguments/parse-arguments.ts';
import { parseRaceArguments } from '../../../src/cli/races/parse-race-arguments.ts';
import type { ServerConfig } from '../../../src/protocol/config.ts';
import { badConfig, ServerError } from '../../../src/protocol/errors.ts';

const CWD = path.resolve('/apps/shop');
const FILES = new Set(['app.js', '9000', 'localhost']);

const system: System = {
  cwd: CWD,
  cores: 4,
  seed: 99,
  exists: (name) => FILES.has(name),
  folder: (name) => path.resolve(CWD, name),
  program: (name) => {
    if (name === 'missing') throw badConfig('--node', name, 'a program');
    return `/bin/${name}`;
  },
  hasChannel: false,
};

function run(words: string, changes: Partial<System> = {}): Extract<Invocation, { do: 'run' }> {
  const invocation = parseArguments(split(words), { ...system, ...changes });
  assert.ok(invocation.do === 'run');
  return invocation;
}

/** Words as a shell would split them. */
function split(words: string): string[] {
  return [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

describe('the command line', () => {
  const accepted: Array<[words: string, expected: Partial<ServerConfig>]> = [
    ['', { entry: undefined, addr: '127.0.0.1', port: 8000, seed: 99, workers: 4, maxWorkers: 8, cwd: CWD }],
    ['app.js', { entry: 'app.js', port: 8000 }],
    ['9100', { entry: undefined, addr: '127.0.0.1', port: 9100 }],
    [':9100', { entry: undefined, addr: '127.0.0.1', port: 9100 }],
    ['0', { port: 0 }],
    ['0.0.0.0:9100', { addr: '0.0.0.0', port: 9100 }],
    ['0.0.0.0', { addr: '0.0.0.0', port: 8000 }],
    ['[::1]:9100', { addr: '::1', port: 9100 }],
    ['[::1]', { addr: '::1', port: 8000 }],
    ['::1', { addr: '::1', port: 8000 }],
    ['my.host:9100', { addr: 'my.host', port: 9100 }],
    ['app.js 9100', { entry: 'app.js', port: 9100 }],
    ['9100 app.js', { entry: 'app.js', port: 9100 }],
    // A file of that name exists.
    ['9000', { entry: '9000', port: 8000 }],
    ['localhost 9100', { entry: 'localhost', port: 9100 }],
    ['missing.js localhost:9100', { entry: 'missing.js', addr: 'localhost', port: 9100 }],
    ['C:\\apps\\a.js', { entry: 'C:\\apps\\a.js' }],
    ['C:/apps/a.js:1', { entry: 'C:/apps/a.js:1' }],
    [
      'app.js -- 9100 --mode x -- y',
      { entry: 'app.js', port: 8000, args: ['9100', '--mode', 'x', '--', 'y'] },
    ],
    ['-- --help', { entry: undefined, args: ['--help'] }],
    ['--mode fork', { mode: 'fork' }],
    ['--mode=fork', { mode: 'fork' }],
    ['--workers 2', { workers: 2, maxWorkers: 4 }],
    ['--workers auto', { workers: 4 }],
    ['--workers 3 --max-workers 3', { workers: 3, maxWorkers: 3 }],
    ['--max-requests-per-worker 1', { maxRequestsPerWorker: 1 }],
    ['--affinity client', { affinity: 'client' }],
    ['--random-delay', { randomDelay: { enabled: true, min: 0, max: 333, routes: [] } }],
    [
      '--random-delay off',
      { randomDelay: { enabled: false, min: 0, max: 333, routes: [] }, given: ['randomDelay'] },
    ],
    ['--random-delay 50-200', { randomDelay: { enabled: true, min: 50, max: 200, routes: [] } }],
    ['--random-delay=500-900', { randomDelay: { enabled: true, min: 500, max: 900, routes: [] } }],
    [
      '--random-delay app.js',
      { entry: 'app.js', randomDelay: { enabled: true, min: 0, max: 333, routes: [] } },
    ],
    [
      "--random-delay :9100 --delay-routes '/a,POST /{b,c}/*' --delay-routes /d",
      {
        port: 9100,
        randomDelay: { enabled: true, min: 0, max: 333, routes: ['/a', 'POST /{b,c}/*', '/d'] },
      },
    ],
    ['--delay-routes /a', { randomDelay: { enabled: true, min: 0, max: 333, routes: ['/a'] } }],
    ['--overlap 26', { overlap: { size: 26, maxMs: 150, routes: [] } }],
    ['--overlap 8,20 --overlap-routes /a', { overlap: { size: 8, maxMs: 20, routes: ['/a'] } }],
    ['--seed 4294967295', { seed: 4294967295 }],
    ['--allowed-host a.test --allowed-host .b.test', { allowedHosts: ['a.test', '.b.test'] }],
    ['--env-file .env --cwd sub', { envFile: path.join(CWD, '.env') }],
    ['--cwd sub', { cwd: path.join(CWD, 'sub') }],
    ['--node node22', { node: '/bin/node22' }],
    ['--node-arg --inspect=0 --node-arg=--no-warnings', { nodeArgs: ['--inspect=0', '--no-warnings'] }],
    ['--stop-timeout 0', { stopTimeoutMs: 0 }],
    [
      '',
      {
        reload: {
          enabled: true,
          watch: [],
          browser: false,
          debounceMs: 50,
          waitMs: 30_000,
          late: 'refuse',
        },
      },
    ],
    [
      "--no-reload --watch 'views/**,*.{a,b}' --reload-browser --reload-debounce 70 --reload-wait 5,old",
      {
        reload: {
          enabled: false,
          watch: ['views/**', '*.{a,b}'],
          browser: true,
          debounceMs: 70,
          waitMs: 5,
          late: 'old',
        },
      },
    ],
  ];
  for (const [words, expected] of accepted) {
    it(`understands \`${words}\``, () => {
      const config: Partial<ServerConfig> = run(words).config;
      const got = Object.fromEntries(
        Object.keys(expected).map((key) => [key, config[key as keyof ServerConfig]]),
      );
      assert.deepEqual(got, expected);
    });
  }

  const refused: Array<[words: string, message: RegExp, hint?: RegExp]> = [
    ['--wrkers 3', /^Unknown option '--wrkers'\.$/, /Did you mean --workers\?/],
    ['--zzzzzz', /Unknown option/, /after --/],
    ['-x', /Unknown option '-x'/],
    ['--port 3', /Unknown option '--port'/, /The address is an argument/],
    ['-p 3', /Unknown option '-p'/, /The address is an argument/],
    ['a.js b.js', /^Only one entry can be given, but there are a\.js and b\.js/, /after --/],
    ['9100 9200', /^Only one address can be given/],
    ['--mode', /'--mode <kind>' argument missing/],
    ['--mode process', /^--mode: one of thread, fork, but got "process"/],
    ['99999', /^port: a whole number from 0 to 65535, but got 99999/],
    ['a_b..c:80', /^address: an IP address or a host name/],
    ['--workers 0', /^--workers: a whole number from 1 to 64, or auto, but got 0/],
    ['--workers many', /^--workers: .*, but got "many"/],
    ['--workers 2.5', /^--workers: .*, but got "2\.5"/],
    ['--workers -1', /^--workers: .*, but got "-1"/],
    ['--workers 4 --max-workers 2', /^--max-workers: at least the number of workers, which is 4/],
    ['--max-requests-per-worker x', /^--max-requests-per-worker/],
    ['--affinity cookie', /^--affinity: one of none, client/],
    [
      '--random-delay 300',
      /^--random-delay: MIN-MAX in ms.*\(a port goes before the option\), but got "300"/,
    ],
    ['--random-delay 9-3', /^--random-delay: at most max, which is 3/],
    ['--random-delay 0-60001', /^--random-delay: a whole number from 0 to 60000/],
    ['--delay-routes api', /^--delay-routes: a path glob such as/],
    ['--overlap 1', /^--overlap: 0 \(off\), or a whole number from 2/],
    ['--overlap 2,3,4', /^--overlap: N or N,MAXMS/],
    ['--overlap 2,x', /^--overlap N,MAXMS: a whole number/],
    ['--overlap-routes /a', /^--overlap-routes needs --overlap/],
    ['--seed -1', /^--seed: a whole number from 0 to 4294967295/],
    ['--allowed-host http://x', /^--allowed-host: a host name/],
    ['--stop-timeout 1h', /^--stop-timeout: a whole number/],
    ['--reload-debounce 5', /^--reload-debounce: a whole number from 10 to 1000/],
    ['--watch /**', /^--watch: a file, a folder or a glob/],
    ['--reload-wait soon', /^--reload-wait: a whole number from 0/],
    ['--reload-wait 5,new', /^--reload-wait MS,old: one of refuse, old/],
    ['--reload-wait 5,old,6', /^--reload-wait: MS or MS,old/],
    ['--node missing', /^--node: a program, but got "missing"/],
    ['--quiet --verbose', /^--quiet and --verbose cannot/],
    ['--json --ipc', /^--json and --ipc cannot/],
    ['--ipc', /^--ipc is for a process/],
  ];
  for (const [words, message, hint] of refused) {
    it(`refuses \`${words}\` in one sentence`, () => {
      assert.throws(
        () => parseArguments(split(words), system),
        (error) => {
          assert.ok(error instanceof ServerError);
          assert.equal(error.code, 'BAD_CONFIG');
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /\n/);
          if (hint !== undefined) assert.match(error.hint ?? '', hint);
          return true;
        },
      );
    });
  }

  it('determines how much is shown, and where', () => {
    const view = (words: string) => run(words, { hasChannel: true }).view;
    assert.deepEqual(view(''), { kind: 'terminal', detail: 'normal', color: true, open: false });
    assert.deepEqual(view('--quiet --no-color --open'), {
      kind: 'terminal',
      detail: 'quiet',
      color: false,
      open: true,
    });
    assert.equal(view('--json --verbose').kind, 'json');
    assert.deepEqual(parseArguments(['--ipc', '--quiet'], { ...system, hasChannel: true }), {
      do: 'await start',
      cwd: CWD,
      view: { kind: 'ipc', detail: 'quiet', color: true, open: false },
    });
  });

  it('answers --help or --version before it checks anything else', () => {
    assert.deepEqual(parseArguments(['--help', '--workers', '0'], system), { do: 'help' });
    assert.deepEqual(parseArguments(['nonsense', '--version'], system), { do: 'version' });
  });
});

describe('--help', () => {
  const lines = help().split('\n');

  it('fits one screen', () => {
    assert.ok(lines.length <= 45, `${lines.length} lines`);
    for (const line of lines) assert.ok(line.length <= 80, line);
  });

  it('names every option that is not for programs alone, and gives examples', () => {
    for (const { long, hidden } of createParser().options) {
      assert.equal(
        lines.some((line) => line.trim().startsWith(`${long} `)),
        !hidden,
        long ?? '',
      );
    }
    const text = lines.join('\n');
    assert.match(text, /Examples:\n( {2}concurrent-server .*\n){3,}/);
  });

  it('has examples that work', () => {
    const examples = lines.slice(lines.indexOf('Examples:') + 1).filter((line) => line !== '');
    for (const example of examples) {
      const [words = ''] = example.trim().split(/ {2,}/);
      const [, ...args] = split(words);
      if (args[0] === 'races') assert.notEqual(parseRaceArguments(args.slice(1), system), 'help');
      else run(words.replace('concurrent-server', ''));
    }
  });
});

function help(): string {
  let text = '';
  const parser = createParser();
  parser.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  parser.outputHelp();
  return text;
}
