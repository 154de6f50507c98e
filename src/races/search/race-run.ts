/** Searches one scenario for races: serial orders, then schedules, and each finding confirmed and made small. */
import { ServerError } from '../../protocol/errors.ts';
import { classify } from '../outcomes/classify.ts';
import { linesOf } from '../outcomes/difference.ts';
import type { Candidate } from '../outcomes/group-findings.ts';
import { judge } from '../outcomes/judge.ts';
import type { Scene } from '../outcomes/scene.ts';
import { busySentence } from '../outcomes/sentence.ts';
import { perProcess, type SerialSet } from '../outcomes/serial-set.ts';
import type { Phase, RaceEvent, RaceOptions, ScenarioReport, Verdict } from '../report-types.ts';
import type { Scenario } from '../scenario/types.ts';
import { distinctSites, freeForms, type Place, severalPauses, singlePauses } from '../schedules/pauses.ts';
import { readToken, tokenOf } from '../schedules/token.ts';
import { groupOf } from '../script-of.ts';
import type { Boundary, Finding, Pause, Schedule, TrialResult } from '../types.ts';
import { Clock, Ended } from './clock.ts';
import { counted, minimised, placeOf, repeats } from './confirm.ts';
import { Findings } from './findings.ts';
import { sceneOfScenario, titleOf } from './scene-of.ts';
import { SerialRuns } from './serial-runs.ts';
import { randomOf, type TrialRunner } from './trial-runner.ts';

/** Schedules with several pauses in each place; what more of them find is rare. */
const SEVERAL = 24;

interface RaceRunParts {
  scenario: Scenario;
  options: RaceOptions;
  runner: TrialRunner;
  emit(event: RaceEvent): void;
  /** Called once the app has run: whether to go on, whatever it was seen to write. */
  mayGoOn(): Promise<boolean>;
  /** Several workers share something: a file, a database. */
  shares(): boolean;
}

export class RaceRun {
  readonly clock: Clock;
  #parts: RaceRunParts;
  #scene: Scene;
  #serial: SerialRuns;
  #findings = new Findings();
  #done = new Set<string>();
  #planned = new Set<string>();
  #impossible = 0;
  #phase: Phase = 'starting';
  #boundaries = new Set<string>();
  #topologies = new Set<Place['topology']>();
  #undecided: string[] = [];
  #notes: string[] = [];

