import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JsonView } from '../../../src/cli/races/json-view.ts';
import type { RaceEvent } from '../../../src/races/report-types.ts';
import { finding, raceReport, TOKEN } from '../../races/report/sample.ts';
import { Sink } from './sink.ts';

const FILE = 'coupon.http';

function create(): { view: JsonView; lines(): Promise<Record<string, unknown>[]>; clock: { now: number } } {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const clock = { now: 1000 };
  const view = new JsonView(
    { stdout, stderr },
    () => {},
    () => clock.now,
  );
  return {
    view,
    clock,
    lines: async () => {
      await view.close();
      assert.equal(stderr.text, '');
      return stdout.text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    },
  };
}

function progress(done: number, phase: 'serial' | 'exploring' = 'exploring'): RaceEvent {
  return { type: 'progress', phase, done, of: 90, findings: 0, leftMs: 1000 };
}

describe('the JSON lines of races', () => {
  it('all have the version, a type and the scenario', async () => {
    const { view, lines } = create();
    view.event({ type: 'note', text: 'as in scripts.dev' }, FILE);
    view.event({ type: 'inspect', url: 'ws://127.0.0.1:1/x' }, FILE);
    view.event({ type: 'finding', finding: finding() }, FILE);
    view.written([TOKEN], FILE);
    view.refused([{ what: 'file', name: 'a.db' }], FILE);
    view.error({ code: 'APP_FAILED_TO_START', message: 'It does not start.' }, FILE);
    view.report(raceReport());
    const found = await lines();
    assert.deepEqual(
      found.map(({ v, type, scenario }) => [v, type, scenario]),
      ['note', 'inspect', 'finding', 'written', 'touched', 'error', 'races'].map((type) => [1, type, FILE]),
    );
    assert.deepEqual(found[2]?.finding, finding());
    assert.match(String(found[4]?.hint), /--state a\.db/);
  });

  it('end with a report that has everything but its file under another name', async () => {
    const { view, lines } = create();
    view.report(raceReport());
    const { file, ...report } = raceReport();
    assert.deepEqual(await lines(), [{ v: 1, type: 'races', scenario: file, ...report }]);
  });

  it('report progress a few times a second, and at once where a phase begins', async () => {
    const { view, lines, clock } = create();
    view.event(progress(1, 'serial'), FILE);
    view.event(progress(2, 'serial'), FILE);
    for (let done = 1; done <= 90; done++) {
      view.event(progress(done), FILE);
      clock.now += 10;
    }
    view.event(progress(1), 'other.http');
    const seen = (await lines()).map(({ scenario, phase, done }) => `${scenario} ${phase} ${done}`);
    assert.deepEqual(seen, [
      'coupon.http serial 1',
      'coupon.http exploring 1',
      'coupon.http exploring 21',
      'coupon.http exploring 41',
      'coupon.http exploring 61',
      'coupon.http exploring 81',
      'other.http exploring 1',
    ]);
  });

  it('name the place of every mistake', async () => {
    const { view, lines } = create();
    view.problems([{ file: FILE, line: 3, what: '@x is unknown', allowed: 'Allowed are @y.' }]);
    assert.deepEqual(await lines(), [
      {
        v: 1,
        type: 'error',
        scenario: FILE,
        error: {
          code: 'BAD_SCENARIO',
          message: '@x is unknown.',
          hint: 'Allowed are @y.',
          details: { file: FILE, line: 3 },
        },
      },
    ]);
  });
});
