/** The requests that are not answered yet, and how a stop waits for them. */
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

  /** Requests that no worker has: held on purpose, or waiting for one. */
  waiting(): Exchange[] {
    return [...this.#open].filter(({ worker }) => worker === undefined);
  }

  /**
   * Resolves when all that can be waited for is answered, or after `timeoutMs`, or when {@link hurry} is called.
   * Not waited for: what never ends by itself (WebSockets, event streams), and what a stuck worker has.
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
