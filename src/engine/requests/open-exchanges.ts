/** The unanswered requests, and the wait for them when the server stops. */
import { BLOCKED_NEWS_MS } from '../../protocol/messages.ts';
import type { Exchange } from './exchange.ts';

/** How often {@link OpenExchanges.drained} looks whether workers have blocked, in ms. */
const LOOK_MS = 50;

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
   * for endless answers (WebSockets, event streams) or for requests of workers that stay blocked: on a busy machine, each
   * worker is silent for a moment at times.
   */
  drained(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(late);
        clearInterval(looking);
        this.#check = undefined;
        this.#hurry = undefined;
        resolve();
      };
      const check = (): void => {
        const blockedBefore = performance.now() - BLOCKED_NEWS_MS;
        for (const { endless, worker } of this.#open)
          if (!endless && worker !== undefined && !((worker.blockedSince ?? Infinity) < blockedBefore))
            return;
        done();
      };
      const late = setTimeout(done, timeoutMs);
      const looking = setInterval(check, LOOK_MS);
      this.#hurry = done;
      this.#check = check;
      check();
    });
  }

  /** Ends the wait of {@link drained}. */
  hurry(): void {
    this.#hurry?.();
  }
}
