import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TerminalView } from '../../../src/cli/races/terminal-view.ts';
import type { RaceEvent } from '../../../src/races/report-types.ts';
import { finding, raceReport, TOKEN } from '../../races/report/sample.ts';
import { Sink } from './sink.ts';

const FILE = 'coupon.http';
const ERASE = '\r\u001b[2K';

const PROGRESS: RaceEvent = {
  type: 'progress',
  phase: 'exploring',
  done: 3,
  of: 9,
  findings: 0,
  leftMs: 9000,
};

function create(columns?: number): { view: TerminalView; stdout: Sink; stderr: Sink } {
  const [stdout, stderr] = [new Sink(columns), new Sink(columns)];
  const view = new TerminalView({
    streams: { stdout, stderr },
    env: {},
    color: false,
    isReplay: false,
    writesTest: false,
    replayCommand: (token, file) => `again ${file} ${token}`,
    disconnected: () => {},
  });
  return { view, stdout, stderr };
}

describe('the terminal of races', () => {
  it('shows progress in one line, which is gone before anything else is printed', async () => {
    const { view, stdout, stderr } = create(70);
    view.event(PROGRESS, FILE);
    view.event(PROGRESS, FILE);
    view.event({ type: 'note', text: 'a note' }, FILE);
    view.event(PROGRESS, FILE);
    view.report(raceReport());
    await view.close();
    const line = `${ERASE}coupon.http: 3 of 9 schedules, 9 s left`;
    assert.equal(stderr.text, `${line}${line}${ERASE}a note\n${line}${ERASE}`);
    assert.ok(!stdout.text.includes('\u001b'));
  });

  it('leaves no progress line behind', async () => {
    const { view, stderr } = create(70);
    view.event(PROGRESS, FILE);
    await view.close();
    assert.ok(stderr.text.endsWith(ERASE));
  });

  it('shows neither progress nor news of findings where there is no terminal', async () => {
    const { view, stdout, stderr } = create();
    view.event(PROGRESS, FILE);
    view.event({ type: 'finding', finding: finding() }, FILE);
    await view.close();
    assert.equal(stderr.text + stdout.text, '');
  });

  it('names a finding at once, but not a note or what is accepted', async () => {
    const { view, stderr } = create(200);
    view.event({ type: 'finding', finding: finding({ severity: 'note' }) }, FILE);
    view.event({ type: 'finding', finding: finding({ accepted: 'yes' }) }, FILE);
    view.event({ type: 'finding', finding: finding() }, FILE);
    await view.close();
    assert.match(stderr.text, /^1 race found: Two POST \/apply both answered 200 .*\n$/);
  });

  it('prints reports on stdout, as wide as the terminal, with the command of the scenario', async () => {
    const { view, stdout, stderr } = create(60);
    view.report(raceReport());
    view.report(raceReport({ file: 'other.http' }));
    await view.close();
    assert.equal(stderr.text, '');
    assert.match(stdout.text, /^ {2}─{58}$/m);
    assert.ok(stdout.text.includes(`again coupon.http ${TOKEN}`));
    assert.ok(stdout.text.includes(`again other.http ${TOKEN}`));
    assert.match(stdout.text, /\n\n✗ other\.http: 1 race\n/);
  });

  it('prints every mistake with its place', async () => {
    const { view, stderr } = create();
    view.problems([
      { file: 'a.http', line: 3, what: '@x is unknown', allowed: 'Did you mean @y?' },
      { file: 'b.http', line: 1, what: 'It is empty' },
    ]);
    await view.close();
    assert.equal(stderr.text, 'a.http:3: @x is unknown. Did you mean @y?\nb.http:1: It is empty.\n');
  });

  it('says what to add if nothing was run because of what it would write to', async () => {
    const { view, stderr } = create();
    view.refused([{ what: 'file', name: 'data/a.db' }], FILE, false);
    await view.close();
    assert.match(
      stderr.text,
      /^coupon\.http was not run\.\n[\s\S]*\n {2}file +data\/a\.db\n[\s\S]*--state data\/a\.db[\s\S]*--yes\.\n$/,
    );
  });

  it('does not repeat what the person was asked about', async () => {
    const { view, stderr } = create();
    view.refused([{ what: 'database', name: 'pg' }], FILE, true);
    await view.close();
    assert.match(stderr.text, /^coupon\.http was not run\.\nTo restore them, /);
    assert.doesNotMatch(stderr.text, /pg/);
  });

  it('passes no control character on', async () => {
    const { view, stdout, stderr } = create();
    const evil = '\u001b]0;evil\u0007';
    view.event({ type: 'note', text: evil }, evil);
    view.event({ type: 'inspect', url: evil }, evil);
    view.error({ code: 'APP_FAILED_TO_START', message: evil, hint: evil }, evil);
    view.problems([{ file: evil, line: 1, what: evil, allowed: evil }]);
    view.refused([{ what: 'file', name: evil }], evil, false);
    view.written([evil], evil);
    view.report(raceReport({ file: evil }));
    await view.close();
    assert.doesNotMatch((stdout.text + stderr.text).replaceAll('\n', ''), /\p{Cc}/u);
  });
});
