/** Remembers the worker of each client, for `affinity: client`. */
import { BoundedMap } from '../requests/bounded-map.ts';

/** The number of clients to remember; above it, the client that was away longest is forgotten. */
const MAX_CLIENTS = 10_000;

export class ClientAffinity {
  #workers = new BoundedMap<string, number>(MAX_CLIENTS);

  /** Number of the worker that last served the client. */
  of(client: string): number | undefined {
    return this.#workers.peek(client);
  }

  remember(client: string, worker: number): void {
    this.#workers.set(client, worker);
  }
}
