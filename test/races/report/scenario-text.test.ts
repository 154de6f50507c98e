import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { coloured, plain } from '../../../src/common/terminal-style.ts';
import { widthOf } from '../../../src/races/report/cells.ts';
import { restoreHint, touchedLines } from '../../../src/races/report/consent-text.ts';
import { foundText, progressText } from '../../../src/races/report/progress-text.ts';
import { type ReportContext, scenarioLines } from '../../../src/races/report/scenario-text.ts';
import type { ScenarioReport } from '../../../src/races/report-types.ts';
import { GOLDEN } from './golden.ts';
import { answer, finding, raceReport, TOKEN } from './sample.ts';

function text(report: ScenarioReport, changes: Partial<ReportContext> = {}): string {
  const context: ReportContext = {
    width: 80,
    paint: plain,
    isReplay: false,
    writesTest: false,
    replayCommand: (token) => `concurrent-server races coupon.http --replay ${token}`,
    ...changes,
  };
  return scenarioLines(report, context).join('\n');
}

/** Lines that a person pastes are never cut, so they may be longer than the terminal is wide. */
function tooLong(lines: string, width: number): string[] {
  const whole = /--replay |# @accept /;
  return lines.split('\n').filter((line) => widthOf(line) > width && !whole.test(line));
}

const NONE = raceReport({ verdict: 'none', findings: [], explored: { done: 12, of: 12 }, masked: [] });

describe('the report on a race', () => {
  for (const width of [60, 80, 120] as const) {
    it(`is this, at ${width} columns`, () => {
      const shown = text(raceReport(), { width });
      assert.equal(`\n${shown}\n`, GOLDEN[width]);
      assert.deepEqual(tooLong(shown, width), []);
    });

    it(`has the same text with colours, at ${width} columns`, () => {
      const shown = text(raceReport(), { width, paint: coloured });
      assert.notEqual(shown, stripVTControlCharacters(shown));
      assert.equal(`\n${stripVTControlCharacters(shown)}\n`, GOLDEN[width]);
    });
  }

  it('paints the verdict and the severity red, the file and line cyan, and the pause yellow', () => {
    const shown = text(raceReport(), { paint: coloured });
    for (const part of [
      '\u001b[31m✗\u001b[39m',
      '\u001b[31merror\u001b[39m: wrong state',
      '\u001b[36mredeem.js:12\u001b[39m',
      '\u001b[33mheld here\u001b[39m',
    ])
      assert.ok(shown.includes(part), JSON.stringify(part));
  });

  it('has columns only for the requests that take part, each with its own answer', () => {
    const { schedule, observed } = finding();
    const some = finding({
      schedule: { ...schedule, members: [0, 2] },
      steps: finding().steps.map((step) => ({ ...step, request: step.request * 2 })),
      observed: { ...observed, answers: [answer(0, 200, 'first'), answer(0, 200, 'third')] },
    });
    const shown = text(raceReport({ findings: [some], group: ['POST /a', 'POST /b', 'POST /a'] }));
    assert.match(shown, /^ {2}r0 POST \/a \(1st\) +│ r2 POST \/a \(2nd\)$/m);
    assert.match(shown, /│ is answered: 200 third$/m);
    assert.match(shown, /^ {2}is answered: 200 first +│$/m);
    assert.match(shown, /─ switch to r2 ─/);
  });

  it('has a column for each of three requests where there is room, and a list elsewhere', () => {
    const three = raceReport({ group: ['POST /a', 'POST /b', 'POST /c'] });
    assert.match(text(three, { width: 110 }), /r0 POST \/a +│ r1 POST \/b +│ r2 POST \/c/);
    const list = text(three, { width: 80 });
    assert.match(list, /^ {2}r0 {2}POST \/a\n {2}r1 {2}POST \/b\n {2}r2 {2}POST \/c$/m);
    assert.deepEqual(tooLong(list, 80), []);
  });

  it('keeps to the width with long paths, labels, answers and wide characters', () => {
    const long = finding({
      sentence: '注文 '.repeat(60),
      observed: {
        answers: [answer(0, 200, '注文'.repeat(100)), answer(0, 200, 'x'.repeat(500))],
        probes: [],
      },
      steps: finding().steps.map((step) =>
        step.boundary === undefined
          ? step
          : {
              ...step,
              boundary: {
                ...step.boundary,
                file: `src/${'deep/'.repeat(20)}redeem.js`,
                label: `await ${'注文'.repeat(50)}`,
              },
            },
      ),
    });
    for (const width of [60, 80, 120]) {
      const shown = text(
        raceReport({ findings: [long], group: ['POST /'.padEnd(200, 'a'), '注'.repeat(90)] }),
        { width },
      );
      assert.deepEqual(tooLong(shown, width), []);
      assert.match(shown, /…\/(?:deep\/)+redeem\.js:12/);
    }
  });

  it('escapes what a terminal would interpret, wherever it comes from', () => {
    const evil = '\u001b]0;evil\u0007\u009b2J\r\n';
    const report = raceReport({
      file: evil,
      group: [evil, evil],
      masked: [evil],
      notes: [evil],
      undecided: [evil],
      findings: [
        finding({
          sentence: evil,
          difference: [evil],
          token: evil,
          observed: { answers: [answer(0, 200, evil)], probes: [], death: evil },
        }),
        finding({ accepted: evil }),
      ],
    });
    const shown = text(report, { replayCommand: (token) => token });
    assert.doesNotMatch(shown.replaceAll('\n', ''), /\p{Cc}/u);
    assert.ok(shown.includes('\\x1b]0;evil'));
  });

  it('shows accepted findings and notes in short, and does not count them', () => {
    const shown = text(
      raceReport({
        findings: [
          finding(),
          finding({ accepted: 'the last one wins, by design' }),
          finding({
            severity: 'note',
            kind: 'state-per-process',
            sentence: 'Each process has its own list.',
          }),
        ],
      }),
    );
    assert.match(shown, /^✗ coupon\.http: 1 race$/m);
    assert.match(shown, /^ {2}accepted: wrong state$/m);
    assert.match(shown, /^ {2}Accepted: the last one wins, by design$/m);
    assert.match(shown, /^ {2}note: state of one process\n {2}Each process has its own list\.$/m);
    assert.equal(shown.split('switch to r1').length, 2, 'one schedule is shown');
  });

  it('says how a worker exited', () => {
    const { observed } = finding();
    const crash = finding({
      kind: 'crash',
      observed: { ...observed, death: 'TypeError: x is not a function' },
    });
    assert.match(
      text(raceReport({ findings: [crash] })),
      /^ {2}A worker exits: TypeError: x is not a function$/m,
    );
  });

  it('does not advise what the person does already', () => {
    assert.match(text(raceReport()), /--write-test/);
    assert.doesNotMatch(text(raceReport(), { writesTest: true }), /--write-test/);
    assert.doesNotMatch(text(raceReport(), { isReplay: true }), /--write-test/);
  });
});

