/** What a search has found: confirmed findings, one per cause, and what is only worth a note. */
import { type Finding, KINDS } from '../types.ts';

export class Findings {
  #all = new Map<string, Finding>();
  #unsteady = new Map<string, number>();
  #busy = new Set<number>();

  get count(): number {
    return [...this.#all.values()].filter(({ severity }) => severity !== 'note').length;
  }

  knows(cause: string): boolean {
    return this.#all.has(cause);
  }

  /** @returns false if one with the same cause is known */
  add(finding: Finding, cause: string): boolean {
    if (this.#all.has(cause) || [...this.#all.values()].some(({ token }) => token === finding.token)) return false;
    this.#all.set(cause, finding);
    return true;
  }

  /** A schedule broke something once, but not again each time. */
  unsteady(token: string, reproduced: number): void {
    this.#unsteady.set(token, reproduced);
  }

  /** These requests were turned away, and the others were right. */
  busy(requests: readonly number[]): void {
    for (const request of requests) this.#busy.add(request);
  }

  /** The worst first; of equal ones the smallest schedule first. */
  ranked(): Finding[] {
    return [...this.#all.values()].sort(
      (a, b) =>
        KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.schedule.pauses.length - b.schedule.pauses.length,
    );
  }

  notes(): string[] {
    const unsteady = [...this.#unsteady].map(
      ([token, times]) => `${token} gave what no serial order gives once, and ${times} of 3 times when repeated.`,
    );
    const busy =
      this.#busy.size === 0
        ? []
        : ['Some requests were turned away because another one was under way; the rest was as in a serial order.'];
    return [...unsteady, ...busy];
  }
}
