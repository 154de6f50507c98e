import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  afterStep,
  isUp,
  type Life,
  type Phase,
  problemOf,
  STOPPED,
  type Step,
} from '../../../src/extension/server/server-life.ts';
import { BROKEN } from '../server-in-states.ts';

const problem = BROKEN;
const LIVES: Life[] = [
  STOPPED,
  { phase: 'starting', reloading: false },
  { phase: 'running', reloading: false },
  { phase: 'broken', reloading: false, problem },
  { phase: 'restarting', problem, restartAt: 5 },
  { phase: 'stopping', problem: undefined },
  { phase: 'failed', problem },
];
const STEPS: Step[] = [
  { type: 'start' },
  { type: 'die', problem, restartAt: 5 },
  { type: 'fail', problem },
  { type: 'stop' },
  { type: 'stopped' },
  { type: 'accept' },
  { type: 'break', problem },
  { type: 'reload', reloading: true },
];

/** The phase after a step; undefined for an impossible one. */
function phaseAfter(life: Life, step: Step): Phase | undefined {
  try {
    return afterStep(life, step).phase;
  } catch {
    return undefined;
  }
}

/** Columns are {@link STEPS}; `-` is impossible. */
const TABLE: Record<Phase, string> = {
  stopped: 'starting - - - stopped stopped stopped stopped',
  starting: '- restarting failed stopping stopped running broken starting',
  running: '- restarting failed stopping stopped running broken running',
  broken: '- restarting failed stopping stopped running broken broken',
  restarting: 'starting - failed - stopped restarting restarting restarting',
  stopping: '- - - stopping stopped stopping stopping stopping',
  failed: 'starting - - - stopped failed failed failed',
};

describe('the life of a server', () => {
  for (const life of LIVES) {
    it(`goes on from ${life.phase} by the table`, () => {
      const phases = STEPS.map((step) => phaseAfter(life, step) ?? '-').join(' ');
      assert.equal(phases, TABLE[life.phase]);
    });
  }

  it('names the impossible step', () => {
    assert.throws(() => afterStep(STOPPED, { type: 'die', problem, restartAt: 5 }), {
      message: 'A server that is stopped cannot die.',
    });
  });

  it('keeps a reload from its start to its end, through failures of the old and the new code', () => {
    const reloading = afterStep({ phase: 'running', reloading: false }, { type: 'reload', reloading: true });
    const broken = afterStep(reloading, { type: 'break', problem });
    assert.deepEqual(broken, { phase: 'broken', reloading: true, problem });
    const running = afterStep(afterStep(broken, { type: 'accept' }), { type: 'reload', reloading: false });
    assert.deepEqual(running, { phase: 'running', reloading: false });
  });

  it('has a problem until a worker accepts, or it starts or stops', () => {
    const broken: Life = { phase: 'broken', reloading: false, problem };
    assert.equal(problemOf(afterStep(broken, { type: 'stop' })), problem);
    assert.equal(problemOf(afterStep(broken, { type: 'accept' })), undefined);
    assert.equal(problemOf(afterStep({ phase: 'failed', problem }, { type: 'start' })), undefined);
    assert.equal(problemOf(STOPPED), undefined);
  });

  it('can be stopped, and started again, after any steps', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEPS)), (steps) => {
        let life = STOPPED;
        for (const step of steps) if (phaseAfter(life, step) !== undefined) life = afterStep(life, step);
        if (isUp(life)) life = afterStep(life, { type: 'stop' });
        life = afterStep(life, { type: 'stopped' });
        assert.deepEqual(afterStep(life, { type: 'start' }), { phase: 'starting', reloading: false });
      }),
    );
  });
});
