/** Searches one scenario for races: serial orders, then schedules, and each finding confirmed and made small. */
import { ServerError } from '../../protocol/errors.ts';
import { perProcess } from '../outcomes/serial-set.ts';
import type { Phase, RaceEvent, RaceOptions, ScenarioReport } from '../report-types.ts';
import type { Scenario } from '../scenario/types.ts';
import type { Place } from '../schedules/pauses.ts';
import { isInShard } from '../schedules/shard.ts';
import { readToken, tokenOf } from '../schedules/token.ts';
import { groupOf } from '../script-of.ts';
import { type Finding, isSameSite, type Pause, type Schedule, type TrialResult } from '../types.ts';
import { Clock, Ended } from './clock.ts';
import { Confirmation } from './confirmation.ts';
import { Explored } from './coverage.ts';
import { explorePlace } from './explore-place.ts';
import { Findings } from './findings.ts';
import { Judge } from './judge.ts';
import { orderOf, placeOf, sceneOfScenario, titleOf } from './scene-of.ts';
import { SerialRuns } from './serial-runs.ts';
import { randomOf, type TrialRunner } from './trial-runner.ts';

interface RaceRunParts {
  scenario: Scenario;
  options: RaceOptions;
  runner: TrialRunner;
  emit(event: RaceEvent): void;
  /** Called once the app has run: whether to go on, whatever it was seen to write. */
  mayGoOn(): Promise<boolean>;
  /** Breaks off the trial that runs. */
  abort(): void;
  /** Several workers share something: a file, a database. */
  shares(): boolean;
}

export class RaceRun {
  readonly clock: Clock;
  #parts: RaceRunParts;
  #serial: SerialRuns;
  #judge: Judge;
  #confirmation: Confirmation;
  #findings = new Findings();
  #explored = new Explored();
  #phase: Phase = 'starting';
  #undecided: string[] = [];

