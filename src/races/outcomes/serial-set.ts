/** The outcomes of all serial orders: what a trial may show. */
import type { Outcome } from '../types.ts';
import { type Difference, differences, distance, linesOf } from './difference.ts';
import { type Form, formOf } from './form.ts';
import type { LearnedMasks } from './learned-masks.ts';
import type { Scene } from './scene.ts';
import type { SerialRun } from './serial-run.ts';

export interface SerialOutcome {
  order: readonly number[];
  outcome: Outcome;
  form: Form;
}

export interface Nearest {
  serial: SerialOutcome;
  /** From the serial outcome to the observed one. */
  differences: readonly Difference[];
}

/** The serial outcomes for one topology and warmth. */
export class SerialSet {
  readonly scene: Scene;
  readonly masks: LearnedMasks;
  /** Different ones only, in the order in which they were seen first. */
  readonly outcomes: readonly SerialOutcome[];
  #texts: ReadonlySet<string>;

  constructor(scene: Scene, masks: LearnedMasks, runs: ReadonlyArray<Pick<SerialRun, 'order' | 'outcome'>>) {
    this.scene = scene;
    this.masks = masks;
    const known = new Map<string, SerialOutcome>();
    for (const { order, outcome } of runs) {
      const form = formOf(scene, outcome, masks);
      if (!known.has(form.text)) known.set(form.text, { order, outcome, form });
    }
    this.outcomes = [...known.values()];
    this.#texts = new Set(known.keys());
  }

  contains(outcome: Outcome): boolean {
    return this.#texts.has(formOf(this.scene, outcome, this.masks).text);
  }

  /** Throws if the set is empty. */
  nearest(outcome: Outcome): Nearest {
    const form = formOf(this.scene, outcome, this.masks);
    const [first, ...others] = this.outcomes.map((serial) => {
      const found = differences(this.scene, serial.form, form);
      return { serial, differences: found, far: distance(found) };
    });
    if (first === undefined) throw new Error('no serial order ran');
    const { serial, differences: found } = others.reduce(
      (best, one) => (one.far < best.far ? one : best),
      first,
    );
    return { serial, differences: found };
  }

  /**
   * Whether these outcomes of one schedule differ from their nearest serial ones in the same values. If they do not, chance
   * may be at work that two runs did not show: run the serial orders more often, learn, and judge again.
   */
  agree(outcomes: readonly Outcome[]): boolean {
    const lines = outcomes.map((outcome) =>
      linesOf(this.scene, this.nearest(outcome).differences).join('\n'),
    );
    return lines.every((line) => line === lines[0]);
  }

  /** From one outcome to another, a line each, for a person. */
  difference(from: Outcome, to: Outcome): string[] {
    const form = (outcome: Outcome): Form => formOf(this.scene, outcome, this.masks);
    return linesOf(this.scene, differences(this.scene, form(from), form(to)));
  }
}

/** The same order has another outcome with several workers than with one: state lives in the process. */
export interface PerProcess {
  sentence: string;
  one: SerialOutcome;
  many: SerialOutcome;
  /** From one worker to several, a line each. */
  difference: string[];
}

/**
 * Compares the serial orders of both topologies; undefined if they agree. No race: a note. Each set's orders are compared
 * as a whole, because an order that agrees with another one's outcome is kept once.
 */
export function perProcess(one: SerialSet, many: SerialSet): PerProcess | undefined {
  const other = many.outcomes.find(({ outcome }) => !one.contains(outcome));
  if (other === undefined) return undefined;
  const { serial, differences: found } = one.nearest(other.outcome);
  const difference = linesOf(one.scene, found);
  return {
    sentence: `State lives in one process: a serial order answers otherwise with several workers (${difference[0]!}).`,
    one: serial,
    many: other,
    difference,
  };
}
