/** From a schedule that broke something once to a finding that is shown, or a note why it is not. */

import type { Phase } from '../report-types.ts';
import { tokenOf } from '../schedules/token.ts';
import type { Finding, Schedule, TrialResult } from '../types.ts';
import { type Clock, Ended } from './clock.ts';
import type { Findings } from './findings.ts';
import type { Judge } from './judge.ts';
import { type Confirmed, counting, minimised, type Repeating, repeats } from './repetitions.ts';

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
    const { judge, findings, enter } = this.#parts;
    const { schedule } = first;
    enter('confirming');
    if (!(await judge.isSurelyViolation(first))) return undefined;
    const { result, reproduced } = await repeats(schedule, this.#repeating);
    if (result === undefined) {
      findings.unsteady(tokenOf(schedule), reproduced);
      return undefined;
    }
    enter('minimising');
    const final = await this.#refined({ result, reproduced, times: reproduced });
    const candidate = judge.candidateOf(final.result, final, tokenOf(schedule));
    if (findings.explains(candidate)) return undefined;
    findings.add(candidate);
    return candidate.finding;
  }

  /** Made small and run to the end of its repetitions, as far as there is time: it can be shown as it is. */
  async #refined(confirmed: Confirmed): Promise<Confirmed> {
    const { judge, size } = this.#parts;
    let best = confirmed;
    try {
      const { schedule } = confirmed.result;
      const small = await minimised(schedule, size, this.#repeating);
      const { result, reproduced } = small === schedule ? confirmed : await repeats(small, this.#repeating);
      if (result !== undefined) best = { result, reproduced, times: reproduced };
      await judge.prepareSentence(best.result);
      for await (const counted of counting(best, this.#repeating)) best = counted;
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
    }
    return best;
  }

  get #repeating(): Repeating {
    const { judge, trial } = this.#parts;
    return { trial, isViolation: (result) => judge.isViolation(result) };
  }
}
