/**
 * Which of a pool's workers may get requests while the code changes: those of the newest generation, and the ones
 * before only where old code is better than none. Decisions only; see worker-pool.ts for what follows from them.
 */

/** What counts of a worker. */
export interface Member {
  readonly generation: number;
  /** Nobody asked it to go. */
  readonly stays: boolean;
  /** It can take requests. */
  readonly accepting: boolean;
}

type Code =
  /** No worker of this generation has served yet. `oldServes`: until then the one before may serve. */
  | { phase: 'starting'; oldServes: boolean }
  /** A worker has served: the code starts, and the others may follow. */
  | { phase: 'proven' };

/** `held`: the code on disk is not the code of these workers any more, so none of them gets a request. */
type State = Code | { phase: 'held'; code: Code };

export class Generation {
  #number = 0;
  #state: State = { phase: 'starting', oldServes: false };

  /** How many there were, this one included. */
  get number(): number {
    return this.#number;
  }

  get phase(): State['phase'] {
    return this.#state.phase;
  }

  /** Whether the code was seen to start, also while it is held. */
  get proven(): boolean {
    return this.#code.phase === 'proven';
  }

  begin(): void {
    this.#number += 1;
    this.#state = { phase: 'starting', oldServes: false };
  }

  /** A worker of it serves. @returns true for the first one */
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

  /** Rather old code than none; means nothing once this one has served. */
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
