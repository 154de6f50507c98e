import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  accessLine,
  duration,
  errorLines,
  startUpBlock,
  stateAsNews,
  stateLines,
  workerLine,
} from '../../../src/cli/output/format.ts';
import {
  coloured,
  escapeControls,
  escapeControlsInLines,
  outputMark,
  plain,
  wantsColor,
} from '../../../src/common/terminal-style.ts';
import {
  BLOCKED_NEWS_MS,
  type RequestRecord,
  type WorkerState,
  type WorkerStatus,
} from '../../../src/protocol/messages.ts';
import { parseConfig } from '../../../src/protocol/validate/config.ts';

const RECORD: RequestRecord = {
  id: 17,
  at: new Date(2026, 0, 2, 3, 4, 5).getTime(),
  method: 'GET',
  target: '/a?b=c',
  nth: 1,
  worker: 2,
  status: 200,
  bytesIn: 0,
  bytesOut: 0,
  delayMs: 0,
  overlapMs: 0,
  queueMs: 0.2,
  totalMs: 12.34,
};

const ESC = '\u001b';

describe('an access line', () => {
  it('has the time, the request, the status, the duration and the worker', () => {
    assert.equal(accessLine(RECORD, plain), '03:04:05 GET /a?b=c 200 12 ms #2 r17');
  });

  it('names what held the request', () => {
    const held = { ...RECORD, delayMs: 120, overlapMs: 40.4, group: 3, queueMs: 5 };
    assert.equal(
      accessLine(held, plain),
      '03:04:05 GET /a?b=c 200 12 ms #2 r17 delay 120 ms overlap 40 ms g3 queue 5.0 ms',
    );
  });

  it('gives the reason of an incomplete answer', () => {
    const failed = { ...RECORD, status: 0, worker: 0, failure: 'client closed' };
    assert.equal(accessLine(failed, plain), '03:04:05 GET /a?b=c --- 12 ms r17 client closed');
  });

  it('colours the status by its class', () => {
    const codes = [204, 304, 404, 502].map((status) => {
      const line = accessLine({ ...RECORD, status }, coloured);
      return new RegExp(`\\[(\\d+)m${status}`).exec(line)?.[1];
    });
    assert.deepEqual(codes, ['32', '36', '33', '31']);
  });

  it('lets no escape sequence of a client reach the terminal', () => {
    const target = `/${ESC}]0;owned\u0007${ESC}[2J\r\n\u009b31m\u202e`;
    const line = accessLine({ ...RECORD, method: `G${ESC}[1mET`, target, failure: `x${ESC}` }, coloured);
    const shown = line.replaceAll(new RegExp(`${ESC}\\[\\d+m`, 'g'), '');
    assert.doesNotMatch(shown, /[\p{Cc}\u202e]/u);
    assert.ok(shown.includes('\\x1b]0;owned\\x07\\x1b[2J\\x0d\\x0a\\x9b31m\\u202e'), shown);
    assert.ok(shown.includes('G\\x1b[1mET'), shown);
  });

  it('cuts an endless target', () => {
    assert.ok(accessLine({ ...RECORD, target: `/${'x'.repeat(2000)}` }, plain).length < 300);
  });
});

describe('text of strangers', () => {
  it('keeps letters of every script', () => {
    for (const text of ['/käse/日本/🙂', 'a b\\c%1b']) assert.equal(escapeControls(text), text);
  });

  it('keeps its line breaks', () => {
    assert.equal(escapeControlsInLines(`a\n\tb\r${ESC}`), 'a\n  b\\x0d\\x1b');
  });
});

describe('colours', () => {
  const tty = { isTTY: true };
  it('are for terminals that are not dumb', () => {
    assert.equal(wantsColor(tty, {}, true), true);
    assert.equal(wantsColor(tty, { TERM: 'dumb' }, true), false);
    assert.equal(wantsColor({}, {}, true), false);
  });

  it('are forced by FORCE_COLOR', () => {
    assert.equal(wantsColor({}, { FORCE_COLOR: '1' }, true), true);
    assert.equal(wantsColor({}, { FORCE_COLOR: '' }, true), true);
    assert.equal(wantsColor(tty, { FORCE_COLOR: '0' }, true), false);
  });

  it('are turned off by NO_COLOR and --no-color, in any case', () => {
    assert.equal(wantsColor(tty, { NO_COLOR: '1', FORCE_COLOR: '1' }, true), false);
    assert.equal(wantsColor(tty, { FORCE_COLOR: '1' }, false), false);
    assert.equal(wantsColor(tty, { NO_COLOR: '' }, true), true);
  });
});

describe('a worker', () => {
  const status = (state: WorkerState, more: Partial<WorkerStatus> = {}): WorkerStatus => ({
    id: 2,
    mode: 'thread',
    state,
    generation: 1,
    inFlight: 0,
    done: 0,
    ...more,
  });
  const line = (state: WorkerState, before: WorkerState | undefined, verbose = false) =>
    workerLine(status(state, { blockedMs: 1234, restartInMs: 2000, exit: `exit ${ESC}` }), before, verbose)
      ?.text;

  it('needs no line while it works', () => {
    for (const state of ['idle', 'busy', 'starting', 'draining', 'stopped'] as const) {
      for (const before of [undefined, 'starting', 'idle', 'busy'] as const) {
        assert.equal(line(state, before), undefined, `${before} to ${state}`);
      }
    }
  });

  it('has one line when it blocks and one when it answers again', () => {
    assert.equal(line('blocked', 'busy'), 'worker #2 has been blocked for 1234 ms; it gets no requests');
    assert.equal(line('blocked', 'blocked'), undefined);
    const briefly = status('blocked', { blockedMs: BLOCKED_NEWS_MS - 1 });
    assert.equal(workerLine(briefly, 'busy', false), undefined, 'a busy machine is silent for so long');
    assert.equal(stateAsNews(briefly), 'busy', 'and says nothing when it answers again');
    assert.equal(line('busy', 'blocked'), 'worker #2 answers again');
  });

  it('is followed by a line about its replacement', () => {
    assert.equal(line('restarting', 'crashed'), 'another worker starts in 2000 ms');
    assert.equal(
      workerLine(status('restarting', { restartInMs: 0 }), 'crashed', false)?.text,
      'another worker starts now',
    );
  });

  it('has a line for each state with --verbose', () => {
    assert.equal(line('starting', undefined, true), 'worker #2 starts');
    assert.equal(line('idle', 'starting', true), 'worker #2 is ready');
    assert.equal(line('idle', 'busy', true), undefined);
    assert.equal(line('crashed', 'busy', true), 'worker #2 exited: exit \\x1b');
  });
});

