/** The serial orders of a group and of its parts: run when they are needed, each at least twice, and kept. */
import { type Learned, learn } from '../outcomes/learn.ts';
import { type Scene, sceneOf } from '../outcomes/scene.ts';
import type { SerialRun } from '../outcomes/serial-run.ts';
import { SerialSet } from '../outcomes/serial-set.ts';
import type { Place } from '../schedules/pauses.ts';
import { type SerialOrders, serialOrders } from '../schedules/serial-orders.ts';
import type { Boundary, Schedule, TrialResult } from '../types.ts';

/** So often each order runs before anything is compared with it. */
const REPETITIONS = 2;

/** A run, with the members of the whole group that took part. */
interface KeptRun {
  members: string;
  run: SerialRun;
}

interface SerialRunsParts {
  scene: Scene;
  /** `[a, b]`: a comes before b. */
  before: ReadonlyArray<readonly [number, number]>;
  random(): number;
  trial(schedule: Schedule): Promise<TrialResult>;
}

export class SerialRuns {
  #parts: SerialRunsParts;
  /** In the order in which they ran: what grows from run to run is seen only so. */
  #runs: KeptRun[] = [];
  /** By place and member of the whole group: what it was seen to pass. */
  #passed = new Map<string, Boundary[]>();
  #orders = new Map<string, SerialOrders>();
  /** Until another run changes them. */
  #learned: Learned | undefined;
  #sets = new Map<string, SerialSet>();

  constructor(parts: SerialRunsParts) {
    this.#parts = parts;
  }

  /** Only a sample of the group's orders is run. */
  get sampled(): boolean {
    return this.#ordersOf(this.all).sampled;
  }

  get all(): number[] {
    return this.#parts.scene.group.map((_sent, index) => index);
  }

  /** Equal numbers are interchangeable copies. */
  get groupKeys(): readonly number[] {
    return this.#parts.scene.groupKeys;
  }

  /** The orders in which these members run. */
  ordersOf(members: readonly number[]): readonly number[][] {
    return this.#ordersOf(members).orders;
  }

  /** Runs the orders of these members until each has run so often. */
  async ensure(members: readonly number[], place: Place, repetitions = REPETITIONS): Promise<void> {
    const { orders } = this.#ordersOf(members);
    for (let round = 0; round < repetitions; round += 1) {
      for (const order of orders) {
        // It would take as long again.
        if (this.hanging.length > 0) return;
        const had = this.#in(members, place).filter(
          (run) => run.order.join() === local(order, members).join(),
        );
        if (had.length <= round) await this.#run(members, order, place);
      }
    }
  }

  /** Requests of the scenario, by their index, that had no answer in time in some serial order. */
  get hanging(): number[] {
    const answers = this.#runs.flatMap(({ run }) => [...run.outcome.answers, ...run.outcome.probes]);
    const late = answers.filter(({ failure }) => failure === 'timeout');
    return [...new Set(late.map(({ request }) => request))];
  }

  /** What is not compared, from all runs. */
  get learned(): Learned {
    this.#learned ??= this.#learn();
    return this.#learned;
  }

  /** The outcomes of these members alone; undefined if their orders have not run. */
  set(members: readonly number[], place: Place): SerialSet | undefined {
    const key = `${placeKey(place)} ${members.join()}`;
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const runs = this.#in(members, place);
    if (runs.length === 0) return undefined;
    const set = new SerialSet(this.#sceneOf(members), this.learned.masks, runs);
    this.#sets.set(key, set);
    return set;
  }

  /** The boundaries that each member of the whole group passed in a place, over all its orders. */
  passed(place: Place): Boundary[][] {
    return this.all.map((member) => this.#passed.get(`${placeKey(place)} ${member}`) ?? []);
  }

  async #run(members: readonly number[], order: readonly number[], place: Place): Promise<void> {
    const whole = members.length === this.all.length;
    const part = whole ? {} : { members };
    const { outcome, boundaries } = await this.#parts.trial({
      ...{ ...place, ...part, serial: order, free: false, pauses: [] },
    });
    this.#runs.push({ members: members.join(), run: { ...place, order: local(order, members), outcome } });
    for (const [at, member] of members.entries()) {
      const key = `${placeKey(place)} ${member}`;
      this.#passed.set(key, [...(this.#passed.get(key) ?? []), ...(boundaries[at] ?? [])]);
    }
    this.#learned = undefined;
    this.#sets.clear();
  }

  #learn(): Learned {
    const parts = [...new Set(this.#runs.map(({ members }) => members))]
      .filter((members) => members !== this.all.join())
      .map((members) => ({
        scene: this.#sceneOf(members === '' ? [] : members.split(',').map(Number)),
        runs: this.#runsOf(members),
      }));
    return learn(this.#sceneOf(this.all), this.#runsOf(this.all.join()), parts);
  }

  #sceneOf(members: readonly number[]): Scene {
    return sceneOf({ ...this.#parts.scene, sampled: this.sampled }, members);
  }

  #runsOf(members: string): SerialRun[] {
    return this.#runs.filter((kept) => kept.members === members).map(({ run }) => run);
  }

  #in(members: readonly number[], { topology, warm }: Place): SerialRun[] {
    return this.#runsOf(members.join()).filter((run) => run.topology === topology && run.warm === warm);
  }

  /** By their index in the whole group. */
  #ordersOf(members: readonly number[]): SerialOrders {
    const key = members.join();
    const known = this.#orders.get(key);
    if (known !== undefined) return known;
    const { scene, before, random } = this.#parts;
    const group = {
      keys: members.map((member) => scene.groupKeys[member]!),
      before: before
        .filter((pair) => pair.every((member) => members.includes(member)))
        .map(([a, b]) => [members.indexOf(a), members.indexOf(b)] as const),
    };
    const { orders, sampled } = serialOrders(group, random);
    const found = { orders: orders.map((order) => order.map((at) => members[at]!)), sampled };
    this.#orders.set(key, found);
    return found;
  }
}

function placeKey({ topology, warm }: Place): string {
  return `${topology} ${warm}`;
}

/** Indexes among the members, for indexes in the whole group. */
function local(order: readonly number[], members: readonly number[]): number[] {
  return order.map((member) => members.indexOf(member));
}
