/** What a search has found: confirmed findings, and what is only worth a note. */
import { type Candidate, groupFindings } from '../outcomes/group-findings.ts';
import type { Finding } from '../types.ts';

export class Findings {
  #confirmed: Candidate[] = [];
  #unsteady = new Map<string, number>();
  #unrepeated: string | undefined;

  /** The causes without those that are only a note. */
  get count(): number {
    return this.ranked().filter(({ severity }) => severity !== 'note').length;
  }

  /** The same difference is known: held elsewhere, it is most often the same race. */
  explains(candidate: Candidate): boolean {
    return this.#confirmed.some(
      ({ finding, shape }) => finding.kind === candidate.finding.kind && shape === candidate.shape,
    );
  }

  add(candidate: Candidate): void {
    this.#confirmed.push(candidate);
  }

  /** A schedule broke something once, but not again each time. */
  unsteady(token: string, reproduced: number): void {
    this.#unsteady.set(token, reproduced);
  }

  /** A schedule broke something, and there was no time to run it again. */
  unrepeated(token: string): void {
    this.#unrepeated = token;
  }

  /** One per cause; the worst first. */
  ranked(): Finding[] {
    return groupFindings(this.#confirmed).map(({ finding }) => finding);
  }

  notes(): string[] {
    const unsteady = [...this.#unsteady].map(
      ([token, times]) =>
        `${token} once gave an outcome that no serial order gives. Repeated, it did so ${times} of 3 times.`,
    );
    if (this.#unrepeated === undefined) return unsteady;
    const late = `${this.#unrepeated} gave an outcome that no serial order gives, and there was no time to repeat it. A longer --budget allows it.`;
    return [...unsteady, late];
  }
}