  constructor(parts: RaceRunParts) {
    this.#parts = parts;
    const { scenario, options } = parts;
    this.clock = new Clock(options.inspect ? Number.POSITIVE_INFINITY : options.budgetMs);
    this.#scene = sceneOfScenario(scenario, Date.now());
    this.#serial = new SerialRuns({
      scene: this.#scene,
      before: orderOf(scenario),
      random: randomOf(options.seed, 'orders'),
      trial: (schedule) => this.#trial(schedule),
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
    }
    return this.#report();
  }

  async #search(): Promise<void> {
    const { options, shares, mayGoOn } = this.#parts;
    const places = this.#places();
    for (const [index, place] of places.entries()) {
      const onlySerial = place.topology === 'many' && options.topology === 'both' && !shares();
      if (onlySerial && place !== places.find(({ topology }) => topology === 'many')) continue;
      this.#phase = 'serial';
      if (index === 0) {
        await this.#serial.ensure(this.#serial.all, place, 1);
        if (this.#serial.hanging.length > 0 && this.#isUndecided()) return;
        if (!(await mayGoOn())) {
          this.#undecided.push('It was not run, because trials would write to what nothing restores.');
          return;
        }
      }
      await this.#serial.ensure(this.#serial.all, place);
      this.#topologies.add(place.topology);
      if (this.#isUndecided()) return;
      this.#phase = 'exploring';
      if (index === 0) for (const schedule of this.#kept()) await this.#explore(schedule);
      if (!onlySerial) await this.#explorePlace(place);
    }
    this.#compareTopologies();
  }

  /** Runs one schedule, and says what came of it; with its pauses gone from the code, that is said. */
  async #replay(token: string): Promise<void> {
    const { options } = this.#parts;
    const schedule = this.#readToken(token);
    const members = schedule.members ?? this.#serial.all;
    await this.#serial.ensure(members, placeOf(schedule));
    this.#topologies.add(schedule.topology);
    if (this.#isUndecided()) return;
    this.#plan(schedule);
    this.#phase = 'exploring';
    const result = await this.#trial(schedule, options.inspect);
    this.#done.add(token);
    for (const pause of schedule.pauses) {
      if (result.reached.some((reached) => samePause(reached, pause))) continue;
      this.#undecided.push(`${pauseText(pause)} was not reached: this code is gone, or the request takes another way.`);
    }
    if (result.impossible) {
      this.#impossible += 1;
      this.#notes.push('This order can not happen: a held request kept the others from answering.');
    } else if (await this.#isViolation(result)) {
      const candidate = this.#candidateOf(result, { reproduced: 1, times: 1 });
      this.#findings.add(candidate);
      this.#parts.emit({ type: 'finding', finding: candidate.finding });
    }
  }

  #readToken(token: string): Schedule {
    const schedule = readToken(token);
    const size = this.#serial.all.length;
    const named = [...(schedule.members ?? []), ...schedule.pauses.map(({ request }) => request)];
    if (named.every((request) => request < size)) return schedule;
    throw new ServerError('BAD_CONFIG', `The token ${token} names a request that this scenario does not have.`, {
      hint: `Its group has ${size} requests, r0 to r${size - 1}.`,
    });
  }

  #places(): Place[] {
    const { topology } = this.#parts.options;
    const topologies = topology === 'both' ? (['one', 'many'] as const) : ([topology] as const);
    return topologies.flatMap((one) => [true, false].map((warm) => ({ topology: one, warm })));
  }

  /** What hangs, or differs between runs of one order, can't be compared with anything. */
  #isUndecided(): boolean {
    const { undecided } = this.#serial.learned;
    this.#undecided.push(...this.#hanging(), ...undecided);
    return this.#undecided.length > 0;
  }

  /** Requests that had no answer in time when they ran alone, a line each. */
  #hanging(): string[] {
    const { scenario, options } = this.#parts;
    const requests = this.#serial.hanging.map((index) => scenario.requests[index]!);
    return requests.map(
      (request) =>
        `${titleOf(request)} (line ${request.line}) had no answer within ${(request.timeoutMs ?? options.timeoutMs) / 1000} s, with no other request beside it. --timeout allows more.`,
    );
  }

  /** The schedules that the scenario keeps: they run first. */
  #kept(): Schedule[] {
    return this.#parts.scenario.schedules.map(({ token }) => this.#readToken(token));
  }

  async #explorePlace(place: Place): Promise<void> {
    const { scenario, options } = this.#parts;
    const group = groupOf(scenario);
    const random = randomOf(options.seed, `${place.topology} ${place.warm}`);
    const free: Schedule = { ...place, free: true, pauses: [] };
    const single = singlePauses(place, this.#serial.passed(place), this.#scene.groupKeys);
    const queue = [...single, free, ...freeForms(single)];
    for (const schedule of queue) this.#plan(schedule);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      for (const schedule of this.#newSingles(place, await this.#explore(next))) {
        if (this.#plan(schedule)) queue.push(schedule);
      }
    }
    if (group.length < 2) return;
    const several = severalPauses(place, this.#serial.passed(place), random);
    for (let count = 0; count < SEVERAL; count += 1) {
      const { value: schedule } = several.next();
      if (schedule === undefined) return;
      this.#plan(schedule);
      await this.#explore(schedule);
    }
  }

  /** @returns false if it is planned already */
  #plan(schedule: Schedule): boolean {
    const token = tokenOf(schedule);
    if (this.#planned.has(token)) return false;
    this.#planned.add(token);
    return true;
  }

  /** Boundaries that only a concurrent run has passed. */
  #newSingles(place: Place, result: TrialResult | undefined): Schedule[] {
    if (result === undefined || result.impossible) return [];
    return singlePauses(place, result.boundaries, this.#scene.groupKeys).filter(
      (schedule) => !this.#planned.has(tokenOf(schedule)),
    );
  }

  /** @returns undefined if it was explored before, or belongs to another shard */
  async #explore(schedule: Schedule): Promise<TrialResult | undefined> {
    const { options } = this.#parts;
    const token = tokenOf(schedule);
    if (this.#done.has(token) || !isInShard(token, options.shard)) return undefined;
    if (options.schedules !== undefined && this.#done.size >= options.schedules) throw new Ended('enough');
    const result = await this.#trial(schedule);
    this.#done.add(token);
    if (result.impossible) this.#impossible += 1;
    else if (await this.#isViolation(result)) await this.#confirm(result);
    return result;
  }

  async #isViolation(result: TrialResult): Promise<boolean> {
    const place = placeOf(result.schedule);
    const members = result.schedule.members ?? this.#serial.all;
    await this.#serial.ensure(members, place);
    const set = this.#serial.set(members, place)!;
    for (;;) {
      const judged = judge(result.outcome, set, (subgroup) =>
        this.#serial.set(
          subgroup.map((at) => members[at]!),
          place,
        ),
      );
      if (judged.verdict === 'violation') return true;
      if (judged.verdict === 'busy' && !judged.declared) {
        this.#addNote('busy', busySentence(set.scene, result.outcome, judged.without), result);
      }
      if (judged.verdict !== 'ask') return false;
      await this.#serial.ensure(
        judged.subgroup.map((at) => members[at]!),
        place,
      );
    }
  }

  async #confirm(first: TrialResult): Promise<void> {
    const { schedule } = first;
    if (this.#findings.explains(this.#candidateOf(first))) return;
    this.#phase = 'confirming';
    // What was equal in two runs may differ in the third.
    await this.#serial.ensure(schedule.members ?? this.#serial.all, placeOf(schedule), 3);
    if (!(await this.#isViolation(first))) return;
    const parts = {
      trial: (next: Schedule) => this.#trial(next),
      isViolation: (result: TrialResult) => this.#isViolation(result),
    };
    const { result, reproduced } = await repeats(schedule, parts);
    if (result === undefined) {
      this.#findings.unsteady(tokenOf(schedule), reproduced);
      return;
    }
    this.#phase = 'minimising';
    const small = await minimised(schedule, this.#serial.all.length, parts);
    const again = small === schedule ? { result } : await repeats(small, parts);
    const shown = again.result ?? result;
    const final = await counted(shown, parts);
    this.#phase = 'exploring';
    const candidate = this.#candidateOf(final.result, final);
    const { finding } = candidate;
    if (this.#findings.explains(candidate)) return;
    this.#findings.add(candidate);
    this.#parts.emit({ type: 'finding', finding });
    if (this.#parts.options.first && finding.severity !== 'note') throw new Ended('the first is enough');
  }

  #candidateOf(result: TrialResult, replays = { reproduced: 0, times: 0 }): Candidate {
    const { schedule, outcome, steps } = result;
    const set = this.#setOf(schedule);
    const members = schedule.members ?? this.#serial.all;
    const { kind, severity, sentence, difference, nearest, shape } = classify(outcome, set, {
      onlyWithSeveralWorkers: schedule.topology === 'many',
      subgroups: (subgroup) =>
        this.#serial.set(
          subgroup.map((at) => members[at]!),
          placeOf(schedule),
        ),
    });
    const token = tokenOf(schedule);
    const accepted = this.#parts.scenario.accepts.find((accept) => accept.token === token)?.reason;
    const { reproduced, times } = replays;
    const finding: Finding = {
      ...{ kind, severity, token, sentence, difference, schedule, steps },
      observed: outcome,
      nearestSerial: nearest.outcome,
      replays: { reproduced, times },
      ...(accepted === undefined ? {} : { accepted }),
    };
    return { finding, shape, requests: members.length };
  }

  #setOf(schedule: Schedule): SerialSet {
    return this.#serial.set(schedule.members ?? this.#serial.all, placeOf(schedule))!;
  }

  #compareTopologies(): void {
    const set = (topology: Place['topology']) =>
      this.#serial.set(this.#serial.all, { topology, warm: true }) ??
      this.#serial.set(this.#serial.all, { topology, warm: false });
    const one = set('one');
    const many = set('many');
    const found = one && many && perProcess(one, many);
    if (found === undefined) return;
    const { sentence, difference } = found;
    const schedule: Schedule = { topology: 'many', warm: true, serial: found.many.order, free: false, pauses: [] };
    this.#add({
      ...{ kind: 'state-per-process', severity: 'note', sentence, difference, schedule, steps: [] },
      token: tokenOf(schedule),
      observed: found.many.outcome,
      nearestSerial: found.one.outcome,
      replays: { reproduced: 2, times: 2 },
    });
  }

  /** What is no race, but worth knowing; each kind once. */
  #addNote(kind: 'busy', sentence: string, { schedule, outcome, steps }: TrialResult): void {
    const { serial, differences } = this.#setOf(schedule).nearest(outcome);
    this.#add({
      ...{ kind, severity: 'note', sentence, schedule, steps },
      difference: linesOf(this.#setOf(schedule).scene, differences),
      token: tokenOf(schedule),
      observed: outcome,
      nearestSerial: serial.outcome,
      replays: { reproduced: 1, times: 1 },
    });
  }

  #add(finding: Finding): void {
    const candidate = { finding, shape: finding.kind, requests: this.#serial.all.length };
    if (this.#findings.explains(candidate)) return;
    this.#findings.add(candidate);
    this.#parts.emit({ type: 'finding', finding });
  }

  async #trial(schedule: Schedule, inspect = false): Promise<TrialResult> {
    this.clock.check();
    const { runner, emit } = this.#parts;
    const result = await runner.trial(schedule, inspect);
    const members = schedule.members ?? this.#serial.all;
    for (const [at, boundaries] of result.boundaries.entries()) this.#note(members[at]!, boundaries);
    const { leftMs } = this.clock;
    const found = this.#findings.count;
    const of = Math.max(this.#planned.size, this.#done.size);
    emit({ type: 'progress', phase: this.#phase, done: this.#done.size, of, findings: found, leftMs });
    return result;
  }

  #note(member: number, boundaries: readonly Boundary[]): void {
    for (const site of distinctSites(boundaries)) this.#boundaries.add(`${member} ${JSON.stringify(site)}`);
  }

  #report(): ScenarioReport {
    const { scenario, options, runner } = this.#parts;
    const findings = this.#findings.ranked();
    const counts = findings.some(({ severity, accepted }) => severity !== 'note' && accepted === undefined);
    const verdict: Verdict = counts ? 'race' : this.#undecided.length > 0 ? 'undecided' : 'none';
    if (this.#serial.sampled) {
      this.#notes.push('The group has more serial orders than were run: a sample of them was compared.');
    }
    return {
      file: scenario.file,
      verdict,
      explored: { done: this.#done.size, of: Math.max(this.#planned.size, this.#done.size) },
      findings,
      coverage: {
        boundaries: this.#boundaries.size,
        unknown: runner.unknown,
        impossible: this.#impossible,
        topologies: [...this.#topologies],
        trials: runner.count,
      },
      masked: this.#undecided.length > 0 || runner.count === 0 ? [] : this.#serial.learned.masks.listed,
      undecided: this.#undecided,
      notes: [...this.#notes, ...this.#findings.notes()],
      seed: options.seed,
      durationMs: Math.round(this.clock.elapsedMs),
      group: groupOf(scenario).map(({ request }) => titleOf(request)),
    };
  }
}

function samePause(a: Pause, b: Pause): boolean {
  return a.request === b.request && a.kind === b.kind && a.fn === b.fn && a.file === b.file && a.occurrence === b.occurrence;
}

/** `r0 at query in redeem (redeem.js)` */
function pauseText({ request, kind, fn, file }: Pause): string {
  const where = [fn === '' ? '' : ` in ${fn}`, file === '' ? '' : ` (${file})`].join('');
  return `r${request} at ${kind}${where}`;
}

/** Disjoint and complete over all shards: by a hash of the token, because the number of schedules is not known ahead. */
function isInShard(token: string, { index, of }: RaceOptions['shard']): boolean {
  let hash = 0;
  for (const character of token) hash = (hash * 31 + character.codePointAt(0)!) >>> 0;
  return hash % of === index - 1;
}

/** Which of the group's requests have to wait for which others: `# @after`. */
function orderOf(scenario: Scenario): Array<readonly [number, number]> {
  const group = groupOf(scenario);
  return group.flatMap(({ request }, index) => {
    const { after } = request;
    if (after === undefined) return [];
    return group.flatMap((other, first) => (other.request.name === after.name ? [[first, index] as const] : []));
  });
}
