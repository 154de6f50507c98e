/** From a schedule that broke something once to a finding that is shown, or a note why it is not. */

import type { Phase } from '../report-types.ts';
import { tokenOf } from '../schedules/token.ts';
import type { Finding, Schedule, TrialResult } from '../types.ts';
import { type Clock, Ended } from './clock.ts';
import type { Findings } from './findings.ts';
import type { Judge } from './judge.ts';
import { counted, minimised, repeats } from './repetitions.ts';

interface ConfirmationParts {
  judge: Judge;
  findings: Findings;
  /** How many requests the whole group has. */
  size: number;
  trial(schedule: Schedule): Promise<TrialResult>;
  enter(phase: Phase): void;
}

export class Confirmation {
  #parts: ConfirmationParts;

  constructor(parts: ConfirmationParts) {
    this.#parts = parts;
  }

  /** Resolves with what is new and has been confirmed. */
  async confirm(first: TrialResult, clock: Clock): Promise<Finding | undefined> {
    const { judge, findings } = this.#parts;
    if (findings.explains(judge.candidateOf(first))) return undefined;
    try {
      return await this.#confirm(first);
    } catch (error) {
      if (error instanceof Ended && clock.isOver) findings.unrepeated(tokenOf(first.schedule));
      throw error;
    }
  }

  async #confirm(first: TrialResult): Promise<Finding | undefined> {
    const { judge, findings, size, trial, enter } = this.#parts;
    const { schedule } = first;
    enter('confirming');
    if (!(await judge.isSurelyViolation(first))) return undefined;
    const repeating = { trial, isViolation: (result: TrialResult) => judge.isViolation(result) };
    const { result, reproduced } = await repeats(schedule, repeating);
    if (result === undefined) {
      findings.unsteady(tokenOf(schedule), reproduced);
      return undefined;
    }
    enter('minimising');
    const small = await minimised(schedule, size, repeating);
    const again = small === schedule ? { result } : await repeats(small, repeating);
    const final = await counted(again.result ?? result, repeating);
    await judge.prepareSentence(final.result);
    const candidate = judge.candidateOf(final.result, final, tokenOf(schedule));
    if (findings.explains(candidate)) return undefined;
    findings.add(candidate);
    return candidate.finding;
  }
}
