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

interface Runs {
  runs: SerialRun[];
  /** Per member of the whole group, what it was seen to pass. */
  passed: Map<number, Boundary[][]>;
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
  #known = new Map<string, Runs>();
  #orders = new Map<string, SerialOrders>();
  #learned: Learned | undefined;

  constructor(parts: SerialRunsParts) {
    this.#parts = parts;
  }

  /** Only a sample of the group's orders was run. */
  get sampled(): boolean {
    return [...this.#orders.values()].some(({ sampled }) => sampled);
  }

  /** How many trials {@link ensure} takes for a place of which nothing is known. */
  get perPlace(): number {
    return this.#ordersOf(this.all).orders.length * REPETITIONS;
  }

  get all(): number[] {
    return this.#parts.scene.group.map((_sent, index) => index);
  }

  /** Runs the orders of these members until each has run so often. */
  async ensure(members: readonly number[], place: Place, repetitions = REPETITIONS): Promise<void> {
    const known = this.#of(members, place);
    const { orders } = this.#ordersOf(members);
    for (let round = 0; round < repetitions; round += 1) {
      for (const order of orders) {
        // It would take as long again.
        if (this.hanging.length > 0) return;
        const had = known.runs.filter((run) => run.order.join() === local(order, members).join()).length;
        if (had <= round) await this.#run(known, members, order, place);
      }
    }
  }

  /** Requests of the scenario, by their index, that had no answer in time in some serial order. */
  get hanging(): number[] {
    const outcomes = [...this.#known.values()].flatMap(({ runs }) => runs.map(({ outcome }) => outcome));
    const late = outcomes
      .flatMap(({ answers, probes }) => [...answers, ...probes])
      .filter(({ failure }) => failure === 'timeout');
    return [...new Set(late.map(({ request }) => request))];
  }

  /** What is not compared, from all runs of the whole group. */
  get learned(): Learned {
    this.#learned ??= learn(this.#parts.scene, this.#runsOf(this.all));
    return this.#learned;
  }

  /** The outcomes of these members alone; undefined if their orders have not run. */
  set(members: readonly number[], place: Place): SerialSet | undefined {
    const known = this.#known.get(keyOf(members, place));
    if (known === undefined || known.runs.length === 0) return undefined;
    return new SerialSet(sceneOf(this.#parts.scene, members), this.learned.masks, known.runs);
  }

  /** The boundaries that each member of the whole group passed in a place, over all its orders. */
  passed(place: Place): Boundary[][] {
    const { passed } = this.#of(this.all, place);
    return this.all.map((member) => (passed.get(member) ?? []).flat());
  }

  async #run(known: Runs, members: readonly number[], order: readonly number[], place: Place): Promise<void> {
    const schedule: Schedule = {
      ...place,
      ...(members.length === this.all.length ? {} : { members }),
      serial: order,
      free: false,
      pauses: [],
    };
    const { outcome, boundaries } = await this.#parts.trial(schedule);
    known.runs.push({ ...place, order: local(order, members), outcome });
    for (const [at, member] of members.entries()) {
      known.passed.set(member, [...(known.passed.get(member) ?? []), [...(boundaries[at] ?? [])]]);
    }
    this.#learned = undefined;
  }

  #of(members: readonly number[], place: Place): Runs {
    const key = keyOf(members, place);
    const known = this.#known.get(key) ?? { runs: [], passed: new Map<number, Boundary[][]>() };
    this.#known.set(key, known);
    return known;
  }

  #runsOf(members: readonly number[]): SerialRun[] {
    return [...this.#known].filter(([key]) => key.endsWith(` ${members.join()}`)).flatMap(([, { runs }]) => runs);
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

function keyOf(members: readonly number[], { topology, warm }: Place): string {
  return `${topology} ${warm} ${members.join()}`;
}

/** Indexes among the members, for indexes in the whole group. */
function local(order: readonly number[], members: readonly number[]): number[] {
  return order.map((member) => members.indexOf(member));
}