  constructor(parts: RaceRunParts) {
    this.#parts = parts;
    const { scenario, options } = parts;
    this.clock = new Clock(options.inspect ? Number.POSITIVE_INFINITY : options.budgetMs, parts.abort);
    this.#serial = new SerialRuns({
      scene: sceneOfScenario(scenario, Date.now()),
      before: orderOf(scenario),
      random: randomOf(options.seed, 'orders'),
      trial: (schedule) => this.#trial(schedule),
    });
    this.#judge = new Judge(scenario, this.#serial, (finding) => this.#addNote(finding));
    this.#confirmation = new Confirmation({
      judge: this.#judge,
      findings: this.#findings,
      size: this.#serial.all.length,
      trial: (schedule) => this.#trial(schedule),
      enter: (phase) => {
        this.#phase = phase;
      },
    });
  }

  /** Rejects with a ServerError if the app does not start. */
  async run(): Promise<ScenarioReport> {
    const { replay } = this.#parts.options;
    try {
      if (replay === undefined) await this.#search();
      else await this.#replay(replay);
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      if (replay !== undefined) this.#undecided.push('The replay was broken off.');
    } finally {
      this.clock.close();
    }
    return this.#report();
  }

  async #search(): Promise<void> {
    const { options, scenario, shares, mayGoOn } = this.#parts;
    // What is accepted comes first as well: other schedules with the same effect are then accepted with it.
    const kept = [...scenario.schedules, ...scenario.accepts].map(({ token }) => this.#readToken(token));
    for (const [index, place] of this.#places().entries()) {
      const onlySerial = place.topology === 'many' && options.topology === 'both' && !shares();
      // What nothing outside of the workers keeps, several of them do not share: that is shown, once.
      if (onlySerial && !place.warm) continue;
      this.#phase = 'serial';
      if (index === 0) {
        await this.#serial.ensure(this.#serial.all, place, 1);
        if (this.#serial.hanging.length === 0 && !(await mayGoOn())) {
          this.#undecided.push('It was not run, because trials would write to what nothing restores.');
          return;
        }
      }
      await this.#serial.ensure(this.#serial.all, place);
      this.#explored.inTopology(place.topology);
      if (this.#isUndecided()) return;
      this.#phase = 'exploring';
      if (index === 0) for (const schedule of kept) await this.#explore(schedule);
      if (onlySerial) continue;
      await explorePlace(place, {
        serial: this.#serial,
        explored: this.#explored,
        random: randomOf(options.seed, `${place.topology} ${place.warm}`),
        explore: (schedule) => this.#explore(schedule),
      });
    }
    this.#compareTopologies();
  }

  #places(): Place[] {
    const { topology } = this.#parts.options;
    const topologies = topology === 'both' ? (['one', 'many'] as const) : ([topology] as const);
    const warmths = this.#parts.runner.warms ? [true, false] : [false];
    return topologies.flatMap((one) => warmths.map((warm) => ({ topology: one, warm })));
  }

  /** Runs one schedule, and says what came of it. */
  async #replay(token: string): Promise<void> {
    const { options } = this.#parts;
    const schedule = this.#readToken(token);
    await this.#serial.ensure(schedule.members ?? this.#serial.all, placeOf(schedule));
    this.#explored.inTopology(schedule.topology);
    if (this.#isUndecided()) return;
    this.#phase = 'exploring';
    const result = await this.#trial(schedule, options.inspect);
    this.#explored.done(result);
    if (await this.#judge.isViolation(result)) {
      await this.#judge.prepareSentence(result);
      const candidate = this.#judge.candidateOf(result, { reproduced: 1, times: 1 });
      this.#findings.add(candidate);
      this.#parts.emit({ type: 'finding', finding: candidate.finding });
    } else if (result.impossible) {
      this.#undecided.push('This order can not happen: a held request keeps the others from answering.');
    } else {
      const gone = schedule.pauses.filter(
        (pause) =>
          !result.reached.some((reached) => reached.request === pause.request && isSameSite(reached, pause)),
      );
      this.#undecided.push(...gone.map(goneText));
    }
  }

  /** Throws a ServerError if it is not one of this scenario. */
  #readToken(token: string): Schedule {
    const schedule = readToken(token);
    const { serial = [], members = [], pauses } = schedule;
    const size = this.#serial.all.length;
    const named = [...serial, ...members, ...pauses.map(({ request }) => request)];
    if (named.every((request) => request < size)) return schedule;
    throw new ServerError(
      'BAD_CONFIG',
      `The token ${token} names a request that this scenario does not have.`,
      {
        hint: `Its group has ${size} requests, r0 to r${size - 1}.`,
      },
    );
  }

  /** What hangs, or differs between runs of one order, can't be compared with anything. */
  #isUndecided(): boolean {
    const { scenario, options } = this.#parts;
    const hanging = this.#serial.hanging.map((index) => {
      const request = scenario.requests[index]!;
      const seconds = (request.timeoutMs ?? options.timeoutMs) / 1000;
      return `\`${titleOf(request)}\` (line ${request.line}) had no answer within ${seconds} s, with no other request beside it. --timeout allows more.`;
    });
    this.#undecided.push(...hanging, ...(hanging.length > 0 ? [] : this.#serial.learned.undecided));
    return this.#undecided.length > 0;
  }

  /** @returns undefined if it was explored before, or belongs to another shard */
  async #explore(schedule: Schedule): Promise<TrialResult | undefined> {
    const { options } = this.#parts;
    if (this.#explored.isDone(schedule)) return undefined;
    if (!isInShard(tokenOf(schedule), options.shard)) {
      this.#explored.leave(schedule);
      return undefined;
    }
    const { done } = this.#explored.schedules;
    if (options.schedules !== undefined && done >= options.schedules) throw new Ended('enough schedules');
    this.#explored.plan(schedule);
    const result = await this.#trial(schedule);
    // What could not go on while another one was held has still happened so, with one wait: a deadlock, for example.
    const breaks = await this.#judge.isViolation(result);
    const finding = breaks ? await this.#confirmation.confirm(result, this.clock) : undefined;
    this.#phase = 'exploring';
    // Only now: what could not be confirmed in time was not explored.
    this.#explored.done({ ...result, impossible: result.impossible && !breaks });
    if (finding !== undefined) this.#found(finding);
    return result;
  }

  #found(finding: Finding): void {
    const { options, emit } = this.#parts;
    emit({ type: 'finding', finding });
    if (options.first && finding.severity !== 'note' && finding.accepted === undefined) {
      throw new Ended('the first is enough');
    }
  }

  #compareTopologies(): void {
    const [warm = false] = this.#places().map((place) => place.warm);
    const one = this.#serial.set(this.#serial.all, { topology: 'one', warm });
    const many = this.#serial.set(this.#serial.all, { topology: 'many', warm });
    const found = one && many && perProcess(one, many);
    if (found === undefined) return;
    const { sentence, difference } = found;
    const schedule: Schedule = { topology: 'many', warm, serial: found.many.order, free: false, pauses: [] };
    this.#addNote({
      ...{ kind: 'state-per-process', severity: 'note', sentence, difference, schedule, steps: [] },
      token: tokenOf(schedule),
      observed: found.many.outcome,
      nearestSerial: found.one.outcome,
      replays: { reproduced: 2, times: 2 },
    });
  }

  /** What is no race, but worth knowing; each kind once. */
  #addNote(finding: Finding): void {
    const candidate = { finding, shape: finding.kind, requests: this.#serial.all.length };
    if (this.#findings.explains(candidate)) return;
    this.#findings.add(candidate);
    this.#parts.emit({ type: 'finding', finding });
  }

  async #trial(schedule: Schedule, inspect = false): Promise<TrialResult> {
    this.clock.check();
    const { runner, emit } = this.#parts;
    const result = await runner.trial(schedule, inspect).catch((error: unknown) => {
      this.clock.check();
      throw error;
    });
    // It was broken off, and shows nothing.
    this.clock.check();
    this.#explored.saw(result, schedule.members ?? this.#serial.all);
    const { leftMs } = this.clock;
    const findings = this.#findings.count;
    emit({ type: 'progress', phase: this.#phase, ...this.#explored.schedules, findings, leftMs });
    return result;
  }

  #report(): ScenarioReport {
    const { scenario, options, runner } = this.#parts;
    const findings = this.#findings.ranked();
    const isRace = findings.some(({ severity, accepted }) => severity !== 'note' && accepted === undefined);
    const isUndecided = this.#undecided.length > 0;
    const sampled = this.#serial.sampled
      ? ['The group has more serial orders than were run: a sample of them was compared.']
      : [];
    return {
      file: scenario.file,
      verdict: isRace ? 'race' : isUndecided ? 'undecided' : 'none',
      explored: this.#explored.schedules,
      findings,
      coverage: this.#explored.report({ unknown: runner.unknown, trials: runner.count }),
      masked: isUndecided || runner.count === 0 ? [] : this.#serial.learned.masks.listed,
      undecided: this.#undecided,
      notes: [...runner.complaints, ...sampled, ...this.#findings.notes()],
      seed: options.seed,
      durationMs: Math.round(this.clock.elapsedMs),
      group: groupOf(scenario).map(({ request }) => titleOf(request)),
    };
  }
}

function goneText({ request, kind, fn, file }: Pause): string {
  const where = [fn === '' ? '' : ` in ${fn}`, file === '' ? '' : ` (${file})`].join('');
  return `r${request} did not reach "${kind}"${where}: this code is gone, or the request takes another way.`;
}
