/**
 * Runs the group of a trial under its schedule. A request is held at its pause until the others have answered, or none
 * of them can go on; there is no clock in it, so the same schedule gives the same order again.
 */
import { type Answer, type Boundary, isSameSite, type Pause, type Schedule, type Step } from '../types.ts';
import { type Habits, placeOf } from './habits.ts';
import { Member } from './member.ts';
import { ObservedSending, type SendContext } from './observed-sending.ts';
import type { GroupMember } from './script.ts';
import type { TrialWorker } from './trial-worker.ts';

/** Without a sign of life for this long, in ms, a request waits for one that is held. */
const QUIET_MS = 250;
/** It is looked at again after this time, in ms. */
const AGAIN_MS = 50;
const LOOK_MS = 20;

export interface GroupResult {
  answers: Answer[];
  boundaries: Boundary[][];
  reached: Pause[];
  impossible: boolean;
  steps: Step[];
  unknown: number;
}

export class GroupRun {
  #group: readonly GroupMember[];
  #schedule: Schedule;
  #habits: Habits;
  #members: Member[];
  #pauses: Pause[];
  #steps: Step[] = [];
  #reached: Pause[] = [];
  /** In the order in which they were held. */
  #held: Member[] = [];
  /** Those that did not go on while another one was held. */
  #blocked: Member[] = [];
  #startedAt = performance.now();
  /** A request could not be built: its reference has no value in this trial. */
  #failure: { error: unknown } | undefined;
  #wake: () => void = () => {};

