import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endOf, raceExitCode, type ScenarioEnd } from '../../../src/cli/races/race-exit.ts';

describe('the exit code of races', () => {
  const codes: Array<[ends: ScenarioEnd[], interrupted: boolean, code: number]> = [
    [['none'], false, 0],
    [['none', 'none'], false, 0],
    [[], false, 0],
    [['none', 'race'], false, 1],
    [['undecided', 'race', 'failed'], false, 1],
    [['refused'], false, 2],
    [['none', 'undecided'], false, 3],
    [['failed'], false, 3],
    [[], true, 130],
    [['none'], true, 130],
    [['undecided'], true, 130],
    [['race'], true, 1],
  ];
  for (const [ends, interrupted, code] of codes) {
    it(`is ${code} for ${ends.join(', ') || 'nothing'}${interrupted ? ' and Ctrl-C' : ''}`, () =>
      assert.equal(raceExitCode(ends, interrupted), code));
  }

  it('tells a mistake of the person from an app that does not start', () => {
    assert.equal(endOf({ code: 'BAD_CONFIG', message: '' }), 'refused');
    assert.equal(endOf({ code: 'BAD_SCENARIO', message: '' }), 'refused');
    for (const code of ['APP_FAILED_TO_START', 'NO_APP', 'ENTRY_NOT_FOUND', 'INTERNAL'] as const)
      assert.equal(endOf({ code, message: '' }), 'failed');
  });
});