describe('an error', () => {
  it('has the message, the hint, and the source, in this order', () => {
    const error = {
      code: 'WORKER_CRASHED' as const,
      message: 'It died.',
      hint: 'Do this.',
      details: { stack: 'Error\n at x' },
    };
    assert.equal(errorLines(error, plain, 3), 'error #3 It died.\n  Do this.\n  Error\n   at x');
  });

  it('lets no escape sequence of the app reach the terminal', () => {
    const error = {
      code: 'WORKER_CRASHED' as const,
      message: `a${ESC}[2J`,
      hint: ESC,
      details: { stack: `b${ESC}` },
    };
    assert.ok(!errorLines(error, plain).includes(ESC));
  });
});

describe('state in a worker', () => {
  const event = { cookie: 'sid', route: 'GET /me', knows: 1, lost: 2 };

  it('is a sentence and three answers', () => {
    assert.equal(
      stateLines({ ...event, setting: 'workers' }, plain),
      [
        'Worker 2 does not know the cookie sid that worker 1 knows (GET /me). ' +
          'The app seems to keep sessions in memory, which workers do not share.',
        '  --affinity client                    keeps each client on one worker',
        '  --workers 1 --max-workers 1          runs one worker',
        '  docs/workers.md#state-in-a-worker    what this means',
      ].join('\n'),
    );
    assert.match(
      stateLines({ ...event, setting: 'processes' }, plain),
      /\n {2}--processes 1 +runs one worker\n/,
    );
  });
});

describe('the start-up block', () => {
  const config = parseConfig(
    { randomDelay: { enabled: true, min: 5, max: 9, routes: ['/a'] }, overlap: { size: 8 } },
    { cwd: process.cwd(), cores: 4, seed: 42 },
  );
  const ready = {
    type: 'ready' as const,
    url: 'http://127.0.0.1:8000/',
    pid: 1,
    mode: 'thread' as const,
    workers: 4,
    seed: 42,
    entry: '/a/app.js',
  };

  it('shows the address, the app, and what holds requests', () => {
    const text = startUpBlock({ ready, config, version: '1.2.3', app: `app${ESC}.js`, keys: true }, plain);
    assert.match(text, /Concurrent Server 1\.2\.3 {2}http:\/\/127\.0\.0\.1:8000\//);
    assert.match(text, /app +app\\x1b\.js/);
    assert.match(text, /workers +4 threads, up to 8/);
    assert.match(text, /seed +42/);
    assert.match(text, /delay +5–9 ms on \/a/);
    assert.match(text, /overlap +8 requests together, held for at most 150 ms/);
    assert.match(text, /keys +r restart/);
  });

  it('says what was taken from a script, and what was not', () => {
    const script = { from: 'scripts.dev', taken: ['tsx', `A=${ESC}`], notTaken: ['--inspect', 'tsc -w'] };
    const start = { config, version: '1', app: 'a', keys: false };
    const text = startUpBlock({ ready: { ...ready, script }, ...start }, plain);
    assert.match(text, /as in +scripts\.dev: tsx, A=\\x1b\n +not taken over: --inspect, tsc -w\n/);
    const runner = startUpBlock(
      { ready: { ...ready, script: { taken: ['tsx'], notTaken: [] } }, ...start },
      plain,
    );
    assert.match(runner, /runner +tsx\n/);
    assert.doesNotMatch(runner, /not taken over/);
  });

  it('names what was not taken', () => {
    const more = { config, version: '1', app: 'server.js', keys: false };
    const text = startUpBlock({ ready: { ...ready, others: ['manage.py', `a${ESC}.py`] }, ...more }, plain);
    assert.match(text, /app +server\.js\n +also +manage\.py, a\\x1b\.py; name it to run it\n/);
    assert.doesNotMatch(startUpBlock({ ready, ...more }, plain), /also/);
  });

  it('shows no keys if they do not work', () => {
    const text = startUpBlock({ ready, config, version: '1', app: 'a', keys: false }, plain);
    assert.doesNotMatch(text, /restart/);
  });

  it('calls fork workers processes', () => {
    const text = startUpBlock(
      { ready: { ...ready, mode: 'fork', workers: 1 }, config, version: '1', app: 'a', keys: false },
      plain,
    );
    assert.match(text, /1 process,/);
  });
});

it('output of the app is marked with its worker and, if known, its request', () => {
  assert.equal(outputMark(2, 17, plain), '#2 r17 ');
  assert.equal(outputMark(2, undefined, plain), '#2 ');
  assert.equal(outputMark(undefined, undefined, plain), '');
});

it('a duration is in ms or s', () => {
  assert.deepEqual([0.04, 9.94, 10, 9999, 12_345].map(duration), [
    '0.0 ms',
    '9.9 ms',
    '10 ms',
    '9999 ms',
    '12.3 s',
  ]);
});
