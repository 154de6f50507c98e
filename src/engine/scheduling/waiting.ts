/** The requests that wait for a worker, in a queue for each address: one that nobody serves holds up no other. */
import type { Exchange } from '../requests/exchange.ts';

export class Waiting {
  #queues = new Map<number, Set<Exchange>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The requests that wait for this address, in the order of arrival. */
  of(server: number): Iterable<Exchange> {
    return this.#queues.get(server) ?? [];
  }

  /** The queues, each in the order of arrival; requests may be deleted on the way. */
  get queues(): Iterable<Iterable<Exchange>> {
    return this.#queues.values();
  }

  add(exchange: Exchange): void {
    const queue = this.#queues.get(exchange.server) ?? new Set();
    this.#queues.set(exchange.server, queue);
    this.#size += queue.has(exchange) ? 0 : 1;
    queue.add(exchange);
  }

  delete(exchange: Exchange): void {
    const queue = this.#queues.get(exchange.server);
    if (queue?.delete(exchange) !== true) return;
    this.#size -= 1;
    if (queue.size === 0) this.#queues.delete(exchange.server);
  }

  /** @returns all of them; they wait no more */
  take(): Exchange[] {
    const all = [...this.#queues.values()].flatMap((queue) => [...queue]);
    this.#queues.clear();
    this.#size = 0;
    return all;
  }
}
