/** Whether a serial order explains a trial, and what the trial shows if none does. */
import { classify, failedIn } from '../outcomes/classify.ts';
import { linesOf } from '../outcomes/difference.ts';
import type { Candidate } from '../outcomes/group-findings.ts';
import { judge, restOf } from '../outcomes/judge.ts';
import { busySentence } from '../outcomes/sentence.ts';
import type { SerialSet } from '../outcomes/serial-set.ts';
import type { Scenario } from '../scenario/types.ts';
import { tokenOf } from '../schedules/token.ts';
import type { Finding, Schedule, TrialResult } from '../types.ts';
import { placeOf } from './scene-of.ts';
import type { SerialRuns } from './serial-runs.ts';

/** What was equal in two runs may differ in the next: so many runs before a finding is shown, over all orders. */
const SURE = { runs: 8, least: 2, most: 4 };
/** The same where something differs from run to run. */
const SURE_OF_CHANCE = { runs: 12, least: 3, most: 6 };

export class Judge {
  #scenario: Scenario;
  #serial: SerialRuns;
  #onNote: (finding: Finding) => void;

  /** @param onNote gets what is no race, but worth knowing */
  constructor(scenario: Scenario, serial: SerialRuns, onNote: (finding: Finding) => void) {
    this.#scenario = scenario;
    this.#serial = serial;
    this.#onNote = onNote;
  }

  /** Whether no serial order gives this outcome. Runs the orders of smaller groups if requests were turned away. */
  async isViolation(result: TrialResult): Promise<boolean> {
    const place = placeOf(result.schedule);
    const members = this.#membersOf(result.schedule);
    await this.#serial.ensure(members, place);
    for (;;) {
      const set = this.#setOf(result.schedule);
      const judged = judge(result.outcome, set, (subgroup) => this.#partOf(result.schedule, subgroup));
      if (judged.verdict === 'violation') return true;
      if (judged.verdict === 'busy' && !judged.declared) this.#noteBusy(result, judged.without);
      if (judged.verdict !== 'ask') return false;
      await this.#serial.ensure(
        judged.subgroup.map((at) => members[at]!),
        place,
      );
    }
  }

  /** The same, after the serial orders have run so often that chance is known. */
  async isSurelyViolation(result: TrialResult): Promise<boolean> {
    const members = this.#membersOf(result.schedule);
    const place = placeOf(result.schedule);
    const orders = this.#serial.ordersOf(members).length;
    await this.#serial.ensure(members, place, roundsOf(SURE, orders));
    const isChance = this.#serial.learned.masks.listed.length > 0;
    if (isChance) await this.#serial.ensure(members, place, roundsOf(SURE_OF_CHANCE, orders));
    return this.isViolation(result);
  }

  /** What the sentence may compare with: the group without the requests that failed, and without all. */
  async prepareSentence({ schedule, outcome }: TrialResult): Promise<void> {
    const members = this.#membersOf(schedule);
    const failed = failedIn(this.#setOf(schedule).scene, outcome);
    const parts = failed.length > 0 ? [restOf(outcome, failed), []] : [[]];
    for (const part of parts) {
      await this.#serial.ensure(
        part.map((at) => members[at]!),
        placeOf(schedule),
      );
    }
  }

  /** @param from the token of the schedule that it was found by, before it was made small */
  candidateOf(result: TrialResult, replays = { reproduced: 0, times: 0 }, from?: string): Candidate {
    const { schedule, outcome, steps } = result;
    const { kind, severity, sentence, difference, nearest, shape } = classify(
      outcome,
      this.#setOf(schedule),
      {
        onlyWithSeveralWorkers: schedule.topology === 'many',
        subgroups: (subgroup) => this.#partOf(schedule, subgroup),
      },
    );
    const token = tokenOf(schedule);
    const accepted = this.#scenario.accepts.find((accept) => [token, from].includes(accept.token))?.reason;
    const { reproduced, times } = replays;
    const finding: Finding = {
      ...{ kind, severity, token, sentence, difference, schedule, steps },
      observed: outcome,
      nearestSerial: nearest.outcome,
      replays: { reproduced, times },
      ...(accepted === undefined ? {} : { accepted }),
    };
    return { finding, shape, requests: this.#membersOf(schedule).length };
  }

  #noteBusy({ schedule, outcome, steps }: TrialResult, without: readonly number[]): void {
    const set = this.#setOf(schedule);
    const { serial, differences } = set.nearest(outcome);
    this.#onNote({
      ...{ kind: 'busy', severity: 'note', schedule, steps, token: tokenOf(schedule) },
      sentence: busySentence(set.scene, outcome, without),
      difference: linesOf(set.scene, differences),
      observed: outcome,
      nearestSerial: serial.outcome,
      replays: { reproduced: 1, times: 1 },
    });
  }

  #membersOf({ members }: Schedule): readonly number[] {
    return members ?? this.#serial.all;
  }

  /** Throws if its orders have not run. */
  #setOf(schedule: Schedule): SerialSet {
    return this.#serial.set(this.#membersOf(schedule), placeOf(schedule))!;
  }

  #partOf(schedule: Schedule, subgroup: readonly number[]): SerialSet | undefined {
    const members = this.#membersOf(schedule);
    return this.#serial.set(
      subgroup.map((at) => members[at]!),
      placeOf(schedule),
    );
  }
}

/** How often each order is to run. */
function roundsOf({ runs, least, most }: typeof SURE, orders: number): number {
  return Math.min(most, Math.max(least, Math.ceil(runs / orders)));
}