describe('the report without a race', () => {
  it('says what was explored, and what not', () => {
    assert.equal(
      text(NONE),
      `✓ coupon.http: 12 schedules, all serial
not covered: pauses at boundaries of unknown requests; more pauses than were
explored; effects that no answer shows; state that no reset restores
explored: 12 schedules, with one worker and with several
coverage: 34 boundaries, 3 of unknown requests, 2 orders impossible
31 trials in 8.4 s, seed 42`,
    );
  });

  it('says what there was no time for, and which topology was left out', () => {
    const { coverage } = NONE;
    const shown = text(
      { ...NONE, explored: { done: 12, of: 40 }, coverage: { ...coverage, topologies: ['one'] } },
      { width: 200 },
    );
    assert.match(shown, /not covered: 28 schedules that there was no time for; several workers; /);
    assert.match(shown, /^✓ coupon\.http: 12 of 40 schedules, all serial$/m);
    assert.match(shown, /explored: 12 of 40 schedules, with one worker$/m);
  });

  it('does not say "all serial" of nothing', () => {
    assert.match(text({ ...NONE, explored: { done: 0, of: 9 } }), /^\? coupon\.http: no schedule was run$/m);
    assert.match(text({ ...NONE, explored: { done: 1, of: 1 } }), /^✓ coupon\.http: 1 schedule, serial$/m);
  });

  it('of a replay says that the race does not show', () => {
    const shown = text(NONE, { isReplay: true });
    assert.match(shown, /^✓ coupon\.http: serial: the race does not show$/m);
    assert.doesNotMatch(shown, /explored|not covered/);
  });

  it('has the notes', () => {
    const shown = text({ ...NONE, notes: ['Only one worker can run.'] });
    assert.match(shown, /^note: Only one worker can run\.$/m);
  });
});

describe('an undecided report', () => {
  it('says why, and which line helps', () => {
    const report = raceReport({
      verdict: 'undecided',
      findings: [],
      undecided: ['GET /: $.code differs between two runs of r0, r1', 'Add to coupon.http: # @mask $.code'],
    });
    assert.match(
      text(report),
      /^\? coupon\.http: undecided\n- GET \/: \$\.code differs between two runs of r0, r1\n- Add to coupon\.http: # @mask \$\.code\n/,
    );
  });
});

describe('the progress line', () => {
  const progress = {
    type: 'progress',
    phase: 'exploring',
    done: 12,
    of: 63,
    findings: 1,
    leftMs: 40_400,
  } as const;

  it('says how far it is, what was found, and how long it may take', () => {
    assert.equal(
      progressText('coupon.http', progress, 80),
      'coupon.http: 12 of 63 schedules, 1 found, 41 s left',
    );
    const confirming = { ...progress, phase: 'confirming', of: 1, done: 0, findings: 0 } as const;
    assert.equal(
      progressText('coupon.http', confirming, 80),
      'coupon.http: 0 of 1 schedule, confirming a finding, 41 s left',
    );
    const start = { ...progress, phase: 'starting', done: 0, of: 1, findings: 0 } as const;
    assert.equal(progressText('coupon.http', start, 80), 'coupon.http: starting the app, 41 s left');
  });

  it('fits in one line', () => {
    assert.equal(widthOf(progressText('races/'.repeat(40), progress, 59)), 59);
    assert.equal(widthOf(foundText('word '.repeat(40), 1, 59)), 59);
  });

  it('never counts below zero', () => {
    assert.match(progressText('a.http', { ...progress, leftMs: -3000 }, 80), / 0 s left$/);
  });
});

describe('what is said before trials write to something', () => {
  const touched = [
    { what: 'database', name: 'postgres at 127.0.0.1:5432' },
    { what: 'file', name: 'data/shop\u001b.sqlite' },
  ] as const;

  it('lists it', () => {
    assert.deepEqual(touchedLines(touched).slice(1), [
      '  database  postgres at 127.0.0.1:5432',
      '  file      data/shop\\x1b.sqlite',
    ]);
  });

  it('names every way out', () => {
    const hint = restoreHint(touched);
    for (const part of ['# @reset', '--reset', '--state data/shop\\x1b.sqlite', '--yes'])
      assert.ok(hint.includes(part), part);
    assert.ok(restoreHint([touched[0]]).includes('--state PATH') === false);
  });
});

describe('a token', () => {
  it('is never cut', () => {
    for (const width of [40, 60]) assert.ok(text(raceReport(), { width }).includes(`--replay ${TOKEN}`));
  });
});