  constructor(
    context: SendContext,
    group: readonly GroupMember[],
    schedule: Schedule,
    workers: readonly TrialWorker[],
    habits: Habits,
  ) {
    this.#habits = habits;
    this.#group = group;
    this.#schedule = schedule;
    this.#pauses = [...schedule.pauses];
    this.#members = group.map((request, index) => {
      const worker = workers[index % workers.length]!;
      const sending = new ObservedSending(context, request, worker, {
        boundary: (boundary, held) => this.#passed(index, boundary, held),
        headers: () => {
          this.#members[index]!.hasHeaders = true;
          this.#startFollowers();
          this.#wake();
        },
      });
      return new Member(index, sending);
    });
  }

  async run(): Promise<GroupResult> {
    const { serial, free, pauses } = this.#schedule;
    if (serial !== undefined) await this.#runSerially(serial);
    else {
      const first = free ? [] : [...new Set(pauses.map(({ request }) => request))];
      for (const index of first) {
        this.#start(this.#members[index]!);
        await this.#until(
          () => this.#members[index]!.life !== 'running',
          () => this.#stuck(),
        );
      }
      for (const member of this.#members) this.#start(member);
      await this.#finish();
    }
    await Promise.all(this.#members.map(({ sending }) => sending.settle()));
    return {
      answers: this.#members.map(({ answer }) => answer!),
      boundaries: this.#members.map(({ boundaries }) => boundaries),
      reached: this.#reached,
      // One that never answers, also when the others have, is not blocked by them.
      impossible: this.#blocked.some(({ answer }) => answer?.failure !== 'timeout'),
      steps: this.#steps,
      unknown: this.#members.reduce((sum, { sending }) => sum + sending.unknown, 0),
    };
  }

  async #runSerially(order: readonly number[]): Promise<void> {
    for (const index of order) {
      const member = this.#members[index]!;
      this.#start(member);
      await this.#until(() => member.life === 'answered');
      const tookMs = performance.now() - member.startedAt;
      await member.sending.settle();
      this.#habits.learn(this.#group[index]!.index, member.boundaries, tookMs);
    }
  }

  async #finish(): Promise<void> {
    while (this.#members.some(({ life }) => life !== 'answered')) {
      await this.#until(
        () => this.#running().length === 0,
        () => this.#stuck(),
      );
      const running = this.#running();
      const next = this.#held.shift();
      if (next === undefined) {
        if (running.length === 0) this.#startAll();
        await this.#until(
          () => this.#running().length < Math.max(1, running.length) || this.#held.length > 0,
        );
        continue;
      }
      this.#blocked.push(...running);
      this.#release(next);
    }
  }

  #running(): Member[] {
    return this.#members.filter(({ life }) => life === 'running');
  }

  /** Those that wait for another member's answer, which will not come. */
  #startAll(): void {
    for (const member of this.#members) if (member.life === 'waiting') this.#begin(member);
  }

  #start(member: Member): void {
    const { after } = this.#group[member.index]!;
    if (member.life !== 'waiting') return;
    const isSerial = this.#schedule.serial !== undefined;
    if (after !== undefined && !isSerial && !this.#isReady(after)) return;
    this.#begin(member);
  }

  #isReady({ member, event }: NonNullable<GroupMember['after']>): boolean {
    const target = this.#members[member]!;
    return target.life === 'answered' || (event === 'headers' && target.hasHeaders);
  }

  #startFollowers(): void {
    // In a serial order each has its turn.
    if (this.#schedule.serial !== undefined) return;
    for (const member of this.#members) {
      if (this.#group[member.index]!.after !== undefined) this.#start(member);
    }
  }

  #begin(member: Member): void {
    const { index, sending } = member;
    const own = this.#pauses.filter(({ request }) => request === index);
    const holdsBody = own[0]?.kind === 'body' && this.#group[index]!.hasBody;
    const beforeBody = holdsBody
      ? new Promise<void>((resolve) => {
          member.releaseBody = resolve;
        })
      : undefined;
    member.life = 'running';
    member.startedAt = performance.now();
    member.heardAt = member.startedAt;
    this.#steps.push({ request: index, what: 'start' });
    const pauses = own.filter(({ kind }) => kind !== 'body');
    void sending.send(pauses, beforeBody).then(
      (answer) => {
        member.answer = answer;
        member.life = 'answered';
        this.#held = this.#held.filter((other) => other !== member);
        this.#steps.push({ request: index, what: 'answered' });
        this.#startFollowers();
        this.#wake();
      },
      (error: unknown) => {
        this.#failure = { error };
        this.#wake();
      },
    );
    if (this.#group[index]!.hasBody) this.#passed(index, { ...BODY, atMs: 0 }, holdsBody);
  }

  #passed(index: number, boundary: Boundary, held: boolean): void {
    const member = this.#members[index]!;
    const now = performance.now();
    const passed = { ...boundary, atMs: now - this.#startedAt };
    member.boundaries.push(passed);
    member.heardAt = now;
    member.suspected = false;
    const place = placeOf(boundary);
    member.passes.set(place, (member.passes.get(place) ?? 0) + 1);
    this.#steps.push({ request: index, what: held ? 'held' : 'boundary', boundary: passed });
    if (!held) return;
    const pause = this.#pauses.find((other) => other.request === index && isSameSite(other, boundary));
    if (pause !== undefined) this.#reached.push(pause);
    if (member.life !== 'running') return;
    member.life = 'held';
    this.#held.push(member);
    this.#wake();
  }

  #release(member: Member): void {
    member.life = 'running';
    member.heardAt = performance.now();
    this.#steps.push({ request: member.index, what: 'go' });
    member.releaseBody();
    member.sending.go();
  }

  /** Nothing that runs can go on before something held does. */
  async #stuck(): Promise<boolean> {
    if (this.#held.length === 0) return false;
    const now = performance.now();
    for (const member of this.#running()) {
      const request = this.#group[member.index]!.index;
      if (this.#habits.isRetrying(request, member.passes)) continue;
      if (now - member.heardAt < QUIET_MS) return false;
      const timer = await member.sending.timerMs();
      if (timer === undefined) member.heardAt = performance.now();
      if (timer === undefined || this.#habits.isWork(request, timer)) return false;
      // One that has computed says this before its answer comes.
      if (member.suspected) continue;
      member.suspected = true;
      member.heardAt = performance.now() - QUIET_MS + AGAIN_MS;
      return false;
    }
    return true;
  }

  /** Resolves when one of the conditions holds. */
  async #until(
    done: () => boolean,
    stuck: () => Promise<boolean> = () => Promise.resolve(false),
  ): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (done()) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (done() || (await stuck())) return;
    }
  }
}

const BODY = {
  kind: 'body',
  fn: '',
  file: '',
  occurrence: 1,
  line: 0,
  label: 'the body of the request',
} as const;
