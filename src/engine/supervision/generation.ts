/**
 * Which of a pool's workers may get requests while the code changes: those of the newest generation, and the ones
 * before only where old code is better than none. Decisions only; see worker-pool.ts for what follows from them.
 */

/** What counts of a worker. */
export interface Member {
  readonly generation: number;
  readonly accepting: boolean;
  readonly gone: boolean;
  readonly upstream: { readonly draining: boolean };
}

export class Generation {
  /** From 1; 0 before the first one. */
  number = 0;
  /** A worker of this generation has served, so the code starts and the others may follow. */
  proven = false;
  /** The code on disk is not the code of these workers any more, so none of them gets a request. */
  held = false;
  /** The workers of the generation before may serve while those of this one do not accept yet. */
  serveOld = false;

  begin(): void {
    this.number += 1;
    this.proven = false;
    this.held = false;
    this.serveOld = false;
  }

  /** The workers of this generation that stay. */
  current<W extends Member>(workers: readonly W[]): W[] {
    return workers.filter(
      (worker) => worker.generation === this.number && !worker.upstream.draining && !worker.gone,
    );
  }

  /** The workers that may get requests. */
  serving<W extends Member>(workers: readonly W[]): W[] {
    const allowed = this.serveOld && !this.proven ? workers : this.held ? [] : this.current(workers);
    return allowed.filter(({ accepting }) => accepting);
  }
}
