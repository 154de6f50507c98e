/** The unanswered requests, and the wait for them when the server stops. */
import type { Exchange } from './exchange.ts';

export class OpenExchanges {
  #open = new Set<Exchange>();
  #check: (() => void) | undefined;
  #hurry: (() => void) | undefined;

  get size(): number {
    return this.#open.size;
  }

  add(exchange: Exchange): void {
    this.#open.add(exchange);
  }

  delete(exchange: Exchange): void {
    this.#open.delete(exchange);
    this.#check?.();
  }

  all(): Exchange[] {
    return [...this.#open];
  }

  /** Requests without a worker: held on purpose, or waiting for a worker. */
  waiting(): Exchange[] {
    return [...this.#open].filter(({ worker }) => worker === undefined);
  }

  /**
   * Resolves when all requests are answered, or after `timeoutMs`, or when {@link hurry} is called. It does not wait
   * for endless answers (WebSockets, event streams) or for requests of blocked workers.
   */
  drained(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(late);
        this.#check = undefined;
        this.#hurry = undefined;
        resolve();
      };
      const late = setTimeout(done, timeoutMs);
      this.#hurry = done;
      this.#check = () => {
        for (const { endless, worker } of this.#open)
          if (!endless && worker !== undefined && worker.blockedSince === undefined) return;
        done();
      };
      this.#check();
    });
  }

  /** Ends the wait of {@link drained}. */
  hurry(): void {
    this.#hurry?.();
  }
}
