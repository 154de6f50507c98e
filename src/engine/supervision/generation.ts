/**
 * Decides which of a pool's workers may get requests while the code changes: those of the newest generation, and older
 * ones only when old code is better than none. It only decides; worker-pool.ts acts.
 */

/** The facts about a worker that the decision needs. */
export interface Member {
  readonly generation: number;
  /** The worker was not asked to exit. */
  readonly stays: boolean;
  /** It can take requests. */
  readonly accepting: boolean;
}

type Code =
  /** No worker of this generation has served yet. `oldServes`: until one does, the previous generation may serve. */
  | { phase: 'starting'; oldServes: boolean }
  /** A worker has served, so the code starts, and the other workers may start too. */
  | { phase: 'proven' };

/** `held`: the code on disk differs from the code of these workers, so none of them gets a request. */
type State = Code | { phase: 'held'; code: Code };

export class Generation {
  #number = 0;
  #state: State = { phase: 'starting', oldServes: false };

  /** The number of generations so far, including this one. */
  get number(): number {
    return this.#number;
  }

  get phase(): State['phase'] {
    return this.#state.phase;
  }

  /** Whether the code has started before, even while it is held. */
  get proven(): boolean {
    return this.#code.phase === 'proven';
  }

  begin(): void {
    this.#number += 1;
    this.#state = { phase: 'starting', oldServes: false };
  }

  /** A worker of this generation serves. @returns true for the first one */
  accepted(): boolean {
    if (this.proven) return false;
    this.#change({ phase: 'proven' });
    return true;
  }

  hold(): void {
    this.#state = { phase: 'held', code: this.#code };
  }

  release(): void {
    this.#state = this.#code;
  }

  /** Old code is better than none; no effect once this generation has served. */
  letOldServe(): void {
    if (!this.proven) this.#change({ phase: 'starting', oldServes: true });
  }

  /** The workers of this generation that stay. */
  current<W extends Member>(workers: readonly W[]): W[] {
    return workers.filter((worker) => worker.generation === this.#number && worker.stays);
  }

  /** The workers that may get requests. */
  serving<W extends Member>(workers: readonly W[]): W[] {
    return this.#allowed(workers).filter(({ accepting }) => accepting);
  }

  #allowed<W extends Member>(workers: readonly W[]): readonly W[] {
    const code = this.#code;
    if (code.phase === 'starting' && code.oldServes) return workers;
    return this.#state.phase === 'held' ? [] : this.current(workers);
  }

  get #code(): Code {
    return this.#state.phase === 'held' ? this.#state.code : this.#state;
  }

  #change(code: Code): void {
    this.#state = this.#state.phase === 'held' ? { phase: 'held', code } : code;
  }
}
